import { describe, expect, test } from 'vitest';
import {
  amning,
  aReadyUnit,
  aRegion,
  attested,
  contentOf,
  end,
  grant,
  publishTemplates,
  start,
  startOf,
  tobak,
  uuid,
} from './given.ts';
import {
  at,
  childHealth,
  disa,
  factsAt,
  idAt,
  majken,
  maternity,
  office,
  region,
  school,
  type TestUnit,
  tolvan,
} from './people.ts';
import { aWorld, type StoreKind, stores, type World } from './world.ts';

const { unitId } = maternity;

/** What the directory says of the clinician has changed. */
const withFacts = (world: World, facts: object) =>
  world.does('register-staff', { unitId, staff: { ...factsAt(maternity, 'b'), ...facts } }, at(maternity, 'ba'));

const revoke = (world: World, member: string, role: string) =>
  world.does('revoke-role', { unitId, hsaId: idAt(maternity, member), role }, at(maternity, 'ba'));

type Hindrance = readonly [
  rules: string,
  code: string,
  make: (world: World) => Promise<unknown>,
  data?: object | undefined,
];

/** Each is the only thing that stands in the way of a start of Lär dig om amning. */
const hindrances: readonly Hindrance[] = [
  ['R084', 'unknown-template', async () => undefined, { templateId: 'finns-inte' }],
  ['R051', 'template-not-enabled', ({ does }) => does('disable-template', { unitId, templateId: amning }, region)],
  ['R005', 'unit-kind-not-allowed', ({ does }) => does('change-unit', { unitId, kind: 'vardcentral' }, region)],
  ['R039', 'unit-not-ready', (world) => revoke(world, 'da', 'data-administrator')],
  [
    'R039',
    'unit-not-ready',
    ({ does }) => does('deactivate-staff', { unitId, hsaId: idAt(maternity, 'ia') }, at(maternity, 'ba')),
  ],
  ['R042', 'training-missing', (world) => withFacts(world, { trainings: ['platform', tobak] })],
  ['R046', 'profession-not-eligible', (world) => withFacts(world, { profession: 'medical-secretary' })],
  ['R047', 'employment-not-eligible', (world) => withFacts(world, { employment: 'primary-care' })],
  ['R052', 'assignment-missing', (world) => withFacts(world, { assignments: ['Något annat'] })],
  ['R045', 'role-missing', (world) => grant(world, maternity, 'b', 'clinician', { templateIds: [tobak] })],
  ['R045', 'role-missing', (world) => revoke(world, 'b', 'clinician')],
  ...Object.keys(attested).map(
    (fact): Hindrance => [
      'R067 R068 R069 R070 R072',
      'not-attested',
      async () => undefined,
      { attested: { ...attested, [fact]: false } },
    ],
  ),
  ['R200', 'clinician-not-eligible', async () => undefined, { clinician: idAt(maternity, 'da') }],
  ['R200', 'clinician-not-eligible', async () => undefined, { clinician: idAt(maternity, 'nobody') }],
];

const expectHindered = async (kind: StoreKind, [, code, make, data = {}]: Hindrance): Promise<void> => {
  const world = await aRegion(kind);
  await make(world);
  const starting = startOf(amning, tolvan, data);
  expect(await world.fails('start-program', starting, at(maternity, 'b'))).toEqual({ kind: 'refused', code });
  expect((await world.events()).filter(({ type }) => type === 'started')).toEqual([]);
};

