import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, addMonths, Day, dayOf, daysBetween, Instant } from '../../src/domain/time.ts';

const runs = { numRuns: 500 };
const dates = { min: new Date('1970-01-01T00:00:00Z'), max: new Date('2099-12-30T00:00:00Z'), noInvalidDate: true };
const instants = fc.date(dates).map((date) => date.toISOString());
const days = instants.map((instant) => instant.slice(0, 10));
const swedish = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Stockholm' });

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
