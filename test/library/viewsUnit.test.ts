import { describe, expect, test } from 'vitest';
import {
  amning,
  aReadyUnit,
  aRegion,
  aStartedProgram,
  end,
  grant,
  purge,
  start,
  theConversation,
  theProgram,
  tobak,
} from './given.ts';
import {
  at,
  auditor,
  childHealth,
  disa,
  factsAt,
  idAt,
  maternity,
  members,
  privateChildHealth,
  region,
  resident,
  roleOf,
  school,
  type TestUnit,
  tolvan,
} from './people.ts';
import { aDay, monday, stores, type World } from './world.ts';

const { unitId } = maternity;
const ba = at(maternity, 'ba');

const staffRow = (member: (typeof members)[number], more: object = {}) => {
  const role = roleOf[member];
  return { ...factsAt(maternity, member), roles: role === undefined ? [] : [role], active: true, ...more };
};

const staffFor = async ({ sees }: World, member: string, query: object = {}) =>
  (await sees({ view: 'staff', ...query }, at(maternity, member))).rows;

const eligible = async (world: World, templateId: string) =>
  (await staffFor(world, 'ia', { eligibleFor: templateId })).map(({ hsaId }) => hsaId);

describe.each(stores)('the staff of a unit %s', (kind) => {
  test('R014 R016 R055 is listed with facts, roles and, for its administrator only, the last sign-in', async () => {
    const world = await aRegion(kind);
    await world.does('sign-in', { unitId }, at(maternity, 'b'));
    world.clock.later(aDay);
    await world.does('sign-in', { unitId }, at(maternity, 'b'));
    await world.does('sign-in', { unitId: childHealth.unitId }, at(childHealth, 'b2'));
    const sorted = members.toSorted((one, other) => (idAt(maternity, one) < idAt(maternity, other) ? -1 : 1));
    const lastSignInAt = '2026-03-03T08:00:00.000Z';
    expect(await staffFor(world, 'ba')).toEqual(
      sorted.map((one) => staffRow(one, one === 'b' ? { lastSignInAt } : {})),
    );
    expect(await staffFor(world, 'ia')).toEqual(sorted.map((one) => staffRow(one)));
  });

  test('R015 R038 R045 follows what its administrator does', async () => {
    const world = await aRegion(kind);
    const hsaId = idAt(maternity, 'b2');
    const row = async () => (await staffFor(world, 'ba')).find((one) => one.hsaId === hsaId);
    await grant(world, maternity, 'b2', 'clinician', { templateIds: [amning] });
    await grant(world, maternity, 'b2', 'resident-administrator');
    const roles = ['clinician', 'resident-administrator'];
    expect(await row()).toEqual(staffRow('b2', { roles, templateIds: [amning] }));
    await world.does('deactivate-staff', { unitId, hsaId }, ba);
    expect(await row()).toMatchObject({ active: false, roles });
    await world.does('reactivate-staff', { unitId, hsaId }, ba);
    await world.does('revoke-role', { unitId, hsaId, role: 'clinician' }, ba);
    expect(await row()).toMatchObject({ active: true, roles: ['resident-administrator'] });
    const changed = { ...factsAt(maternity, 'b2'), name: 'Bea Ny', profession: 'specialist-nurse', trainings: [] };
    await world.does('register-staff', { unitId, staff: changed }, ba);
    expect(await row()).toEqual({ ...changed, roles: ['resident-administrator'], active: true });
  });

  test('R199 R200 is searched for those who may be responsible for a program', async () => {
    const world = await aRegion(kind);
    const [b, b2] = [idAt(maternity, 'b'), idAt(maternity, 'b2')];
    expect(await eligible(world, amning)).toEqual([b, b2]);
    await grant(world, maternity, 'b2', 'clinician', { templateIds: [tobak] });
    expect(await eligible(world, amning)).toEqual([b]);
    expect(await eligible(world, tobak)).toEqual([b, b2]);
    const untrained = { ...factsAt(maternity, 'b'), trainings: [amning] };
    await world.does('register-staff', { unitId, staff: untrained }, ba);
    expect(await eligible(world, tobak)).toEqual([b2]);
    await world.does('deactivate-staff', { unitId, hsaId: b2 }, ba);
    expect(await eligible(world, tobak)).toEqual([]);
    expect(await eligible(world, 'finns-inte')).toEqual([]);
  });
});

const unitRow = ({ unitId: id, name, kind, operator }: TestUnit, more: object = {}) => ({
  ...{ unitId: id, name, kind, operator, active: true },
  ...more,
});