describe.each(stores)('a start %s', (kind) => {
  for (const [index, hindrance] of hindrances.entries())
    test(`${hindrance[0]} is refused: ${hindrance[1]} (${index})`, () => expectHindered(kind, hindrance));

  test('R017 R083 R085 R087 R112 makes the one who starts responsible, and opens what opens at start', async () => {
    const world = await aRegion(kind);
    const { events, ids, stream } = await world.does('start-program', startOf(tobak, tolvan), at(maternity, 'b'));
    expect(events.map(({ type }) => type)).toEqual([
      'started',
      'module-activated',
      'module-activated',
      'module-activated',
    ]);
    expect(stream).toBe(`program-${ids.programId}`);
    const [started, ...opened] = await world.events(stream);
    expect(started?.data).toMatchObject({
      ...{ clinician: idAt(maternity, 'b'), unitId, careProviderId: maternity.careProviderId, county: 'Skåne' },
      ...{ templateId: tobak, major: 1, minor: 0, attested, environment: 'production' },
      notifications: { inbox: false, sms: false, email: false },
    });
    expect(started?.by).toMatchObject({ role: 'clinician', unitId, hsaId: idAt(maternity, 'b') });
    expect(opened.map(({ data }) => (data as { moduleId: string }).moduleId)).toEqual([
      'inledning',
      'bra-att-veta',
      'steg-1',
    ]);
  });

  test('R087 makes another clinician responsible where one is named', async () => {
    const world = await aRegion(kind);
    const starting = startOf(amning, tolvan, { clinician: idAt(maternity, 'b2') });
    const { stream } = await world.does('start-program', starting, at(maternity, 'b'));
    expect((await world.events(stream))[0]?.data).toMatchObject({ clinician: idAt(maternity, 'b2') });
  });

  test('D27 is refused while the resident has the same program ongoing on the unit, however the number is written', async () => {
    const world = await aRegion(kind);
    await start(world, amning);
    for (const personalNumber of ['19121212-1212', '191212121212', '121212+1212']) {
      const again = startOf(amning, { ...tolvan, personalNumber });
      expect(await world.fails('start-program', again, at(maternity, 'b2'))).toEqual({
        kind: 'refused',
        code: 'program-already-ongoing',
      });
    }
  });

  test('D27 R271 R272 R273 is free for another program, another resident, and on another unit', async () => {
    const world = await aRegion(kind);
    await start(world, amning);
    await start(world, tobak);
    await start(world, amning, disa);
    await start(world, amning, majken);
    await start(world, amning, tolvan, { unit: childHealth });
  });

  test('R091 R092 I22 makes another program after the end, with the defaults of a new one', async () => {
    const world = await aRegion(kind);
    const first = await start(world, tobak);
    await world.does('change-welcome-text', { programId: first, text: 'Bara för dig' }, at(maternity, 'b'));
    await end(world, first);
    const before = await world.events(`program-${first}`);
    const second = await start(world, tobak);
    expect(second).not.toBe(first);
    const shown = await world.sees<{ welcomeText: string }>({ view: 'program', programId: second }, at(maternity, 'b'));
    expect(shown.welcomeText).toBe(contentOf(tobak).welcomeText);
    expect(await world.events(`program-${first}`)).toEqual(before);
  });

  test('R246 takes an id of its own, once', async () => {
    const world = await aRegion(kind);
    const programId = uuid(42);
    expect(await start(world, tobak, tolvan, { programId })).toBe(programId);
    const again = startOf(tobak, disa, { programId });
    expect(await world.fails('start-program', again, at(maternity, 'b'))).toEqual({
      kind: 'refused',
      code: 'program-exists',
    });
  });

  test('R265 R270 takes the newest version that is published', async () => {
    const world = await aRegion(kind);
    const content = { ...contentOf(tobak), title: 'Tobakshjälpen 2' };
    await world.does('publish-template', { templateId: tobak, change: 'major', content }, office);
    const programId = await start(world, tobak);
    const shown = await world.sees<{ version: string }>({ view: 'program', programId }, at(maternity, 'b'));
    expect(shown.version).toBe('2.0');
  });
});

const aSchool = async (kind: StoreKind, unit: TestUnit = school): Promise<World> => {
  const policy = { id: 'school-1', testResidents: ['19121212-1212'] };
  const world = await aWorld(kind, { policy });
  await publishTemplates(world);
  await aReadyUnit(world, unit);
  return world;
};

describe.each(stores)('a training unit %s', (kind) => {
  test('D26 R060 starts programs for test residents only', async () => {
    const world = await aSchool(kind);
    await start(world, amning, tolvan, { unit: school });
    expect(await world.fails('start-program', startOf(amning, disa), at(school, 'b'))).toEqual({
      kind: 'refused',
      code: 'training-data-only',
    });
  });

  test('D26 hands nothing over to care', async () => {
    const world = await aSchool(kind);
    await aReadyUnit(world, maternity);
    const programId = await start(world, amning, tolvan, { unit: school });
    const offer = { programId, toUnit: unitId, residentInformed: true };
    expect(await world.fails('initiate-handover', offer, at(school, 'ia'))).toMatchObject({
      code: 'training-data-only',
    });
  });
});

describe.each(stores)('a unit that has just been activated %s', (kind) => {
  test('R012 R048 R049 has one administrator, who gives the other roles', async () => {
    const world = await aWorld(kind);
    const administrator = factsAt(maternity, 'ba');
    const unfit = { ...administrator, assignments: [] };
    expect(await world.fails('activate-unit', { ...maternity, administrator: unfit }, region)).toMatchObject({
      code: 'assignment-missing',
    });
    const untrained = { ...administrator, trainings: [] };
    expect(await world.fails('activate-unit', { ...maternity, administrator: untrained }, region)).toMatchObject({
      code: 'training-missing',
    });
    const { events } = await world.does('activate-unit', { ...maternity, administrator }, region);
    expect(events.map(({ type }) => type)).toEqual(['unit-activated', 'staff-registered', 'role-granted']);
    expect(await world.fails('activate-unit', { ...maternity, administrator }, region)).toMatchObject({
      code: 'unit-already-active',
    });
    const { hsaId } = administrator;
    const last = { unitId, hsaId, role: 'authorization-administrator' };
    expect(await world.fails('revoke-role', last, at(maternity, 'ba'))).toMatchObject({ code: 'last-administrator' });
    expect(await world.fails('deactivate-staff', { unitId, hsaId }, at(maternity, 'ba'))).toMatchObject({
      code: 'last-administrator',
    });
  });
});
