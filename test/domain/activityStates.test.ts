import { describe, expect, test } from 'vitest';
import { type ActivityPlan, missedBy, newPlan, stateOf, withEra } from '../../src/domain/program/plans.ts';
import { type Occasion, occasionAt } from '../../src/domain/program/schedule.ts';
import { uuid } from './people.ts';
import { given, ongoing, planCreated, planId, programId } from './programs.ts';
import { daily, scheduled } from './schedules.ts';

/** Every day at seven from Monday 2 March on, made the evening before; filled in through the day after. */
const planned = (differing: Partial<ActivityPlan> = {}): ActivityPlan => ({
  ...newPlan({ elements: 1, schedule: scheduled(daily), graceDays: 1, remind: true }, '2026-03-01T18:00:00.000Z'),
  ...differing,
});
const due = (date: number): string => `2026-03-${String(date).padStart(2, '0')}T06:00:00.000Z`;
const occasionOn = (date: number, plan = planned()): Occasion => {
  const found = occasionAt(plan.eras, due(date));
  if (found === undefined) throw new Error(`there is no occasion on ${date} March`);
  return found;
};
const filledIn = (...dates: readonly number[]) => ({ registered: new Set(dates.map(due)) });

describe('the state of an occasion', () => {
  const on2 = occasionOn(2);

  test.each([
    ['2026-03-02T05:59:59.999Z', 'coming'],
    ['2026-03-02T06:00:00.000Z', 'open'],
    ['2026-03-03T22:59:59.999Z', 'open'],
    ['2026-03-03T23:00:00.000Z', 'missed'],
  ] as const)('R219 I25 at %s is %s', (now, state) => {
    expect(stateOf(on2, planned(), now)).toBe(state);
  });

  test.each(['2026-03-02T12:00:00.000Z', '2026-03-20T12:00:00.000Z'])('R219 is registered ever after: %s', (now) => {
    expect(stateOf(on2, planned(filledIn(2)), now)).toBe('registered');
    expect(stateOf(occasionOn(3), planned(filledIn(2)), now)).not.toBe('registered');
  });

  test('R219 I25 is cancelled where the plan was made when it could not be filled in any more', () => {
    const made = (createdAt: string) => stateOf(on2, planned({ createdAt }), '2026-03-20T12:00:00.000Z');
    expect(made('2026-03-03T22:59:59.999Z')).toBe('missed');
    expect(made('2026-03-03T23:00:00.000Z')).toBe('cancelled');
  });

  test('R219 I25 is cancelled where the plan was stopped before it closed, unless it was filled in', () => {
    const stopped = (stoppedAt: string, more = {}) =>
      stateOf(on2, planned({ stoppedAt, ...more }), '2026-03-20T12:00:00.000Z');
    expect(stopped('2026-03-02T05:00:00.000Z')).toBe('cancelled');
    expect(stopped('2026-03-03T22:59:59.999Z')).toBe('cancelled');
    expect(stopped('2026-03-03T23:00:00.000Z')).toBe('missed');
    expect(stopped('2026-03-02T12:00:00.000Z', filledIn(2))).toBe('registered');
  });
});

describe('the occasions that were missed', () => {
  const missed = (now: string, plan = planned()) => missedBy(plan, now).map(({ at }) => at);

  test('R152 R219 I25 are those that closed and were not filled in, in order', () => {
    expect(missed('2026-03-03T22:59:59.999Z')).toEqual([]);
    expect(missed('2026-03-03T23:00:00.000Z')).toEqual([due(2)]);
    expect(missed('2026-03-06T12:00:00.000Z')).toEqual([due(2), due(3), due(4)]);
    expect(missed('2026-03-06T12:00:00.000Z', planned(filledIn(3)))).toEqual([due(2), due(4)]);
  });

  test('R219 are none from before the plan was made, but for one that could still be filled in', () => {
    const late = planned({ createdAt: '2026-03-05T12:00:00.000Z' });
    expect(missed('2026-03-07T12:00:00.000Z', late)).toEqual([due(4), due(5)]);
  });

  test('R219 are none from after the plan was stopped', () => {
    const stopped = planned({ stoppedAt: '2026-03-04T12:00:00.000Z' });
    expect(missed('2026-03-20T12:00:00.000Z', stopped)).toEqual([due(2)]);
  });

  test('R216 R219 are those of each schedule that the plan has had', () => {
    const { eras } = planned();
    const weekly = { schedule: scheduled({ weekdays: [6] }), graceDays: 0 };
    const changed = planned({ eras: withEra(eras, weekly, '2026-03-03T12:00:00.000Z') });
    expect(missed('2026-03-08T12:00:00.000Z', changed)).toEqual([due(2), due(3), due(7)]);
  });

  test('R219 with many grace days, of which an earlier schedule had more, are found', () => {
    const eras = [{ schedule: scheduled(daily), graceDays: 9, since: undefined, until: undefined }];
    const shorter = { schedule: scheduled(daily), graceDays: 0 };
    const createdAt = '2026-03-10T12:00:00.000Z';
    const changed = planned({ createdAt, eras: withEra(eras, shorter, '2026-03-10T12:00:00.000Z') });
    expect(missed('2026-03-12T00:00:00.000Z', changed)).toEqual([due(2), due(11)].sort());
  });

  test('R152 can be cleared by hand, one flag each', () => {
    const derive = (from: string, what: string) => (from === planId ? what : uuid(1));
    const clear = (flagId: string, at: string) =>
      given(...ongoing(), planCreated()).when({ type: 'clear-flag', data: { programId, flagId } }, { at, derive });
    clear(`missed ${due(2)}`, '2026-03-02T23:00:00.000Z').thenEvents({
      type: 'flag-cleared',
      data: { flagId: `missed ${due(2)}` },
    });
    clear(`missed ${due(2)}`, '2026-03-02T22:59:59.999Z').thenRefused('unknown-flag');
    clear(`missed ${due(3)}`, '2026-03-02T23:00:00.000Z').thenRefused('unknown-flag');
  });
});
