import { describe, expect, test } from 'vitest';
import type { Actor } from '../../src/index.ts';
import { viewNames } from '../../src/projections/viewing.ts';
import { amning, aStartedProgram, attested, grant, start, theConversation, theProgram, tobak } from './given.ts';
import { type CommandType, commandTypes, exampleOf } from './life.ts';
import { at, disa, factsAt, idAt, maternity, privateChildHealth, region, resident, siths } from './people.ts';
import { aDay, codeOf, type StoreKind, stores, type World } from './world.ts';

const { unitId } = maternity;

/** Somebody on the maternity unit who holds all roles, so that nothing but the bar can be the reason. */
const allRoles = async (world: World, member: string): Promise<Actor> => {
  await world.does('register-staff', { unitId, staff: factsAt(maternity, member) }, at(maternity, 'ba'));
  const roles = ['authorization-administrator', 'clinician', 'resident-administrator', 'data-administrator'] as const;
  for (const role of roles) await grant(world, maternity, member, role);
  return at(maternity, member);
};

type Bar = readonly [code: string, bar: (world: World) => Promise<Actor>];
const bars: readonly Bar[] = [
  ['unknown-unit', async () => ({ ...at(maternity, 'b'), unitId: 'SE2321000131-NOWHERE' }) as Actor],
  ['unknown-staff', async () => at(maternity, 'nobody')],
  [
    'staff-not-active',
    async (world) => {
      const actor = await allRoles(world, 'gone');
      await world.does('deactivate-staff', { unitId, hsaId: idAt(maternity, 'gone') }, at(maternity, 'ba'));
      return actor;
    },
  ],
  [
    'unit-not-active',
    async ({ does }) => {
      await does('deactivate-unit', { unitId: privateChildHealth.unitId }, region);
      return at(privateChildHealth, 'ba');
    },
  ],
  [
    'unit-ceased',
    async ({ does }) => {
      await does('change-unit', { unitId: privateChildHealth.unitId, validTo: '2026-03-01' }, region);
      return at(privateChildHealth, 'b');
    },
  ],
  ['assurance-too-low', async () => ({ ...at(maternity, 'b'), authentication: { ...siths, assurance: 2 } }) as Actor],
  [
    'assurance-too-low',
    async () => ({ ...at(maternity, 'b'), authentication: { method: 'bankid', assurance: 4 } }) as Actor,
  ],
];

const queries: Readonly<Record<string, object>> = {
  overview: { tab: 'all' },
  program: { programId: theProgram },
  'my-program': { programId: theProgram },
  form: { programId: theProgram, moduleId: 'steg-1', formId: 'fragor' },
  comments: { programId: theProgram },
  conversations: { programId: theProgram },
  conversation: { programId: theProgram, conversationId: theConversation },
  activities: { programId: theProgram, from: '2026-03-02', to: '2026-03-08' },
  timeline: { programId: theProgram },
  purge: { programId: theProgram },
  template: { templateId: tobak },
  audit: { perspective: 'owner' },
  'log-export': { format: 'fhir', perspective: 'owner', careProviderId: maternity.careProviderId },
};

/** What every command and every view says to somebody, by how often. */
const answersTo = async ({ execute, folja }: World, actor: Actor): Promise<ReadonlySet<string>> => {
  const codes = new Set<string>();
  for (const type of commandTypes) codes.add(codeOf(await execute(type, exampleOf(type), actor)));
  for (const view of viewNames) codes.add(codeOf(await folja.view({ view, ...queries[view] }, actor)));
  return codes;
};

/** Only what is not for staff at all is refused otherwise. */
const expectBarred = async (kind: StoreKind, [code, bar]: Bar): Promise<void> => {
  const world = await aStartedProgram(kind);
  const actor = await bar(world);
  const before = (await world.events()).length;
  expect(await answersTo(world, actor)).toEqual(new Set(['not-permitted', code]));
  const changes = (await world.events()).slice(before).filter(({ stream }) => !stream.startsWith('access-'));
  expect(changes).toEqual([]);
};

