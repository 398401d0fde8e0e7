import { describe, expect, test } from 'vitest';
import { aStartedProgram, attested, end, purge, start, theConversation, theProgram, tobak, uuid } from './given.ts';
import { at, childHealth, idAt, maternity, region, resident, tolvan } from './people.ts';
import { codeOf, type StoreKind, stores, type World } from './world.ts';

const refused = (code: string) => ({ kind: 'refused', code });
const parent = resident(tolvan);
const about = { programId: theProgram };
const ending = { ...about, reason: 'avslutad-enligt-plan', residentAware: true };
const purging = { ...about, disposalDecision: 'RA-2026/1' };

/** Everything that the resident could do before the end. */
const residentCommands: readonly (readonly [type: string, data: object])[] = [
  ['open-program', about],
  ['open-section', { ...about, moduleId: 'steg-1', sectionId: 'avsnitt-1' }],
  ['complete-section', { ...about, moduleId: 'steg-1', sectionId: 'avsnitt-1' }],
  ['finish-module', { ...about, moduleId: 'steg-1' }],
  ['start-conversation', { ...about, subject: 'Hej', body: 'Hej' }],
  ['reply', { ...about, conversationId: theConversation, body: 'Hej' }],
  ['read-conversation', { ...about, conversationId: theConversation }],
];

const staffCommands: readonly (readonly [type: string, data: object, member: string])[] = [
  ['change-welcome-text', { ...about, text: 'Hej' }, 'b'],
  ['activate-module', { ...about, moduleId: 'steg-2' }, 'b'],
  ['set-current-module', { ...about, moduleId: 'steg-2' }, 'b'],
  ['complete-module', { ...about, moduleId: 'steg-1' }, 'b'],
  ['change-module-days', { ...about, moduleId: 'steg-1', days: 3 }, 'b'],
  ['deactivate-module', { ...about, moduleId: 'steg-1' }, 'b'],
  ['start-conversation', { ...about, subject: 'Hej', body: 'Hej' }, 'b'],
  ['reply', { ...about, conversationId: theConversation, body: 'Hej' }, 'b'],
  ['change-clinician', { ...about, clinician: idAt(maternity, 'b2'), reason: 'semester' }, 'ia'],
  ['end-program', ending, 'b'],
  ['initiate-handover', { ...about, toUnit: childHealth.unitId, residentInformed: true }, 'ia'],
];

const endedIn = async (kind: StoreKind, more: object = {}): Promise<World> => {
  const world = await aStartedProgram(kind);
  await end(world, theProgram, more);
  return world;
};

const residentGets = async ({ execute }: World): Promise<ReadonlySet<string>> => {
  const codes = new Set<string>();
  for (const [type, data] of residentCommands) codes.add(codeOf(await execute(type, data, parent)));
  return codes;
};

const reads = async ({ folja }: World): Promise<string> =>
  codeOf(await folja.view({ view: 'my-program', programId: theProgram }, parent));

describe.each(stores)('an ended program %s', (kind) => {
  test('R231 R232 R238 I20 is closed to the resident, in every command and view', async () => {
    const world = await endedIn(kind);
    expect(await residentGets(world)).toEqual(new Set(['program-has-ended']));
    expect(await reads(world)).toBe('program-has-ended');
    expect((await world.sees({ view: 'my-programs' }, parent)).rows).toMatchObject([
      { readable: false, writable: false },
    ]);
  });

  test('R238 R239 D24 takes nothing more of staff but reading', async () => {
    const world = await endedIn(kind);
    const codes = new Map<string, string>();
    for (const [type, data, member] of staffCommands)
      codes.set(type, codeOf(await world.execute(type, data, at(maternity, member))));
    expect(codes).toEqual(new Map(staffCommands.map(([type]) => [type, 'program-has-ended'])));
    await world.does('read-conversation', { ...about, conversationId: theConversation }, at(maternity, 'b'));
  });

  test('R226 I19 has a reason of its template', async () => {
    const world = await aStartedProgram(kind);
    expect(await world.fails('end-program', { ...ending, reason: 'trott' }, at(maternity, 'b'))).toEqual(
      refused('unknown-end-reason'),
    );
    const { stream } = await end(world, theProgram, { notifyResident: false });
    expect((await world.events(stream)).at(-1)?.data).toMatchObject({ reason: ending.reason, notifyResident: false });
  });
});

