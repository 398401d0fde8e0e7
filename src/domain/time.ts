import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

/** The zone in which Swedish care counts its days (D19). */
const zone = 'Europe/Stockholm';

/** An instant as kept and shown: ISO 8601 in UTC with milliseconds. */
export const Instant = z.iso.datetime({ precision: 3 });
export type Instant = z.infer<typeof Instant>;

/** A calendar day in Europe/Stockholm, YYYY-MM-DD. */
export const Day = z.iso.date();
export type Day = z.infer<typeof Day>;

/** The calendar day in Sweden on which an instant falls. */
export const dayOf = (instant: Instant): Day =>
  Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate().toString();

/** The day a number of days later; negative counts back. */
export const addDays = (day: Day, days: number): Day => Temporal.PlainDate.from(day).add({ days }).toString();

/** The day a number of months later; the last of the month where the day is missing there. */
export const addMonths = (day: Day, months: number): Day => Temporal.PlainDate.from(day).add({ months }).toString();

/** Whole calendar days from one day to another; negative when the second is earlier. */
export const daysBetween = (from: Day, to: Day): number =>
  Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'day' }).days;
