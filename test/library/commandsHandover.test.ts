import { describe, expect, test } from 'vitest';
import {
  amning,
  approve,
  aReadyUnit,
  aStartedProgram,
  end,
  offer,
  start,
  theConversation,
  theHandover,
  theProgram,
  tobak,
  uuid,
} from './given.ts';
import { at, childHealth, idAt, maternity, privateChildHealth, region, resident, school, tolvan } from './people.ts';
import { codeOf, stores, type World } from './world.ts';

const initiating = { programId: theProgram, toUnit: childHealth.unitId, residentInformed: true };

const refusalOf = async (world: World, data: object): Promise<unknown> =>
  world.fails('initiate-handover', { ...initiating, ...data }, at(maternity, 'ia'));

const refused = (code: string) => ({ kind: 'refused', code });

const revokeIa = ({ does }: World) =>
  does(
    'revoke-role',
    { unitId: childHealth.unitId, hsaId: idAt(childHealth, 'ia'), role: 'resident-administrator' },
    at(childHealth, 'ba'),
  );

const unready: readonly (readonly [what: string, make: (world: World) => Promise<unknown>])[] = [
  ['is not active', ({ does }) => does('deactivate-unit', { unitId: childHealth.unitId }, region)],
  ['has ceased', ({ does }) => does('change-unit', { unitId: childHealth.unitId, validTo: '2026-03-01' }, region)],
  [
    'has not the template',
    ({ does }) => does('disable-template', { unitId: childHealth.unitId, templateId: tobak }, region),
  ],
  ['has no resident administrator', revokeIa],
];

type Shown = { readonly flags: readonly { readonly type: string }[] };

/** A program as it is shown, but for the flag of the handover itself, which closes when it is decided (D21). */
const withoutHandover = ({ flags, ...shown }: Shown) => ({
  ...shown,
  flags: flags.filter(({ type }) => type !== 'handover'),
});
const about = { programId: theProgram };

describe.each(stores)('an offer of a program %s', (kind) => {
  test('R190 R206 D16 is refused to the own unit, an unknown one, and without informing the resident', async () => {
    const world = await aStartedProgram(kind);
    expect(await refusalOf(world, { toUnit: maternity.unitId })).toEqual(refused('same-unit'));
    expect(await refusalOf(world, { toUnit: 'SE2321000131-NOWHERE' })).toEqual(refused('unknown-unit'));
    expect(await refusalOf(world, { residentInformed: false })).toEqual(refused('not-attested'));
  });

  test.each(unready)('R206 is refused to a unit that %s', async (_, make) => {
    const world = await aStartedProgram(kind);
    await make(world);
    expect(await refusalOf(world, {})).toEqual(refused('receiver-not-ready'));
  });

  test('D16 to another care provider needs a basis for the disclosure', async () => {
    const world = await aStartedProgram(kind);
    const toUnit = privateChildHealth.unitId;
    expect(await refusalOf(world, { toUnit })).toEqual(refused('disclosure-basis-missing'));
    await offer(world, theProgram, privateChildHealth, theHandover, { disclosureBasis: 'samtycke' });
  });

  test('D26 goes to no training unit', async () => {
    const world = await aStartedProgram(kind);
    await aReadyUnit(world, school);
    expect(await refusalOf(world, { toUnit: school.unitId })).toEqual(refused('training-data-only'));
  });

  test('R205 I15 D3 stands alone, and holds the end up until it is decided', async () => {
    const world = await aStartedProgram(kind);
    await offer(world, theProgram, childHealth, theHandover);
    expect(await refusalOf(world, {})).toEqual(refused('handover-pending'));
    const ending = { programId: theProgram, reason: 'avslutad-enligt-plan', residentAware: true };
    expect(await world.fails('end-program', ending, at(maternity, 'b'))).toEqual(refused('handover-pending'));
    await world.does('withdraw-handover', { handoverId: theHandover }, at(maternity, 'ia'));
    await end(world, theProgram);
    expect(await refusalOf(world, {})).toEqual(refused('program-has-ended'));
  });

  test('R192 R193 R194 I13 I14 I16 leaves the program as it is until it is approved, and after a denial', async () => {
    const world = await aStartedProgram(kind);
    const parent = resident(tolvan);
    const shown = async () =>
      withoutHandover(await world.sees<Shown>({ view: 'program', ...about }, at(maternity, 'b')));
    const before = await shown();
    await offer(world, theProgram, childHealth, theHandover);
    expect(await shown()).toEqual(before);
    await world.does('open-program', { programId: theProgram }, parent);
    const { stream } = await world.does(
      'reply',
      { programId: theProgram, conversationId: theConversation, body: 'Hallå?' },
      parent,
    );
    expect((await world.events(stream)).at(-1)?.data).toMatchObject({ addressee: idAt(maternity, 'b') });
    await world.does('deny-handover', { handoverId: theHandover, reason: 'fel-bvc' }, at(childHealth, 'ia'));
    await world.does('activate-module', { programId: theProgram, moduleId: 'steg-2' }, at(maternity, 'b'));
    await offer(world, theProgram, childHealth, uuid(31));
  });
});

