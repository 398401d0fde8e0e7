import { describe, expect, test } from 'vitest';
import type { Schedule } from '../../src/domain/program/schedule.ts';
import { colleague, made, resident, staff, uuid } from './people.ts';
import { commands, ended, fold, given, ongoing, planCreated, planId, programId, registered } from './programs.ts';

const create = commands['create-activity-plan'];
const change = commands['change-activity-plan'];
const stop = commands['stop-activity-plan'];
const register = commands['register-activity'];

type Registration = Partial<(typeof register)['data']>;
const registering = (differing: Registration = {}) => ({ ...register, data: { ...register.data, ...differing } });
type Change = Partial<(typeof change)['data']>;
const changing = (differing: Change) => ({ ...change, data: { programId, planId, ...differing } });

/** Every weekday at seven, from the Monday on; filled in the same day. */
const { schedule } = create.data;
const planned = (differing: Partial<ReturnType<typeof planCreated>['data']> = {}) => {
  const event = planCreated();
  return { ...event, data: { ...event.data, ...differing } };
};
const changed = (differing: { schedule?: Schedule; graceDays?: number }) => ({
  type: 'activity-plan-changed' as const,
  data: { planId, schedule, graceDays: 0, ...differing },
});
const stopped = () => ({ type: 'activity-plan-stopped' as const, data: { planId } });
const running = [...ongoing(), planned()];
const monday = '2026-03-02T06:00:00.000Z';
const tuesday = '2026-03-03T06:00:00.000Z';
const byResident = (at = '2026-03-02T08:00:00.000Z') => ({ by: resident, at });

describe('an activity plan', () => {
  test('R213 R214 R215 R216 R218 is made of elements, a schedule and settings in one', () => {
    const elements = [
      { title: 'Nikotinlängtan', kind: 'scale' as const },
      { title: 'Vad gjorde du?', kind: 'text' as const },
      { title: 'Promenad', kind: 'done' as const },
    ];
    given(...ongoing())
      .when({ ...create, data: { programId, elements, schedule, graceDays: 2, remind: false } })
      .thenEvents({
        type: 'activity-plan-created',
        data: { planId: made.plan, elements: ['scale', 'text', 'done'], schedule, graceDays: 2, remind: false },
        sealed: { titles: ['Nikotinlängtan', 'Vad gjorde du?', 'Promenad'] },
      });
  });

  test('R216 R217 comes at some time or other, or is no plan', () => {
    const never = { ...schedule, from: '2026-03-02', to: '2026-03-04', weekdays: [4, 7] as (4 | 7)[] };
    given(...ongoing())
      .when({ ...create, data: { ...create.data, schedule: never } })
      .thenInvalid('data.schedule', 'no-occasion');
    given(...running)
      .when(changing({ schedule: never }))
      .thenInvalid('data.schedule', 'no-occasion');
    const once = { ...never, to: '2026-03-05' };
    given(...running)
      .when(changing({ schedule: once }))
      .thenEvents(changed({ schedule: once }));
  });

  test('R214 is made under the id that the clinician gives it, and not twice', () => {
    const named = { ...create, data: { ...create.data, planId } };
    given(...ongoing())
      .when(named)
      .thenEvents({ ...planned(), sealed: { titles: ['Nikotinlängtan'] } });
    given(...running)
      .when(named)
      .thenRefused('plan-exists');
    given(...running, stopped())
      .when(named)
      .thenRefused('plan-exists');
  });

  test('R214 is one of many', () => {
    given(...running)
      .when(create)
      .thenEvents({ ...planned({ planId: made.plan }), sealed: { titles: ['Nikotinlängtan'] } });
  });

  test.each([create, change, stop])('R018 R214 takes $type from no other clinician than the responsible one', (one) => {
    given(...running)
      .when(one, { by: staff(colleague) })
      .thenRefused('not-responsible');
  });

  test.each([create, change, stop])('R238 I20 takes no $type after the end', (one) => {
    given(...running, ended())
      .when(one)
      .thenRefused('program-has-ended');
  });

  test('R231 D12 takes no answers after the end', () => {
    given(...running, ended({ readableUntil: '2026-05-31' }))
      .when(register, byResident())
      .thenRefused('read-only');
    given(...running, ended())
      .when(register, byResident())
      .thenRefused('program-has-ended');
  });

  test('R213 is refused as unknown under another id', () => {
    const other = { programId, planId: uuid(62) };
    given(...running)
      .when(changing({ ...other, graceDays: 1 }))
      .thenRefused('unknown-plan');
    given(...running)
      .when({ ...stop, data: other })
      .thenRefused('unknown-plan');
    given(...running)
      .when(registering(other), byResident())
      .thenRefused('unknown-plan');
  });
});

