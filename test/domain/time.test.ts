import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  Day,
  dayOf,
  daysBetween,
  Instant,
  instantAt,
  localTimeOf,
  startOfDay,
  weekdayOf,
} from '../../src/domain/time.ts';

const runs = { numRuns: 500 };
const dates = { min: new Date('1970-01-01T00:00:00Z'), max: new Date('2099-12-30T00:00:00Z'), noInvalidDate: true };
const instants = fc.date(dates).map((date) => date.toISOString());
const days = instants.map((instant) => instant.slice(0, 10));
const swedish = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Stockholm' });

describe('the local time of an instant', () => {
  test.each([
    ['2026-03-02T08:00:00.000Z', '2026-03-02T09:00:00.000'],
    ['2026-07-01T22:59:59.999Z', '2026-07-02T00:59:59.999'],
    ['2026-10-25T00:30:00.000Z', '2026-10-25T02:30:00.000'],
    ['2026-10-25T01:30:00.000Z', '2026-10-25T02:30:00.000'],
    ['2026-12-31T23:30:00.120Z', '2027-01-01T00:30:00.120'],
  ])('D19 is what the clock on a Swedish wall shows, without a zone: %s', (instant, local) => {
    expect(localTimeOf(instant)).toBe(local);
  });
});

describe('the day of an instant', () => {
  test.each([
    ['2026-01-01T22:59:59.999Z', '2026-01-01'],
    ['2026-01-01T23:00:00.000Z', '2026-01-02'],
    ['2026-07-01T21:59:59.999Z', '2026-07-01'],
    ['2026-07-01T22:00:00.000Z', '2026-07-02'],
    ['2026-12-31T23:30:00.000Z', '2027-01-01'],
    ['2024-02-29T12:00:00.000Z', '2024-02-29'],
  ])('D19 is the calendar day in Sweden: %s', (instant, day) => {
    expect(dayOf(instant)).toBe(day);
  });

  test.each([
    ['2026-03-28T22:59:59.999Z', '2026-03-28'],
    ['2026-03-28T23:00:00.000Z', '2026-03-29'],
    ['2026-03-29T00:59:59.999Z', '2026-03-29'],
    ['2026-03-29T01:00:00.000Z', '2026-03-29'],
    ['2026-03-29T21:59:59.999Z', '2026-03-29'],
    ['2026-03-29T22:00:00.000Z', '2026-03-30'],
  ])('D19 is right on the day that has 23 hours: %s', (instant, day) => {
    expect(dayOf(instant)).toBe(day);
  });

  test.each([
    ['2026-10-24T21:59:59.999Z', '2026-10-24'],
    ['2026-10-24T22:00:00.000Z', '2026-10-25'],
    ['2026-10-25T00:30:00.000Z', '2026-10-25'],
    ['2026-10-25T01:30:00.000Z', '2026-10-25'],
    ['2026-10-25T22:59:59.999Z', '2026-10-25'],
    ['2026-10-25T23:00:00.000Z', '2026-10-26'],
  ])('D19 is right on the day that has 25 hours: %s', (instant, day) => {
    expect(dayOf(instant)).toBe(day);
  });

  test('D19 is what the platform’s own calendar says', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        expect(dayOf(instant)).toBe(swedish.format(new Date(instant)));
      }),
      runs,
    );
  });

  test('D19 never goes back', () => {
    fc.assert(
      fc.property(instants, instants, (one, other) => {
        const [earlier, later] = one < other ? [one, other] : [other, one];
        expect(dayOf(earlier) <= dayOf(later)).toBe(true);
      }),
      runs,
    );
  });
});

describe('a number of days', () => {
  test.each([
    ['2026-02-28', 1, '2026-03-01'],
    ['2024-02-28', 1, '2024-02-29'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2026-03-28', 2, '2026-03-30'],
    ['2026-03-01', -1, '2026-02-28'],
    ['2026-03-02', 0, '2026-03-02'],
    ['2026-03-02', 90, '2026-05-31'],
  ])('D19 added to %s: %i', (day, number, later) => {
    expect(addDays(day, number)).toBe(later);
    expect(daysBetween(day, later)).toBe(number);
  });

  test('D19 is what lies between the days', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: -4_000, max: 4_000 }), (day, number) => {
        expect(daysBetween(day, addDays(day, number))).toBe(number);
      }),
      runs,
    );
  });

  test('D19 is the same there and back', () => {
    fc.assert(
      fc.property(days, days, (from, to) => {
        expect(addDays(from, daysBetween(from, to))).toBe(to);
        expect(daysBetween(to, from) + daysBetween(from, to)).toBe(0);
      }),
      runs,
    );
  });
});