describe.each(stores)('the answer to an offer %s', (kind) => {
  const pending = async (): Promise<World> => {
    const world = await aStartedProgram(kind);
    await offer(world, theProgram, childHealth, theHandover);
    return world;
  };
  const answer = { handoverId: theHandover, programId: theProgram };
  const ia = at(childHealth, 'ia');

  test.each(['da', 'plain', 'nobody'])('R200 names a clinician of the receiving unit, not %s', async (member) => {
    const { fails } = await pending();
    const approval = { ...answer, clinician: idAt(childHealth, member) };
    expect(await fails('approve-handover', approval, ia)).toEqual(refused('clinician-not-eligible'));
    const sender = { ...answer, clinician: idAt(maternity, 'b') };
    expect(await fails('approve-handover', sender, ia)).toEqual(refused('clinician-not-eligible'));
  });

  test('R188 R201 R207 I15 moves the program with its new clinician at once', async () => {
    const world = await pending();
    const { events } = await approve(world, theProgram, theHandover, childHealth);
    expect(events.map(({ type }) => type)).toEqual(['handover-approved', 'handed-over']);
    const module = { programId: theProgram, moduleId: 'steg-2' };
    expect(await world.fails('activate-module', module, at(maternity, 'b'))).toEqual(refused('unknown-program'));
    await world.does('activate-module', module, at(childHealth, 'b'));
  });

  test('R208 I18 keeps progress, welcome text, conversations and version', async () => {
    const world = await pending();
    await world.does('change-welcome-text', { programId: theProgram, text: 'Din egen text' }, at(maternity, 'b'));
    const section = { programId: theProgram, moduleId: 'steg-1', sectionId: 'avsnitt-1' };
    await world.does('complete-section', section, resident(tolvan));
    const shown = async (unit: typeof maternity) =>
      withoutHandover(await world.sees<Shown>({ view: 'program', ...about }, at(unit, 'b')));
    const before = await shown(maternity);
    await approve(world, theProgram, theHandover, childHealth);
    expect(await shown(childHealth)).toEqual({
      ...before,
      ...{ unitId: childHealth.unitId, clinician: idAt(childHealth, 'b') },
    });
  });

  test('D27 is refused where the resident has the same program ongoing at the receiver, and given when that has ended', async () => {
    const world = await pending();
    const other = await start(world, tobak, tolvan, { unit: childHealth });
    const approval = { ...answer, clinician: idAt(childHealth, 'b') };
    expect(await world.fails('approve-handover', approval, ia)).toEqual(refused('program-already-ongoing'));
    await start(world, amning, tolvan, { unit: childHealth });
    await end(world, other, {}, childHealth);
    await world.does('approve-handover', approval, ia);
    const again = { templateId: tobak, resident: tolvan };
    const attested = { informed: true, accepted: true, speaksSwedish: true, hasDevice: true, hasElectronicId: true };
    expect(await world.fails('start-program', { ...again, attested }, at(childHealth, 'b'))).toEqual(
      refused('program-already-ongoing'),
    );
  });

  test('R206 is refused when the receiver is no longer ready', async () => {
    const world = await pending();
    await world.does('disable-template', { unitId: childHealth.unitId, templateId: tobak }, region);
    const approval = { ...answer, clinician: idAt(childHealth, 'b') };
    expect(await world.fails('approve-handover', approval, ia)).toEqual(refused('receiver-not-ready'));
    await world.does('deny-handover', answer, ia);
  });

  test('D2 R204 R205 is given once: the same again is nothing, another is too late', async () => {
    const world = await pending();
    await world.does('deny-handover', answer, ia);
    expect((await world.does('deny-handover', answer, ia)).events).toEqual([]);
    const approval = { ...answer, clinician: idAt(childHealth, 'b') };
    expect(await world.fails('approve-handover', approval, ia)).toEqual(refused('handover-closed'));
    expect(await world.fails('withdraw-handover', answer, at(maternity, 'ia'))).toEqual(refused('handover-closed'));
    expect(await world.fails('deny-handover', { ...answer, handoverId: uuid(99) }, ia)).toEqual(
      refused('unknown-handover'),
    );
  });

  test('R205 finds the program by the handover alone', async () => {
    const world = await pending();
    expect(codeOf(await world.execute('deny-handover', { handoverId: theHandover }, ia))).toBe('done');
  });
});
