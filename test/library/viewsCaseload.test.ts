import { describe, expect, test } from 'vitest';
import {
  amning,
  approve,
  aRegion,
  aStartedProgram,
  end,
  offer,
  start,
  theConversation,
  theHandover,
  theProgram,
  tobak,
} from './given.ts';
import { at, childHealth, disa, factsAt, idAt, majken, maternity, region, resident, system, tolvan } from './people.ts';
import { aDay, stores, type World } from './world.ts';

const ia = at(maternity, 'ia');
const ba = at(maternity, 'ba');
const parent = resident(tolvan);
const { unitId } = maternity;
const hsaId = idAt(maternity, 'b');
const conversation = { programId: theProgram, conversationId: theConversation };

const rowsOf = async ({ sees }: World, actor = ia) => (await sees({ view: 'caseload' }, actor)).rows;
const rowOf = async (world: World) => (await rowsOf(world))[0];

describe.each(stores)('the caseload of a unit %s', (kind) => {
  test('R022 R023 R276 lists its ongoing programs, residents and clinicians, the newest first', async () => {
    const world = await aRegion(kind);
    const first = await start(world, tobak, tolvan);
    const second = await start(world, amning, disa);
    await start(world, amning, majken, { unit: childHealth });
    const row = {
      ...{ clinician: hsaId, clinicianActive: true, actionFlags: 0, overdueAnswers: 0 },
      ...{ overTwoYears: false, warnFrom: '2028-01-01' },
    };
    expect(await rowsOf(world)).toEqual([
      { programId: second, title: 'Lär dig om amning', name: disa.name, ...row },
      { programId: first, title: 'Tobakshjälpen', name: tolvan.name, ...row },
    ]);
    await end(world, second);
    expect(await rowsOf(world)).toMatchObject([{ programId: first }]);
  });

  test('R205 R207 follows a program to the unit that takes it over', async () => {
    const world = await aStartedProgram(kind);
    await offer(world, theProgram, childHealth, theHandover);
    expect(await rowsOf(world)).toMatchObject([{ programId: theProgram }]);
    expect(await rowsOf(world, at(childHealth, 'ia'))).toEqual([]);
    await approve(world, theProgram, theHandover, childHealth);
    expect(await rowsOf(world)).toEqual([]);
    expect(await rowsOf(world, at(childHealth, 'ia'))).toMatchObject([
      { programId: theProgram, clinician: idAt(childHealth, 'b'), clinicianActive: true },
    ]);
  });

  const { unitId: _, ...b } = { unitId, ...factsAt(maternity, 'b') };
  const factsChanged = (change: object) =>
    ['register-staff', { unitId, staff: { ...b, ...change } }, system('directory')] as const;
  test.each([
    ['is deactivated', ['deactivate-staff', { unitId, hsaId }, ba]],
    ['loses the role', ['revoke-role', { unitId, hsaId, role: 'clinician' }, ba]],
    ['is limited to other templates', ['grant-role', { unitId, hsaId, role: 'clinician', templateIds: [amning] }, ba]],
    ['loses the assignment', factsChanged({ assignments: [] })],
    ['loses the training', factsChanged({ trainings: ['platform'] })],
  ] as const)(
    'R212 D23 tells that the clinician %s, until somebody else is responsible',
    async (_name, [type, data, actor]) => {
      const world = await aStartedProgram(kind);
      expect(await rowOf(world)).toMatchObject({ clinician: hsaId, clinicianActive: true });
      await world.does(type, data, actor);
      expect(await rowOf(world)).toMatchObject({ clinician: hsaId, clinicianActive: false });
      const change = { programId: theProgram, clinician: idAt(maternity, 'b2'), reason: 'semester' };
      await world.does('change-clinician', change, ia);
      expect(await rowOf(world)).toMatchObject({ clinician: idAt(maternity, 'b2'), clinicianActive: true });
    },
  );

  test('R154 R155 counts the flags that want something done, and no others', async () => {
    const world = await aStartedProgram(kind);
    expect(await rowOf(world)).toMatchObject({ actionFlags: 1 });
    for (const severity of ['info', 'action'])
      await world.does('raise-flag', { programId: theProgram, severity, text: 'Ring.' }, at(maternity, 'b'));
    await offer(world, theProgram, childHealth, theHandover);
    expect(await rowOf(world)).toMatchObject({ actionFlags: 2 });
    await world.does('read-conversation', conversation, at(maternity, 'b'));
    expect(await rowOf(world)).toMatchObject({ actionFlags: 1 });
  });

  test('R019 R100 R183 counts the conversations that have waited longer than the unit says, read or not', async () => {
    const world = await aStartedProgram(kind);
    const overdue = async () => (await rowOf(world))?.overdueAnswers;
    await world.does('read-conversation', conversation, at(maternity, 'b'));
    world.clock.at('2026-03-09T22:59:59.999Z');
    expect(await overdue()).toBe(0);
    world.clock.at('2026-03-09T23:00:00.000Z');
    expect(await overdue()).toBe(1);
    await world.does('change-unit', { unitId, answerWithinDays: 8 }, ba);
    expect(await overdue()).toBe(0);
    world.clock.later(aDay);
    const another = { programId: theProgram, subject: 'Hej', body: 'Hej' };
    await world.does('start-conversation', another, parent);
    expect(await overdue()).toBe(1);
    world.clock.later(9 * aDay);
    expect(await overdue()).toBe(2);
    await world.does('reply', { ...conversation, body: 'Så här' }, at(maternity, 'b'));
    expect(await overdue()).toBe(1);
  });

  test('R030 R236 D11 warns of two years and tells when they have passed, and ends nothing', async () => {
    const policy = { id: 'short-1', twoYears: { days: 10, warnDays: 3 } };
    const world = await aStartedProgram(kind, { policy });
    const row = async () => {
      const { overTwoYears, warnFrom } = (await rowOf(world)) ?? {};
      return { overTwoYears, warnFrom };
    };
    expect(await row()).toEqual({ overTwoYears: false, warnFrom: '2026-03-09' });
    world.clock.at('2026-03-12T22:59:59.999Z');
    expect(await row()).toEqual({ overTwoYears: false, warnFrom: '2026-03-09' });
    world.clock.at('2026-03-12T23:00:00.000Z');
    expect(await row()).toEqual({ overTwoYears: true, warnFrom: '2026-03-09' });
    await world.does('open-program', { programId: theProgram }, parent);
  });

  test('R022 R251 is for the resident administrator, and logs each program that it shows', async () => {
    const world = await aStartedProgram(kind);
    for (const member of ['ba', 'b', 'da', 'plain'])
      expect(await world.misses({ view: 'caseload' }, at(maternity, member))).toEqual({
        kind: 'refused',
        code: 'role-missing',
      });
    for (const actor of [region, parent])
      expect(await world.misses({ view: 'caseload' }, actor)).toEqual({ kind: 'refused', code: 'not-permitted' });
    await rowsOf(world);
    const seen = (await world.log({ programId: theProgram })).filter(({ action }) => action === 'caseload');
    expect(seen).toMatchObject([{ actor: idAt(maternity, 'ia'), outcome: 'allowed', activity: 'read' }]);
  });
});
