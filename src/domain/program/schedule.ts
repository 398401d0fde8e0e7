import { z } from 'zod';
import { addDays, Day, dayOf, daysBetween, type Instant, instantAt, startOfDay, Time, weekdayOf } from '../time.ts';

const isUnique = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

/**
 * When the resident should fill in an activity plan (R216, R217): clock times on weekdays, every so many weeks counted from the week of the
 * first day. Monday is 1. A last day equal to the first is a schedule that does not repeat.
 */
export const Schedule = z
  .strictObject({
    from: Day,
    to: Day.optional(),
    everyWeeks: z.int().positive().max(52),
    weekdays: z
      .array(z.literal([1, 2, 3, 4, 5, 6, 7]))
      .min(1)
      .max(7)
      .refine(isUnique, { message: 'duplicate' }),
    times: z.array(Time).min(1).max(24).refine(isUnique, { message: 'duplicate' }),
  })
  .refine(({ from, to }) => to === undefined || from <= to, { message: 'ends-before-it-begins', path: ['to'] });
export type Schedule = z.infer<typeof Schedule>;

const inOrder = ({ from, to, everyWeeks, weekdays, times }: Schedule): readonly unknown[] => [
  from,
  to ?? '',
  everyWeeks,
  weekdays.toSorted(),
  times.toSorted(),
];

/** Whether two schedules say the same, in whatever order they name their weekdays and times. */
export const isSameSchedule = (one: Schedule, other: Schedule): boolean =>
  JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));

/** A schedule in force: how long after an occasion it can be filled in, and which occasions it gives. */
export type Era = {
  readonly schedule: Schedule;
  /** Days after the day of an occasion through whose end it may be filled in (R218, D28). */
  readonly graceDays: number;
  /** Occasions up to this instant are those of an earlier era, for they have begun; undefined for the first. */
  readonly since: Instant | undefined;
  /** Occasions after this instant are those of the next era; undefined while it is in force. */
  readonly until: Instant | undefined;
};

/** One time at which the resident should fill in a plan. */
export type Occasion = {
  /** When it is due, and may first be filled in. */
  readonly at: Instant;
  /** The first instant at which it may not be filled in any more: midnight in Sweden after its last day. */
  readonly closes: Instant;
};

const daysInWeek = 7;
const mondayOf = (day: Day): Day => addDays(day, 1 - weekdayOf(day));

const later = <Comparable extends string>(one: Comparable, other: Comparable): Comparable =>
  one > other ? one : other;
const earlier = <Comparable extends string>(one: Comparable, other: Comparable): Comparable =>
  one < other ? one : other;

/** The calendar ends in the middle of a week (see addDays): that week is left out. */
const lastSunday: Day = '9999-12-26';

/** The days of a schedule from one day to another, in order: round by round, for most days of a long schedule are none of its own. */
const scheduledDays = ({ from, to, everyWeeks, weekdays }: Schedule, first: Day, last: Day): readonly Day[] => {
  const begin = later(first, from);
  const end = earlier(to === undefined ? last : earlier(last, to), lastSunday);
  const firstWeek = mondayOf(from);
  const round = daysInWeek * everyWeeks;
  const roundOf = (day: Day): number => Math.floor(daysBetween(firstWeek, day) / round);
  const firstRound = roundOf(begin);
  const rounds = Math.max(0, roundOf(end) - firstRound + 1);
  const week = weekdays.toSorted();
  return Array.from({ length: rounds }, (_, index) => addDays(firstWeek, (firstRound + index) * round))
    .flatMap((monday) => week.map((weekday) => addDays(monday, weekday - 1)))
    .filter((day) => begin <= day && day <= end);
};

const isInForce = ({ since, until }: Era, at: Instant): boolean =>
  (since === undefined || since < at) && (until === undefined || at <= until);

/** A clock time that does not exist on a day may fall together with another: they are then one occasion. */
const instantsOn = ({ times }: Schedule, day: Day): readonly Instant[] =>
  [...new Set(times.map((time) => instantAt(day, time)))].toSorted();

const occasionsOfEra = (era: Era, first: Day, last: Day): readonly Occasion[] =>
  scheduledDays(era.schedule, first, last).flatMap((day) => {
    const closes = startOfDay(addDays(day, era.graceDays + 1));
    return instantsOn(era.schedule, day)
      .filter((at) => isInForce(era, at))
      .map((at) => ({ at, closes }));
  });

/** The occasions on the days from one to another, both included, in order (R216–R220, I25). */
export const occasionsOn = (eras: readonly Era[], first: Day, last: Day): readonly Occasion[] =>
  eras.flatMap((era) => occasionsOfEra(era, first, last));

/** The occasion at an instant; undefined when there is none. */
export const occasionAt = (eras: readonly Era[], at: Instant): Occasion | undefined =>
  occasionsOn(eras, dayOf(at), dayOf(at)).find((occasion) => occasion.at === at);

const firstWhere = (
  eras: readonly Era[],
  day: Day,
  isWanted: (occasion: Occasion) => boolean,
): Occasion | undefined => {
  for (const era of eras) {
    const begun = era.since === undefined ? day : later(day, dayOf(era.since));
    const first = later(begun, era.schedule.from);
    // One round of the schedule shows every weekday that it names.
    const last = addDays(first, daysInWeek * (era.schedule.everyWeeks + 1));
    const found = occasionsOfEra(era, first, last).find(isWanted);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** The first occasion from an instant on; undefined when no more will come. */
export const firstOccasionFrom = (eras: readonly Era[], from: Instant): Occasion | undefined =>
  firstWhere(eras, dayOf(from), ({ at }) => at >= from);

/** The first occasion after an instant; undefined when no more will come. */
export const firstOccasionAfter = (eras: readonly Era[], instant: Instant): Occasion | undefined =>
  firstWhere(eras, dayOf(instant), ({ at }) => at > instant);

/** Whether a schedule has no occasion at all: it ends before a weekday comes that it names. */
export const isEmptySchedule = (schedule: Schedule): boolean => {
  const era: Era = { schedule, graceDays: 0, since: undefined, until: undefined };
  return firstOccasionFrom([era], startOfDay(schedule.from)) === undefined;
};