const needsNoRole: readonly CommandType[] = ['sign-in', 'set-notifications'];
const viewsWithoutRole = ['units', 'profile', 'templates', 'template', 'statistics'];

describe.each(stores)('staff %s', (kind) => {
  test.each(bars)('R009 R015 R048 R061 can do and see nothing at all: %s (%#)', (...bar) => expectBarred(kind, bar));

  test('R052 can do and see nothing that takes a role, once the assignment is taken back', async () => {
    const world = await aStartedProgram(kind);
    const actor = await allRoles(world, 'boss');
    const { name: _, ...facts } = factsAt(maternity, 'boss');
    const staff = { ...facts, name: 'Bo', assignments: ['Annat uppdrag'] };
    await world.does('register-staff', { unitId, staff }, at(maternity, 'ba'));
    const codes = new Set<string>();
    for (const type of commandTypes.filter((one) => !needsNoRole.includes(one)))
      codes.add(codeOf(await world.execute(type, exampleOf(type), actor)));
    for (const view of viewNames.filter((name) => !viewsWithoutRole.includes(name)))
      codes.add(codeOf(await world.folja.view({ view, ...queries[view] }, actor)));
    expect(codes).toEqual(new Set(['not-permitted', 'assignment-missing']));
    await world.does('sign-in', { unitId }, actor);
    await world.sees({ view: 'units' }, actor);
  });

  test('R015 R064 is not shown its units while it was weakly authenticated, and is before one is chosen', async () => {
    const { sees, misses } = await aStartedProgram(kind);
    const query = { view: 'units', mine: true };
    const weak = { ...at(maternity, 'b'), authentication: { ...siths, assurance: 2 } } as Actor;
    expect(await misses(query, weak)).toEqual({ kind: 'refused', code: 'assurance-too-low' });
    const { rows } = await sees(query, { ...at(maternity, 'b'), unitId: 'SE2321000131-NOWHERE' } as Actor);
    expect(rows).toMatchObject([{ unitId }]);
    expect((await sees(query, at(maternity, 'nobody'))).rows).toEqual([]);
  });

  test('S05 works through the last day of its unit', async () => {
    const { does, fails, clock } = await aStartedProgram(kind);
    await does('change-unit', { unitId, validTo: '2026-03-02' }, region);
    clock.at('2026-03-02T22:59:59.999Z');
    await does('sign-in', { unitId }, at(maternity, 'b'));
    clock.at('2026-03-02T23:00:00.000Z');
    expect(await fails('sign-in', { unitId }, at(maternity, 'b'))).toMatchObject({ code: 'unit-ceased' });
  });
});

describe.each(stores)('somebody else who was weakly authenticated %s', (kind) => {
  const weak = { method: 'bankid', assurance: 2 } as const;

  test('R073 can do nothing as a resident', async () => {
    const { fails, misses } = await aStartedProgram(kind);
    const actor = { ...resident({ personalNumber: '191212121212' }), authentication: weak } as Actor;
    expect(await fails('open-program', { programId: theProgram }, actor)).toMatchObject({ code: 'assurance-too-low' });
    expect(await misses({ view: 'my-programs' }, actor)).toMatchObject({ code: 'assurance-too-low' });
  });

  test('R062 can do nothing for the region', async () => {
    const { fails, misses } = await aStartedProgram(kind);
    const actor = { ...region, authentication: weak } as Actor;
    expect(await fails('deactivate-unit', { unitId }, actor)).toMatchObject({ code: 'assurance-too-low' });
    expect(await misses({ view: 'units' }, actor)).toMatchObject({ code: 'assurance-too-low' });
  });

  test('R061 is let in where the policy says so', async () => {
    const policy = { id: 'low-1', minimumAssurance: 2, staffMethods: ['siths', 'freja'] } as const;
    const { does } = await aStartedProgram(kind, { policy: { ...policy, staffMethods: [...policy.staffMethods] } });
    const freja = { method: 'freja', assurance: 2 } as const;
    await does('open-program', { programId: theProgram }, {
      ...resident({ personalNumber: '191212121212' }),
      authentication: weak,
    } as Actor);
    await does('sign-in', { unitId }, { ...at(maternity, 'b'), authentication: freja } as Actor);
  });
});