describe.each(stores)('the units %s', (kind) => {
  test('R055 R056 R191 are found by name or HSA-id, in any case of letters', async () => {
    const world = await aRegion(kind);
    const found = async (search: string, actor = ba) => (await world.sees({ view: 'units', search }, actor)).rows;
    expect(await found('BVC')).toEqual([unitRow(childHealth), unitRow(privateChildHealth)]);
    expect(await found('bvc söder')).toEqual([unitRow(childHealth)]);
    expect(await found('BVC SÖDER')).toEqual([unitRow(childHealth)]);
    expect(await found('se2321000131-bmm1', region)).toEqual([unitRow(maternity)]);
    expect(await found('%', auditor)).toEqual([]);
    expect(await found('finns inte')).toEqual([]);
    expect((await world.sees({ view: 'units' }, region)).rows).toHaveLength(3);
  });

  test('R048 S05 show their last day, and that they are no longer active', async () => {
    const world = await aRegion(kind);
    const one = async () => (await world.sees({ view: 'units', search: 'Söder' }, ba)).rows;
    await world.does('change-unit', { unitId: childHealth.unitId, validTo: '2026-12-31' }, region);
    expect(await one()).toEqual([unitRow(childHealth, { validTo: '2026-12-31' })]);
    await world.does('change-unit', { unitId: childHealth.unitId, validTo: null, kind: 'bmm' }, region);
    expect(await one()).toEqual([unitRow(childHealth, { kind: 'bmm' })]);
    await world.does('deactivate-unit', { unitId: childHealth.unitId }, region);
    expect(await one()).toEqual([unitRow(childHealth, { kind: 'bmm', active: false })]);
  });

  test('R064 are those where the asker is active staff, where only these are asked for', async () => {
    const world = await aRegion(kind);
    const shared = { ...factsAt(maternity, 'b'), hsaId: 'SE2321000131-both' };
    for (const unit of [maternity, privateChildHealth])
      await world.does('register-staff', { unitId: unit.unitId, staff: shared }, at(unit, 'ba'));
    const actor = { ...at(maternity, 'b'), hsaId: shared.hsaId } as typeof ba;
    const mine = async () => (await world.sees({ view: 'units', mine: true }, actor)).rows;
    expect(await mine()).toEqual([unitRow(maternity), unitRow(privateChildHealth)]);
    await world.does('deactivate-staff', { unitId, hsaId: shared.hsaId }, ba);
    expect(await mine()).toEqual([unitRow(privateChildHealth)]);
  });
});

describe.each(stores)('the purge list %s', (kind) => {
  const da = at(maternity, 'da');
  const list = async ({ sees }: World, actor = da) => (await sees({ view: 'purge-list' }, actor)).rows;

  test('R030 R241 R243 R261 shows what has ended and is not purged, the longest ended first, with age and duties', async () => {
    const world = await aStartedProgram(kind);
    const second = await start(world, amning, disa);
    expect(await list(world)).toEqual([]);
    await end(world, theProgram, { maintenance: { until: '2026-04-01' } });
    world.clock.at('2026-03-03T23:30:00.000Z');
    await end(world, second);
    const first = { programId: theProgram, endedOn: '2026-03-02', openDuties: 3, readableUntil: '2026-04-01' };
    expect(await list(world)).toEqual([
      { ...first, days: 2 },
      { programId: second, endedOn: '2026-03-04', days: 0, openDuties: 2 },
    ]);
    world.clock.at('2026-06-10T08:00:00.000Z');
    expect((await list(world)).map(({ days }) => days)).toEqual([100, 98]);
    await purge(world, theProgram);
    expect((await list(world)).map(({ programId }) => programId)).toEqual([second]);
    expect(await list(world, at(childHealth, 'da'))).toEqual([]);
  });

  test('D20 counts the duties of the region', async () => {
    const world = await aStartedProgram(kind, { policy: { id: 'duties-1', duties: [{ event: 'message-sent' }] } });
    const reply = { programId: theProgram, conversationId: theConversation, body: 'Hej' };
    await world.does('reply', reply, resident(tolvan));
    await end(world, theProgram);
    expect(await list(world)).toMatchObject([{ openDuties: 2, endedOn: monday.slice(0, 10) }]);
  });
});

describe.each(stores)('a training unit %s', (kind) => {
  test('D26 R060 is seen beside the others', async () => {
    const world = await aRegion(kind);
    await aReadyUnit(world, school);
    expect((await world.sees({ view: 'units', search: 'Utbildning' }, region)).rows).toEqual([unitRow(school)]);
  });
});
