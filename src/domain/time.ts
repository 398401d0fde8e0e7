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

/** Wall-clock time in Europe/Stockholm, HH:MM. */
export const Time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/);
export type Time = z.infer<typeof Time>;

/** Days are compared as texts: the calendar ends where a year gets a sign and more than four figures. */
const lastDay = '9999-12-31';
const onCalendar = (day: string): Day => (day.startsWith('+') ? lastDay : day);

/** An instant as the clock on a Swedish wall shows it, with milliseconds and without a zone: as the national log contract writes it. */
export const localTimeOf = (instant: Instant): string =>
  Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'millisecond' });

/** How many answers about the calendar are remembered: a list of occasions asks for the same few hundred days again and again. */
const mostRemembered = 10_000;

/** A function that remembers what it has found. */
const remembering = <Key extends string | number, Found>(find: (key: Key) => Found): ((key: Key) => Found) => {
  const known = new Map<Key, Found>();
  return (key) => {
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const found = find(key);
    if (known.size >= mostRemembered) known.clear();
    known.set(key, found);
    return found;
  };
};

const dayAt = (instant: Instant): Day =>
  onCalendar(Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate().toString());

/** Since 1900 Swedish clocks have been whole hours from UTC, so that a day begins with an hour. */
const wholeHoursSince = '1900';
const dayOfHour = remembering((hour: string): Day => dayAt(`${hour}:00:00.000Z`));

/** The calendar day in Sweden on which an instant falls. */
export const dayOf = (instant: Instant): Day =>
  instant >= wholeHoursSince && instant.endsWith('Z')
    ? dayOfHour(instant.slice(0, 'YYYY-MM-DDTHH'.length))
    : dayAt(instant);

const dayLength = 86_400_000;
const numberOf = remembering((day: Day): number => Date.parse(`${day}T00:00:00Z`) / dayLength);
const dayNumbered = remembering(
  (number: number): Day => onCalendar(new Date(number * dayLength).toISOString().replace(/T.*/, '')),
);

/** The day a number of days later; negative counts back. After the last day of the calendar comes none. */
export const addDays = (day: Day, days: number): Day => dayNumbered(numberOf(day) + days);

const monthsLater = remembering((dayAndMonths: string): Day => {
  const [day = '', months = ''] = dayAndMonths.split(' ');
  return onCalendar(
    Temporal.PlainDate.from(day)
      .add({ months: Number(months) })
      .toString(),
  );
});

/** The day a number of months later; the last of the month where the day is missing there. */
export const addMonths = (day: Day, months: number): Day => monthsLater(`${day} ${months}`);

/** Whole calendar days from one day to another; negative when the second is earlier. */
export const daysBetween = (from: Day, to: Day): number => numberOf(to) - numberOf(from);

const daysInWeek = 7;
/** 1 January 1970 was a Thursday. */
const firstWeekday = 4;

/** The day of the week, Monday 1 to Sunday 7 (ISO 8601). */
export const weekdayOf = (day: Day): number => {
  const weekday = (numberOf(day) + firstWeekday) % daysInWeek;
  return weekday <= 0 ? weekday + daysInWeek : weekday;
};

const instantIn = (zoned: Temporal.ZonedDateTime): number => zoned.toInstant().epochMilliseconds;

const beginningOf = remembering((day: Day): number => instantIn(Temporal.PlainDate.from(day).toZonedDateTime(zone)));

const written = (milliseconds: number): Instant => new Date(milliseconds).toISOString();

/** The instant at which a day begins in Sweden. */
export const startOfDay = remembering((day: Day): Instant => written(beginningOf(day)));

const minuteLength = 60_000;
const minutesIn = (time: Time): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const isUsual = (day: Day): boolean => beginningOf(addDays(day, 1)) - beginningOf(day) === dayLength;

const instantOf = remembering((dayAndTime: string): Instant => {
  const [day = '', time = ''] = dayAndTime.split('T');
  return written(
    isUsual(day)
      ? beginningOf(day) + minutesIn(time) * minuteLength
      : instantIn(Temporal.PlainDateTime.from(dayAndTime).toZonedDateTime(zone)),
  );
});

/**
 * The instant of a clock time on a day in Sweden. A time that the change to summer time leaves out is as much later as the clock was
 * moved (02:30 is 03:30); one that comes twice is the first (Temporal's "compatible", as in RFC 5545).
 */
export const instantAt = (day: Day, time: Time): Instant => instantOf(`${day}T${time}`);

/** The month of a day, YYYY-MM. */
export const monthOf = (day: Day): string => day.slice(0, 7);
