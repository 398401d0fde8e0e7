import { describe, expect, test } from 'vitest';
import { isSameSchedule, occasionAt, Schedule } from '../../src/domain/program/schedule.ts';
import type { Day } from '../../src/domain/time.ts';
import { daily, dueOn, era, scheduled } from './schedules.ts';

const daysOf = (first: Day, last: Day, differing: Partial<Schedule> = {}) =>
  dueOn(first, last, { times: ['12:00'], ...differing }).map((at) => at.slice(0, 10));

describe('a schedule', () => {
  const everyHour = Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, '0')}:30`);

  test.each<[string, Partial<Schedule>]>([
    ['every weekday and 24 times', { ...daily, times: everyHour }],
    ['one time on one weekday', { weekdays: [7], times: ['00:00'] }],
    ['a last day', { to: '2026-03-31' }],
    ['a last day that is the first', { to: '2026-03-02' }],
    ['a year between its weeks', { everyWeeks: 52 }],
  ])('R216 R217 may have %s', (_, differing) => {
    const given = scheduled(differing);
    expect(Schedule.safeParse(given)).toMatchObject({ success: true, data: given });
  });

  test.each<[string, object, string]>([
    ['no weekday', { weekdays: [] }, 'weekdays'],
    ['a weekday twice', { weekdays: [1, 3, 1] }, 'weekdays'],
    ['an eighth weekday', { weekdays: [8] }, 'weekdays.0'],
    ['a weekday of nought', { weekdays: [0] }, 'weekdays.0'],
    ['no time', { times: [] }, 'times'],
    ['a time twice', { times: ['07:00', '07:00'] }, 'times'],
    ['a time that no clock shows', { times: ['24:00'] }, 'times.0'],
    ['a time without a minute', { times: ['7'] }, 'times.0'],
    ['nought weeks between', { everyWeeks: 0 }, 'everyWeeks'],
    ['more than a year between', { everyWeeks: 53 }, 'everyWeeks'],
    ['half weeks between', { everyWeeks: 1.5 }, 'everyWeeks'],
    ['a last day before the first', { to: '2026-03-01' }, 'to'],
    ['a day that no calendar has', { from: '2026-02-30' }, 'from'],
  ])('R216 R217 never has %s', (_, differing, path) => {
    const read = Schedule.safeParse({ ...scheduled(), ...differing });
    expect(read.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });

  test('R216 says the same in whatever order it names its weekdays and times', () => {
    const one = scheduled({ weekdays: [1, 3], times: ['07:00', '19:00'] });
    expect(isSameSchedule(one, { ...one, weekdays: [3, 1], times: ['19:00', '07:00'] })).toBe(true);
    expect(isSameSchedule(one, { ...one, to: undefined })).toBe(true);
  });

  test.each<[string, Partial<Schedule>]>([
    ['first day', { from: '2026-03-03' }],
    ['last day', { to: '2026-03-31' }],
    ['interval', { everyWeeks: 2 }],
    ['weekday', { weekdays: [1, 3] }],
    ['time', { times: ['07:01'] }],
  ])('R216 R217 is another with another %s', (_, differing) => {
    expect(isSameSchedule(scheduled(), scheduled(differing))).toBe(false);
  });
});

describe('the occasions of a schedule', () => {
  test('R216 R220 are its clock times on its weekdays, in Sweden in winter and in summer', () => {
    expect(dueOn('2026-03-02', '2026-03-08', { times: ['07:00', '21:30'] })).toEqual([
      ...['2026-03-02T06:00:00.000Z', '2026-03-02T20:30:00.000Z'],
      ...['2026-03-04T06:00:00.000Z', '2026-03-04T20:30:00.000Z'],
      ...['2026-03-06T06:00:00.000Z', '2026-03-06T20:30:00.000Z'],
    ]);
    expect(dueOn('2026-07-06', '2026-07-07')).toEqual(['2026-07-06T05:00:00.000Z']);
  });

  test('R216 come in order, however they are named', () => {
    expect(dueOn('2026-03-02', '2026-03-06', { weekdays: [5, 1], times: ['21:30', '07:00'] })).toEqual([
      ...['2026-03-02T06:00:00.000Z', '2026-03-02T20:30:00.000Z'],
      ...['2026-03-06T06:00:00.000Z', '2026-03-06T20:30:00.000Z'],
    ]);
  });

  test('R216 R220 belong to the day in Sweden, at midnight and just before', () => {
    expect(dueOn('2026-07-06', '2026-07-06', { times: ['00:00', '23:59'] })).toEqual([
      '2026-07-05T22:00:00.000Z',
      '2026-07-06T21:59:00.000Z',
    ]);
  });

  test('R217 begin on the first day and end with the last, both included', () => {
    const fortnight = { ...daily, from: '2026-03-04', to: '2026-03-06' };
    expect(daysOf('2026-01-01', '2026-12-31', fortnight)).toEqual(['2026-03-04', '2026-03-05', '2026-03-06']);
    expect(daysOf('2026-03-05', '2026-03-05', fortnight)).toEqual(['2026-03-05']);
    expect(daysOf('2026-03-07', '2026-12-31', fortnight)).toEqual([]);
    expect(daysOf('2026-01-01', '2026-03-03', fortnight)).toEqual([]);
  });

  test('R217 do not repeat where the last day is the first', () => {
    expect(dueOn('2026-01-01', '2026-12-31', { to: '2026-03-02', times: ['08:00', '20:00'] })).toEqual([
      '2026-03-02T07:00:00.000Z',
      '2026-03-02T19:00:00.000Z',
    ]);
  });

  test('R217 go on without a last day', () => {
    expect(daysOf('2036-03-03', '2036-03-09', {})).toEqual(['2036-03-03', '2036-03-05', '2036-03-07']);
  });

  test('R217 are counted in weeks from the week of the first day, whichever day that is', () => {
    const everySecond = { everyWeeks: 2, weekdays: [1, 7] } satisfies Partial<Schedule>;
    const mondaysAndSundays = ['2026-03-16', '2026-03-22', '2026-03-30', '2026-04-05'];
    expect(daysOf('2026-03-01', '2026-04-12', everySecond)).toEqual(['2026-03-02', '2026-03-08', ...mondaysAndSundays]);
    expect(daysOf('2026-03-01', '2026-04-12', { ...everySecond, from: '2026-03-04' })).toEqual([
      '2026-03-08',
      ...mondaysAndSundays,
    ]);
    expect(daysOf('2026-03-01', '2026-04-12', { ...everySecond, from: '2026-03-08' })).toEqual([
      '2026-03-08',
      ...mondaysAndSundays,
    ]);
    expect(daysOf('2026-03-09', '2026-03-15', everySecond)).toEqual([]);
  });

  test('R217 are counted over the turn of the year', () => {
    const third = { from: '2025-12-15', everyWeeks: 3, weekdays: [4] } satisfies Partial<Schedule>;
    expect(daysOf('2025-12-01', '2026-02-28', third)).toEqual(['2025-12-18', '2026-01-08', '2026-01-29', '2026-02-19']);
  });

  test('I25 end with the last whole week of the calendar', () => {
    expect(daysOf('9999-12-20', '9999-12-31', { weekdays: [1, 5, 6, 7] })).toEqual([
      ...['9999-12-20', '9999-12-24', '9999-12-25', '9999-12-26'],
    ]);
  });

  test('I25 are none on no days', () => {
    expect(dueOn('2026-03-06', '2026-03-02')).toEqual([]);
  });

  test('I25 are told by their instant alone', () => {
    expect(occasionAt([era()], '2026-03-04T06:00:00.000Z')).toEqual({
      at: '2026-03-04T06:00:00.000Z',
      closes: '2026-03-04T23:00:00.000Z',
    });
  });

  test.each([
    ['another minute', '2026-03-04T06:01:00.000Z'],
    ['another day', '2026-03-03T06:00:00.000Z'],
    ['before the first day', '2026-02-27T06:00:00.000Z'],
    ['the end of the calendar', '9999-12-31T12:00:00.000Z'],
    ['after the end of the calendar', '9999-12-31T23:30:00.000Z'],
    ['the beginning of the calendar', '0000-01-01T00:00:00.000Z'],
  ])('I25 are not at %s', (_, at) => {
    expect(occasionAt([era()], at)).toBeUndefined();
  });
});
