import { describe, expect, test } from 'vitest';
import { planRows, registrationRows } from '../../src/projections/activityPlans.ts';
import { plansToRemindOf } from '../../src/projections/planReminders.ts';
import { aStartedProgram, end, purge, theProgram, uuid } from '../library/given.ts';
import { at, maternity, resident, system, tolvan } from '../library/people.ts';
import { type StoreKind, stores, type World } from '../library/world.ts';

const b = at(maternity, 'b');
const planId = uuid(31);
const about = { programId: theProgram, planId };

/** Every day at ten from the Monday on, filled in the same day; made on the Monday at nine. */
const schedule = { from: '2026-03-02', everyWeeks: 1, weekdays: [1, 2, 3, 4, 5, 6, 7], times: ['10:00'] };
const aPlan = { ...about, elements: [{ title: 'Promenad', kind: 'done' }], schedule, graceDays: 0, remind: true };
const due = (date: number): string => `2026-03-${String(date).padStart(2, '0')}T09:00:00.000Z`;

const withPlan = async (kind: StoreKind, differing: object = {}): Promise<World> => {
  const world = await aStartedProgram(kind);
  await world.does('create-activity-plan', { ...aPlan, ...differing }, b);
  return world;
};

/** From when on each plan is to be reminded of, on the clock of the world. */
const dueNow = ({ engine, clock }: World) => plansToRemindOf(engine.readModels, clock.now().toISOString(), 10);
const onlyDue = (from: string) => [{ ...about, from }];

const remind = ({ does }: World, instant: string) =>
  does('send-reminder', { programId: theProgram, about: { planId }, due: instant }, system('clock'));
const register = ({ does }: World, occasion: string) =>
  does('register-activity', { ...about, occasion, answers: ['ja'] }, resident(tolvan));
const change = ({ does }: World, differing: object) => does('change-activity-plan', { ...about, ...differing }, b);