describe('a number of months', () => {
  test.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2026-03-31', 3, '2026-06-30'],
    ['2026-08-31', 6, '2027-02-28'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2026-03-02', 12, '2027-03-02'],
    ['2026-12-15', 3, '2027-03-15'],
  ])('R222 added to %s ends in the month meant: %i', (day, number, later) => {
    expect(addMonths(day, number)).toBe(later);
  });

  test('R222 gives the same day of the month, or its last', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 120 }), (day, number) => {
        const later = addMonths(day, number);
        const sameDay = later.slice(8) === day.slice(8);
        expect(sameDay || addDays(later, 1).slice(8) === '01').toBe(true);
        const months = (text: string) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
        expect(months(later) - months(day)).toBe(number);
      }),
      runs,
    );
  });
});

describe('the beginning of a day', () => {
  test.each([
    ['2026-01-01', '2025-12-31T23:00:00.000Z'],
    ['2026-07-01', '2026-06-30T22:00:00.000Z'],
    ['2026-03-29', '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', '2026-03-29T22:00:00.000Z'],
    ['2026-10-25', '2026-10-24T22:00:00.000Z'],
    ['2026-10-26', '2026-10-25T23:00:00.000Z'],
  ])('D19 is midnight in Sweden: %s', (day, instant) => {
    expect(startOfDay(day)).toBe(instant);
  });

  test('D19 is the first instant of the day', () => {
    fc.assert(
      fc.property(days, (day) => {
        const before = new Date(Date.parse(startOfDay(day)) - 1).toISOString();
        expect([dayOf(startOfDay(day)), dayOf(before)]).toEqual([day, addDays(day, -1)]);
      }),
      runs,
    );
  });
});

describe('a clock time on a day', () => {
  const minutes = fc.integer({ min: 0, max: 24 * 60 - 1 });
  const shown = new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone: 'Europe/Stockholm', dateStyle: 'short', timeStyle: 'short' },
  });

  test('R220 is the instant at which a Swedish clock shows it, except where no clock does', () => {
    fc.assert(
      fc.property(days, minutes, (day, minute) => {
        const time = new Date(minute * 60_000).toISOString().slice(11, 16);
        const clock = shown.format(new Date(instantAt(day, time)));
        const isLeftOut = time.startsWith('02') && clock === `${day} ${time.replace(/^02/, '03')}`;
        expect(isLeftOut ? `${day} ${time}` : clock).toBe(`${day} ${time}`);
      }),
      runs,
    );
  });
});

describe('a day of the week', () => {
  test.each([
    ['2026-03-02', 1],
    ['2026-03-08', 7],
    ['1970-01-01', 4],
    ['1969-12-28', 7],
    ['1900-01-01', 1],
    ['2024-02-29', 4],
  ])('R216 is counted from Monday: %s', (day, weekday) => {
    expect(weekdayOf(day)).toBe(weekday);
  });

  test('R216 is what the platform’s own calendar says', () => {
    fc.assert(
      fc.property(days, (day) => {
        expect(weekdayOf(day) % 7).toBe(new Date(day).getUTCDay());
      }),
      runs,
    );
  });
});

describe('the end of the calendar', () => {
  const last = '9999-12-31';

  test('is a day after which none comes, so that days can be compared as texts', () => {
    expect(addDays(last, 1)).toBe(last);
    expect(addDays('9999-12-30', 400)).toBe(last);
    expect(addMonths('9999-11-30', 2)).toBe(last);
    expect(dayOf('9999-12-31T23:30:00.000Z')).toBe(last);
    expect(addDays('0000-01-01', -1) < '0000-01-01').toBe(true);
  });
});

describe('an instant', () => {
  test('is in UTC with milliseconds', () => {
    fc.assert(
      fc.property(instants, (instant) => Instant.safeParse(instant).success),
      runs,
    );
  });

  test.each([
    '2026-03-02',
    '2026-03-02T08:15:30Z',
    '2026-03-02T08:15:30.12Z',
    '2026-03-02T08:15:30.1234Z',
    '2026-03-02T08:15:30.123',
    '2026-03-02T08:15:30.123+01:00',
    '2026-03-02 08:15:30.123Z',
    '2026-02-30T08:15:30.123Z',
    '2025-02-29T08:15:30.123Z',
    '2026-13-01T08:15:30.123Z',
    '2026-03-02T24:00:00.000Z',
    '2026-03-02T08:60:00.000Z',
    '2026-06-30T23:59:60.000Z',
    '',
  ])('is nothing else, so that its day can always be told: "%s"', (text) => {
    expect(Instant.safeParse(text).success).toBe(false);
  });
});

describe('a day', () => {
  test.each(['2026-03-02', '2024-02-29', '9999-12-31'])('is on the calendar: %s', (text) => {
    expect(Day.safeParse(text).success).toBe(true);
  });

  test.each(['2026-02-29', '2026-04-31', '2026-3-2', '260302', '2026-03-02T00:00:00.000Z', ''])(
    'is nothing else: "%s"',
    (text) => {
      expect(Day.safeParse(text).success).toBe(false);
    },
  );
});