describe('a change of an activity plan', () => {
  const evenings = { ...schedule, times: ['20:00'] };

  test.each([
    [{ schedule: evenings }, { schedule: evenings, graceDays: 0 }],
    [{ graceDays: 3 }, { schedule, graceDays: 3 }],
    [
      { schedule: evenings, graceDays: 3 },
      { schedule: evenings, graceDays: 3 },
    ],
  ])('R216 R218 keeps what it does not name: %o', (differing, data) => {
    given(...running)
      .when(changing(differing))
      .thenEvents({ type: 'activity-plan-changed', data: { planId, ...data } });
  });

  test.each([
    ['nothing is named', {}],
    ['the same is named', { schedule, graceDays: 0 }],
    ['the same is named in another order', { schedule: { ...schedule, weekdays: schedule.weekdays.toReversed() } }],
  ])('R216 R218 is none where %s', (_, differing) => {
    given(...running)
      .when(changing(differing))
      .thenNothing();
  });

  test('R216 R218 is one from what the last change made of it', () => {
    const history = [...running, changed({ graceDays: 3 })];
    given(...history)
      .when(changing({ graceDays: 3 }))
      .thenNothing();
    given(...history)
      .when(changing({ graceDays: 0 }))
      .thenEvents({ type: 'activity-plan-changed', data: { planId, schedule, graceDays: 0 } });
    given(...history)
      .when(changing({ schedule: evenings }))
      .thenEvents({ type: 'activity-plan-changed', data: { planId, schedule: evenings, graceDays: 3 } });
  });

  test('R216 is refused where the plan is stopped', () => {
    given(...running, stopped())
      .when(change)
      .thenRefused('plan-stopped');
  });

  test('R216 R219 I25 leaves the occasions before it to be filled in as they were', () => {
    const at = '2026-03-02T12:00:00.000Z';
    const history = [...running, { ...changed({ schedule: evenings, graceDays: 5 }), at }];
    given(...history)
      .when(register, byResident('2026-03-02T22:59:59.999Z'))
      .thenEvents(registered());
    given(...history)
      .when(register, byResident('2026-03-02T23:00:00.000Z'))
      .thenRefused('outside-occasion');
    given(...history)
      .when(registering({ occasion: '2026-03-02T19:00:00.000Z' }), byResident('2026-03-07T22:59:59.999Z'))
      .thenEvents(registered('2026-03-02T19:00:00.000Z'));
    given(...history)
      .when(registering({ occasion: tuesday }), byResident(tuesday))
      .thenRefused('outside-occasion');
  });
});

describe('the stop of an activity plan', () => {
  test('R216 is done once', () => {
    given(...running)
      .when(stop)
      .thenEvents(stopped());
    given(...running, stopped())
      .when(stop)
      .thenNothing();
  });

  test('R219 takes no more answers', () => {
    given(...running, stopped())
      .when(register, byResident())
      .thenRefused('plan-stopped');
  });
});

describe('an occasion of an activity plan', () => {
  test('R219 I25 is filled in from its instant on', () => {
    given(...running)
      .when(register, byResident('2026-03-02T05:59:59.999Z'))
      .thenRefused('outside-occasion');
    given(...running)
      .when(register, byResident(monday))
      .thenEvents(registered());
  });

  test.each([
    [0, '2026-03-02T22:59:59.999Z', '2026-03-02T23:00:00.000Z'],
    [2, '2026-03-04T22:59:59.999Z', '2026-03-04T23:00:00.000Z'],
    [28, '2026-03-30T21:59:59.999Z', '2026-03-30T22:00:00.000Z'],
  ])('R218 R219 I25 D28 is filled in through the end of the day, %i days after', (graceDays, last, late) => {
    const history = [...ongoing(), planned({ graceDays })];
    given(...history)
      .when(register, byResident(last))
      .thenEvents(registered());
    given(...history)
      .when(register, byResident(late))
      .thenRefused('outside-occasion');
  });

  test('R219 I25 is one of the plan’s', () => {
    given(...running)
      .when(registering({ occasion: '2026-03-02T06:00:00.001Z' }), byResident())
      .thenRefused('outside-occasion');
  });

  test('R219 is filled in once', () => {
    given(...running, registered())
      .when(register, byResident())
      .thenRefused('already-registered');
    given(...running, registered())
      .when(registering({ occasion: tuesday }), byResident(tuesday))
      .thenEvents(registered(tuesday));
  });

  test.each([[[]], [['3', '4']]])('R215 is filled in with an answer for each element: not %o', (answers) => {
    given(...running)
      .when(registering({ answers }), byResident())
      .thenInvalid('data.answers', 'wrong-number');
  });

  test('R219 is remembered as filled in, in its own plan', () => {
    const program = fold(...running, planned({ planId: uuid(62) }), registered());
    expect(program).toMatchObject({ status: 'ongoing' });
    const plans = program.status === 'ongoing' ? program.plans : new Map();
    expect([...plans].map(([id, plan]) => [id, [...plan.registered]])).toEqual([
      [planId, [monday]],
      [uuid(62), []],
    ]);
  });
});