describe.each(stores)('the reminders of a plan %s', (kind) => {
  test('R221 are due from each occasion on, one after the other', async () => {
    const world = await withPlan(kind);
    world.clock.at('2026-03-02T08:59:59.999Z');
    expect(dueNow(world)).toEqual([]);
    world.clock.at(due(2));
    expect(dueNow(world)).toEqual(onlyDue(due(2)));
    await remind(world, due(2));
    expect(dueNow(world)).toEqual([]);
    world.clock.at(due(3));
    expect(dueNow(world)).toEqual(onlyDue(due(3)));
  });

  test('R221 go on from the oldest that is due, where the clock stood still', async () => {
    const world = await withPlan(kind);
    world.clock.at(due(4));
    expect(dueNow(world)).toEqual(onlyDue(due(2)));
    await remind(world, due(2));
    expect(dueNow(world)).toEqual(onlyDue(due(3)));
    await remind(world, due(4));
    expect(dueNow(world)).toEqual([]);
    await remind(world, due(3));
    world.clock.at(due(5));
    expect(dueNow(world)).toEqual(onlyDue(due(5)));
  });

  test('R219 R221 are none of what is filled in', async () => {
    const world = await withPlan(kind, { graceDays: 3 });
    world.clock.at(due(2));
    await register(world, due(2));
    expect(dueNow(world)).toEqual([]);
    world.clock.at(due(5));
    expect(dueNow(world)).toEqual(onlyDue(due(3)));
    await register(world, due(4));
    await register(world, due(5));
    expect(dueNow(world)).toEqual(onlyDue(due(3)));
    await remind(world, due(3));
    expect(dueNow(world)).toEqual([]);
    world.clock.at(due(6));
    expect(dueNow(world)).toEqual(onlyDue(due(6)));
  });

  test('R221 are none where the plan says none, and from before it was made', async () => {
    const silent = await withPlan(kind, { remind: false });
    silent.clock.at(due(2));
    expect(dueNow(silent)).toEqual([]);
    await change(silent, { graceDays: 3 });
    silent.clock.at(due(3));
    expect(dueNow(silent)).toEqual([]);
    const late = await withPlan(kind, { schedule: { ...schedule, times: ['08:59'] } });
    expect(dueNow(late)).toEqual([]);
    const inTime = await withPlan(kind, { schedule: { ...schedule, times: ['09:00'] } });
    expect(dueNow(inTime)).toEqual(onlyDue('2026-03-02T08:00:00.000Z'));
  });

  test('R216 R221 follow a change of schedule, and keep one that was due before it', async () => {
    const world = await withPlan(kind);
    const noon = { ...schedule, times: ['12:00'] };
    await change(world, { schedule: noon });
    world.clock.at(due(2));
    expect(dueNow(world)).toEqual([]);
    world.clock.at('2026-03-02T11:00:00.000Z');
    expect(dueNow(world)).toEqual(onlyDue('2026-03-02T11:00:00.000Z'));
    await change(world, { schedule: { ...noon, times: ['18:00'] } });
    expect(dueNow(world)).toEqual(onlyDue('2026-03-02T11:00:00.000Z'));
    await remind(world, '2026-03-02T11:00:00.000Z');
    expect(dueNow(world)).toEqual([]);
    world.clock.at('2026-03-02T17:00:00.000Z');
    expect(dueNow(world)).toEqual(onlyDue('2026-03-02T17:00:00.000Z'));
  });

  test('R217 R221 begin again where a schedule that had come to its end is changed', async () => {
    const world = await withPlan(kind, { schedule: { ...schedule, to: '2026-03-02' } });
    world.clock.at(due(2));
    await remind(world, due(2));
    world.clock.at(due(4));
    expect(dueNow(world)).toEqual([]);
    await change(world, { schedule });
    expect(dueNow(world)).toEqual([]);
    world.clock.at(due(5));
    expect(dueNow(world)).toEqual(onlyDue(due(5)));
  });

  test('R221 are not moved by one that the clinician sends by hand', async () => {
    const world = await withPlan(kind);
    world.clock.at(due(2));
    await world.does('send-reminder', { programId: theProgram, about: { planId } }, b);
    expect(dueNow(world)).toEqual(onlyDue(due(2)));
    await world.does('send-reminder', { programId: theProgram, about: { moduleId: 'steg-1' } }, b);
    expect(dueNow(world)).toEqual(onlyDue(due(2)));
  });

  test('R221 R226 cease with the stop of the plan, and with the end of the program', async () => {
    const stopped = await withPlan(kind);
    stopped.clock.at(due(2));
    await stopped.does('stop-activity-plan', about, b);
    expect(dueNow(stopped)).toEqual([]);
    const ended = await withPlan(kind);
    ended.clock.at(due(2));
    await end(ended, theProgram);
    expect(dueNow(ended)).toEqual([]);
  });
});

describe.each(stores)('the plans of a program %s', (kind) => {
  test('R214 R216 R219 are read as the decider keeps them', async () => {
    const world = await withPlan(kind);
    world.clock.at(due(2));
    await register(world, due(2));
    await change(world, { graceDays: 2 });
    world.clock.at(due(3));
    await world.does('create-activity-plan', { ...aPlan, planId: uuid(30), remind: false }, b);
    await world.does('stop-activity-plan', about, b);
    const events = await world.events(`program-${theProgram}`);
    const [first, second] = events.filter(({ type }) => type === 'activity-plan-created');
    const { readModels } = world.engine;
    expect(planRows(readModels, theProgram)).toEqual([
      {
        ...{ planId, position: first?.position, elements: 1, remind: true },
        eras: [
          { schedule, graceDays: 0, until: due(2) },
          { schedule, graceDays: 2, since: due(2) },
        ],
        ...{ createdAt: '2026-03-02T08:00:00.000Z', stoppedAt: due(3), registered: new Set([due(2)]) },
      },
      {
        ...{ planId: uuid(30), position: second?.position, elements: 1, remind: false },
        eras: [{ schedule, graceDays: 0 }],
        ...{ createdAt: due(3), stoppedAt: undefined, registered: new Set() },
      },
    ]);
    const registration = events.find(({ type }) => type === 'activity-registered');
    expect(registrationRows(readModels, theProgram)).toEqual([
      { planId, occasion: due(2), position: registration?.position },
    ]);
    await end(world, theProgram);
    await purge(world, theProgram);
    expect([planRows(readModels, theProgram), registrationRows(readModels, theProgram)]).toEqual([[], []]);
  });
});