describe.each(stores)('a choice of the region %s', (kind) => {
  const withPolicy = (policy: object) => aStartedProgram(kind, { policy: { id: 'other-1', ...policy } });
  const offer = { programId: theProgram, toUnit: 'SE2321000131-BVC1', residentInformed: true };

  test('R186 R187 D1 lets a clinician of the owning unit offer a handover too', async () => {
    const usual = await withPolicy({});
    expect(await usual.fails('initiate-handover', offer, at(maternity, 'b'))).toMatchObject({ code: 'role-missing' });
    const { does, events } = await withPolicy({ handover: { initiator: 'clinician-or-resident-administrator' } });
    const { stream } = await does('initiate-handover', offer, at(maternity, 'b'));
    expect((await events(stream)).at(-1)?.by.role).toBe('clinician');
  });

  test('D8 lets the resident administrator end what somebody else is responsible for', async () => {
    const ending = { programId: theProgram, reason: 'avslutad-enligt-plan', residentAware: true };
    const usual = await withPolicy({});
    expect(await usual.fails('end-program', ending, at(maternity, 'ia'))).toMatchObject({ code: 'role-missing' });
    const { does, fails } = await withPolicy({ ending: { byResidentAdministrator: true } });
    expect(await fails('end-program', ending, at(maternity, 'b2'))).toMatchObject({ code: 'not-responsible' });
    await does('end-program', ending, at(maternity, 'ia'));
  });

  test('D8 R038 lets who is clinician and resident administrator at once end it too', async () => {
    const { does } = await withPolicy({ ending: { byResidentAdministrator: true } });
    const both = { unitId: maternity.unitId, hsaId: idAt(maternity, 'b2'), role: 'resident-administrator' };
    await does('grant-role', both, at(maternity, 'ba'));
    await does(
      'end-program',
      { programId: theProgram, reason: 'avslutad-enligt-plan', residentAware: true },
      at(maternity, 'b2'),
    );
  });

  test('D9 lets the resident administrator start, for a clinician who may', async () => {
    const starting = { templateId: amning, resident: disa, attested: attested };
    const usual = await withPolicy({});
    expect(await usual.fails('start-program', starting, at(maternity, 'ia'))).toMatchObject({ code: 'role-missing' });
    const { does, fails } = await withPolicy({ starting: { byResidentAdministrator: true } });
    expect(await fails('start-program', starting, at(maternity, 'ia'))).toMatchObject({ code: 'role-missing' });
    const clinician = idAt(maternity, 'da');
    expect(await fails('start-program', { ...starting, clinician }, at(maternity, 'ia'))).toMatchObject({
      code: 'clinician-not-eligible',
    });
    await does('start-program', { ...starting, clinician: idAt(maternity, 'b2') }, at(maternity, 'ia'));
  });
});

describe.each(stores)('a clinician whose role is limited to some templates %s', (kind) => {
  const limited = async (): Promise<World> => {
    const world = await aStartedProgram(kind);
    await grant(world, maternity, 'b', 'clinician', { templateIds: [amning] });
    return world;
  };

  test('R045 I03 starts those only', async () => {
    const world = await limited();
    await start(world, amning, disa);
    const starting = { templateId: tobak, resident: disa, attested: attested };
    expect(await world.fails('start-program', starting, at(maternity, 'b'))).toMatchObject({ code: 'role-missing' });
  });

  test('R045 I03 starts no other by naming a colleague', async () => {
    const world = await limited();
    const starting = { templateId: tobak, resident: disa, attested: attested, clinician: idAt(maternity, 'b2') };
    expect(await world.fails('start-program', starting, at(maternity, 'b'))).toMatchObject({ code: 'role-missing' });
  });

  test('D23 stays responsible for what was started before', async () => {
    const { does, clock } = await limited();
    clock.later(aDay);
    await does('activate-module', { programId: theProgram, moduleId: 'steg-2' }, at(maternity, 'b'));
  });
});
