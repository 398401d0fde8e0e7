import { type Era, occasionsOn, type Schedule } from '../../src/domain/program/schedule.ts';
import type { Day, Instant } from '../../src/domain/time.ts';

/** Mondays, Wednesdays and Fridays at seven, from a Monday on. */
export const scheduled = (differing: Partial<Schedule> = {}): Schedule => ({
  ...{ from: '2026-03-02', everyWeeks: 1, weekdays: [1, 3, 5], times: ['07:00'] },
  ...differing,
});
export const daily = { weekdays: [1, 2, 3, 4, 5, 6, 7] } satisfies Partial<Schedule>;

/** A schedule that is in force from the beginning, and has not been changed. */
export const era = (differing: Partial<Schedule> = {}, graceDays = 0): Era => ({
  ...{ schedule: scheduled(differing), graceDays },
  ...{ since: undefined, until: undefined },
});

/** When the occasions of some days are due. */
export const dueOn = (first: Day, last: Day, differing: Partial<Schedule> = {}): readonly Instant[] =>
  occasionsOn([era(differing)], first, last).map(({ at }) => at);
