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

/** A schedule in force: how long after an occasion it can be filled in, and which occasions it gives. */
export type Era = {
  readonly schedule: Schedule;
  /** Days after the day of an occasion through whose end it may be filled in (R218, D28). */
  readonly graceDays: number;
  /** Occasions before this instant are those of an earlier era; undefined for the first. */
  readonly since: Instant | undefined;
  /** Occasions from this instant on are those of the next era; undefined while it is in force. */
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

const isScheduled = ({ from, to, everyWeeks, weekdays }: Schedule, day: Day): boolean =>
  from <= day &&
  (to === undefined || day <= to) &&
  (weekdays as readonly number[]).includes(weekdayOf(day)) &&
  (daysBetween(mondayOf(from), mondayOf(day)) / daysInWeek) % everyWeeks === 0;

const daysFrom = (first: Day, last: Day): readonly Day[] =>
  Array.from({ length: Math.max(0, daysBetween(first, last) + 1) }, (_, index) => addDays(first, index));

const later = <Comparable extends string>(one: Comparable, other: Comparable): Comparable =>
  one > other ? one : other;
const earlier = <Comparable extends string>(one: Comparable, other: Comparable): Comparable =>
  one < other ? one : other;

const isInForce = ({ since, until }: Era, at: Instant): boolean =>
  (since === undefined || since <= at) && (until === undefined || at < until);

/** A clock time that does not exist on a day may fall together with another: they are then one occasion. */
const instantsOn = ({ times }: Schedule, day: Day): readonly Instant[] =>
  [...new Set(times.map((time) => instantAt(day, time)))].toSorted();

const occasionsOfEra = (era: Era, first: Day, last: Day): readonly Occasion[] => {
  const { schedule, graceDays } = era;
  const from = later(first, schedule.from);
  const to = schedule.to === undefined ? last : earlier(last, schedule.to);
  return daysFrom(from, to)
    .filter((day) => isScheduled(schedule, day))
    .flatMap((day) => {
      const closes = startOfDay(addDays(day, graceDays + 1));
      return instantsOn(schedule, day)
        .filter((at) => isInForce(era, at))
        .map((at) => ({ at, closes }));
    });
};

/** The occasions on the days from one to another, both included, in order (R216–R220, I25). */
export const occasionsOn = (eras: readonly Era[], first: Day, last: Day): readonly Occasion[] =>
  eras.flatMap((era) => occasionsOfEra(era, first, last));

/** The occasion at an instant; undefined when there is none. */
export const occasionAt = (eras: readonly Era[], at: Instant): Occasion | undefined =>
  occasionsOn(eras, dayOf(at), dayOf(at)).find((occasion) => occasion.at === at);

/** The first occasion from an instant on; undefined when no more will come. */
export const firstOccasionFrom = (eras: readonly Era[], from: Instant): Occasion | undefined => {
  for (const era of eras) {
    const first = later(dayOf(from), era.schedule.from);
    // One round of the schedule shows every weekday that it names.
    const last = addDays(first, daysInWeek * (era.schedule.everyWeeks + 1));
    const found = occasionsOfEra(era, first, last).find(({ at }) => at >= from);
    if (found !== undefined) return found;
  }
  return undefined;
};
