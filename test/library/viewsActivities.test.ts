import { describe, expect, test } from 'vitest';
import { aStartedProgram, end, purge, start, theProgram, uuid } from './given.ts';
import { at, childHealth, disa, maternity, resident, tolvan } from './people.ts';
import { type Rows, stores, type World } from './world.ts';

const b = at(maternity, 'b');
const parent = resident(tolvan);
const about = { programId: theProgram };
const planId = uuid(31);

/** Mondays and Wednesdays at seven and at 19, filled in through the day after; made on the Monday at nine. */
const schedule = { from: '2026-03-02', everyWeeks: 1, weekdays: [1, 3], times: ['07:00', '19:00'] };
const elements = [
  { title: 'Nikotinlängtan', kind: 'scale' },
  { title: 'Vad gjorde du?', kind: 'text' },
];
const titles = elements.map(({ title }) => title);
const aPlan = { ...about, planId, elements, schedule, graceDays: 1, remind: true };

const withPlan = async (kind: Parameters<typeof aStartedProgram>[0], differing: object = {}): Promise<World> => {
  const world = await aStartedProgram(kind);
  await world.does('create-activity-plan', { ...aPlan, ...differing }, b);
  return world;
};

const week = { view: 'activities', ...about, from: '2026-03-02', to: '2026-03-08' };
const rowsOf = async ({ sees }: World, query: object = {}, actor = b): Promise<Rows['rows']> =>
  (await sees({ ...week, ...query }, actor)).rows;
const statesOf = async (world: World, query: object = {}) =>
  (await rowsOf(world, query)).map(({ occasion, state }) => [occasion, state]);

const register = ({ does }: World, occasion: string, answers = ['3', 'Gick ut']) =>
  does('register-activity', { ...about, planId, occasion, answers }, parent);

const [mon7, mon19] = ['2026-03-02T06:00:00.000Z', '2026-03-02T18:00:00.000Z'];
const [wed7, wed19] = ['2026-03-04T06:00:00.000Z', '2026-03-04T18:00:00.000Z'];
const [closesMon, closesWed] = ['2026-03-03T23:00:00.000Z', '2026-03-05T23:00:00.000Z'];

describe.each(stores)('the activities of a program %s', (kind) => {
  test('R213 R216 R218 R219 are the occasions of its plans, with their closing and state, for both sides', async () => {
    const world = await withPlan(kind);
    const row = { planId, titles };
    const expected = [
      { ...row, occasion: mon7, closes: closesMon, state: 'open' },
      { ...row, occasion: mon19, closes: closesMon, state: 'coming' },
      { ...row, occasion: wed7, closes: closesWed, state: 'coming' },
      { ...row, occasion: wed19, closes: closesWed, state: 'coming' },
    ];
    expect(await rowsOf(world)).toEqual(expected);
    expect(await rowsOf(world, {}, parent)).toEqual(expected);
    expect(await rowsOf(world, {}, at(maternity, 'b2'))).toEqual(expected);
  });

  test('R215 R219 show both sides what was filled in, and when it was not', async () => {
    const world = await withPlan(kind);
    await register(world, mon7);
    world.clock.at('2026-03-04T06:00:00.000Z');
    await register(world, wed7, ['0', '']);
    const expected = [
      { planId, titles, occasion: mon7, closes: closesMon, state: 'registered', answers: ['3', 'Gick ut'] },
      { planId, titles, occasion: mon19, closes: closesMon, state: 'missed' },
      { planId, titles, occasion: wed7, closes: closesWed, state: 'registered', answers: ['0', ''] },
      { planId, titles, occasion: wed19, closes: closesWed, state: 'coming' },
    ];
    expect(await rowsOf(world)).toEqual(expected);
    expect(await rowsOf(world, {}, parent)).toEqual(expected);
  });

  test('R219 I25 are registered by the resident, from the occasion until it closes and once', async () => {
    const world = await withPlan(kind);
    const fails = (occasion: string, answers = ['3', ''], actor = parent) =>
      world.fails('register-activity', { ...about, planId, occasion, answers }, actor);
    expect(await fails(mon19)).toMatchObject({ code: 'outside-occasion' });
    expect(await fails(mon7, ['3'])).toEqual({
      kind: 'invalid',
      issues: [{ path: 'data.answers', code: 'wrong-number' }],
    });
    expect(await fails(mon7, ['3', ''], b)).toMatchObject({ code: 'not-permitted' });
    await register(world, mon7);
    expect(await fails(mon7)).toMatchObject({ code: 'already-registered' });
    world.clock.at(closesMon);
    expect(await fails(mon19)).toMatchObject({ code: 'outside-occasion' });
    expect((await rowsOf(world)).map(({ state }) => state)).toEqual(['registered', 'missed', 'coming', 'coming']);
  });

  test('R216 R218 keep those before a change of schedule, and follow the new one from it on', async () => {
    const world = await withPlan(kind);
    world.clock.at('2026-03-02T19:00:00.000Z');
    await world.does('change-activity-plan', { ...about, planId, schedule: { ...schedule, times: ['12:00'] } }, b);
    world.clock.at('2026-03-04T12:00:00.000Z');
    await world.does('change-activity-plan', { ...about, planId, graceDays: 0 }, b);
    expect(
      (await rowsOf(world, { to: '2026-03-11' })).map(({ occasion, closes, state }) => [occasion, closes, state]),
    ).toEqual([
      [mon7, closesMon, 'missed'],
      [mon19, closesMon, 'missed'],
      ['2026-03-04T11:00:00.000Z', closesWed, 'open'],
      ['2026-03-09T11:00:00.000Z', '2026-03-09T23:00:00.000Z', 'coming'],
      ['2026-03-11T11:00:00.000Z', '2026-03-11T23:00:00.000Z', 'coming'],
    ]);
  });

  test('R219 are cancelled by a stop, but for those that were filled in or missed before', async () => {
    const world = await withPlan(kind);
    await register(world, mon7);
    world.clock.at('2026-03-04T10:00:00.000Z');
    await world.does('stop-activity-plan', { ...about, planId }, b);
    world.clock.at('2026-03-06T10:00:00.000Z');
    expect(await statesOf(world)).toEqual([
      ...[
        [mon7, 'registered'],
        [mon19, 'missed'],
      ],
      ...[
        [wed7, 'cancelled'],
        [wed19, 'cancelled'],
      ],
    ]);
  });

  test('R226 D12 D24 are cancelled by the end, are read by staff after it, and by the resident in maintenance', async () => {
    const world = await withPlan(kind);
    world.clock.at('2026-03-04T10:00:00.000Z');
    await end(world, theProgram, { maintenance: { until: '2026-03-05' } });
    const states = [
      [mon7, 'missed'],
      [mon19, 'missed'],
      [wed7, 'cancelled'],
      [wed19, 'cancelled'],
    ];
    expect(await statesOf(world)).toEqual(states);
    expect(await rowsOf(world, {}, parent)).toHaveLength(4);
    world.clock.at('2026-03-06T10:00:00.000Z');
    expect(await statesOf(world)).toEqual(states);
    expect(await world.misses(week, parent)).toEqual({ kind: 'refused', code: 'program-has-ended' });
  });

  test('R219 stay as a stop before the end left them', async () => {
    const world = await withPlan(kind, { graceDays: 0 });
    world.clock.at('2026-03-02T20:00:00.000Z');
    await world.does('stop-activity-plan', { ...about, planId }, b);
    world.clock.at('2026-03-06T10:00:00.000Z');
    await end(world, theProgram);
    expect((await rowsOf(world)).map(({ state }) => state)).toEqual(Array.from({ length: 4 }, () => 'cancelled'));
  });

  test('R242 are gone after the purge, from every table', async () => {
    const world = await withPlan(kind);
    await register(world, mon7);
    await end(world, theProgram);
    await purge(world, theProgram);
    expect(await world.misses(week, b)).toMatchObject({ code: 'program-purged' });
    expect(await world.misses(week, parent)).toMatchObject({ code: 'unknown-program' });
    for (const table of ['activity_plans', 'registrations'])
      expect(world.engine.readModels.prepare(`SELECT COUNT(*) AS rows FROM ${table}`).get()).toEqual({ rows: 0 });
  });
});