describe.each(stores)('a program in maintenance %s', (kind) => {
  test('R233 R234 R235 D12 I20 is read through the end of its last day in Stockholm, and never written', async () => {
    const world = await endedIn(kind, { maintenance: { until: '2026-06-30' } });
    for (const [instant, writing, reading] of [
      ['2026-03-02T08:00:00.000Z', 'read-only', 'done'],
      ['2026-06-30T21:59:59.999Z', 'read-only', 'done'],
      ['2026-06-30T22:00:00.000Z', 'program-has-ended', 'program-has-ended'],
    ] as const) {
      world.clock.at(instant);
      expect([instant, await residentGets(world), await reads(world)]).toEqual([instant, new Set([writing]), reading]);
    }
  });

  test('D12 lasts 90 days when nothing is said', async () => {
    const world = await endedIn(kind, { maintenance: {} });
    const shown = await world.sees<object>({ view: 'my-program', ...about }, parent);
    expect(shown).toMatchObject({ readableUntil: '2026-05-31', writable: false });
  });

  test('D12 lasts at most 365 days, and not into the past', async () => {
    const { fails, does } = await aStartedProgram(kind);
    const until = (day: string) => ({ ...ending, maintenance: { until: day } });
    expect(await fails('end-program', until('2027-03-03'), at(maternity, 'b'))).toEqual(
      refused('maintenance-too-long'),
    );
    expect(await fails('end-program', until('2026-03-01'), at(maternity, 'b'))).toEqual({
      kind: 'invalid',
      issues: [{ path: 'data.maintenance.until', code: 'in-the-past' }],
    });
    await does('end-program', until('2027-03-02'), at(maternity, 'b'));
  });

  test('D12 lasts as long as the region says', async () => {
    const policy = { id: 'short-1', maintenance: { defaultDays: 10, maxDays: 20 } };
    const world = await aStartedProgram(kind, { policy });
    const long = { ...ending, maintenance: { until: '2026-03-23' } };
    expect(await world.fails('end-program', long, at(maternity, 'b'))).toEqual(refused('maintenance-too-long'));
    await end(world, theProgram, { maintenance: {} });
    const shown = await world.sees<object>({ view: 'my-program', ...about }, parent);
    expect(shown).toMatchObject({ readableUntil: '2026-03-12' });
  });

  test('D4 R245 is not purged until its last day is over', async () => {
    const world = await endedIn(kind, { maintenance: { until: '2026-03-10' } });
    world.clock.at('2026-03-10T22:59:59.999Z');
    expect(await world.fails('purge-program', purging, at(maternity, 'da'))).toEqual(refused('maintenance-running'));
    world.clock.at('2026-03-10T23:00:00.000Z');
    expect((await purge(world, theProgram)).erasure).toBe('erased');
  });

  test('D4 is closed early by its responsible clinician only, and then purged', async () => {
    const world = await endedIn(kind, { maintenance: {} });
    expect(await world.fails('close-maintenance', about, at(maternity, 'b2'))).toEqual(refused('not-responsible'));
    await world.does('close-maintenance', about, at(maternity, 'b'));
    expect(await reads(world)).toBe('program-has-ended');
    expect((await world.does('close-maintenance', about, at(maternity, 'b'))).events).toEqual([]);
    await purge(world, theProgram);
  });

  test('D4 is not there while the program is ongoing', async () => {
    const { fails } = await aStartedProgram(kind);
    expect(await fails('close-maintenance', about, at(maternity, 'b'))).toEqual(refused('program-not-ended'));
  });
});

describe.each(stores)('a purge %s', (kind) => {
  test('R031 R240 I21 comes after the end only', async () => {
    const { fails } = await aStartedProgram(kind);
    expect(await fails('purge-program', purging, at(maternity, 'da'))).toEqual(refused('program-not-ended'));
  });

  test('R246 I21 leaves nothing to be done with the program', async () => {
    const world = await endedIn(kind);
    await purge(world, theProgram);
    for (const [type, data, member] of staffCommands)
      expect([type, await world.fails(type, data, at(maternity, member))]).toEqual([type, refused('program-purged')]);
    expect(await residentGets(world)).toEqual(new Set(['unknown-program']));
    expect((await world.sees({ view: 'my-programs' }, parent)).rows).toEqual([]);
    const same = { programId: theProgram, templateId: tobak, resident: tolvan, attested };
    expect(await world.fails('start-program', same, at(maternity, 'b'))).toEqual(refused('program-exists'));
    await start(world, tobak, tolvan, { programId: uuid(51) });
  });

  test('R240 sent anew, under another decision, is done already', async () => {
    const world = await endedIn(kind);
    await purge(world, theProgram);
    const again = await world.does('purge-program', { ...purging, disposalDecision: 'RA-2026/2' }, at(maternity, 'da'));
    expect(again).toMatchObject({ events: [], erasure: 'erased', ids: { programId: theProgram } });
  });
});

describe.each(stores)('a unit that is to be deactivated %s', (kind) => {
  const { unitId } = maternity;

  test('D23 has no ongoing program: neither one that it has started nor one that it has taken over', async () => {
    const world = await aStartedProgram(kind);
    expect(await world.fails('deactivate-unit', { unitId }, region)).toEqual(refused('programs-ongoing'));
    const handoverId = uuid(52);
    const offered = { ...about, handoverId, toUnit: childHealth.unitId, residentInformed: true };
    await world.does('initiate-handover', offered, at(maternity, 'ia'));
    await world.does('approve-handover', { handoverId, clinician: idAt(childHealth, 'b') }, at(childHealth, 'ia'));
    expect(await world.fails('deactivate-unit', { unitId: childHealth.unitId }, region)).toEqual(
      refused('programs-ongoing'),
    );
    await world.does('deactivate-unit', { unitId }, region);
    expect(await world.fails('enable-template', { unitId, templateId: tobak }, region)).toEqual(
      refused('unit-not-active'),
    );
  });
});