describe.each(stores)('the question for activities %s', (kind) => {
  test('R216 is answered in order of occasion, and of plan where they are together, page by page', async () => {
    const world = await withPlan(kind);
    const other = { ...aPlan, planId: uuid(30), elements: elements.slice(1) };
    await world.does('create-activity-plan', { ...other, schedule: { ...schedule, times: ['19:00'] } }, b);
    const expected = [
      ...[
        [mon7, planId],
        [mon19, uuid(30)],
        [mon19, planId],
      ],
      ...[
        [wed7, planId],
        [wed19, uuid(30)],
        [wed19, planId],
      ],
    ];
    const keysOf = ({ rows }: Rows) => rows.map(({ occasion, planId: id }) => [occasion, id]);
    const whole = await world.sees(week, b);
    expect([keysOf(whole), whole.next]).toEqual([expected, undefined]);
    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page: Rows = await world.sees({ ...week, limit: 2, ...(cursor === undefined ? {} : { cursor }) }, parent);
      expect(page.rows.length).toBe(2);
      seen.push(...keysOf(page));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen).toEqual(expected);
  });

  test.each([
    ['ends-before-it-begins', '2026-03-08', '2026-03-07'],
    ['too-big', '2026-03-08', '2027-03-09'],
  ])('is invalid as %s: from %s to %s', async (code, from, to) => {
    const world = await aStartedProgram(kind);
    const issues = [{ path: 'query.to', code }];
    expect(await world.misses({ ...week, from, to }, b)).toEqual({ kind: 'invalid', issues });
  });

  test('takes one day, and a leap year', async () => {
    const world = await withPlan(kind);
    expect(await rowsOf(world, { to: '2026-03-02' })).toHaveLength(2);
    expect(await rowsOf(world, { from: '2028-01-01', to: '2028-12-31', limit: 200 })).toHaveLength(200);
    expect(await rowsOf(world, { from: '2025-01-01', to: '2025-12-31' })).toEqual([]);
    expect(await rowsOf(world, { from: '9999-01-01', to: '9999-12-31', limit: 1 })).toHaveLength(1);
  });

  test('I01 is answered of the asker’s own program alone', async () => {
    const world = await withPlan(kind);
    const other = await start(world, undefined, disa);
    expect(await rowsOf(world, { programId: other })).toEqual([]);
    for (const actor of [resident(disa), at(childHealth, 'b')])
      expect(await world.misses(week, actor)).toEqual({ kind: 'refused', code: 'unknown-program' });
    for (const member of ['ia', 'da', 'ba', 'plain'])
      expect(await world.misses(week, at(maternity, member))).toMatchObject({ code: 'role-missing' });
  });
});
