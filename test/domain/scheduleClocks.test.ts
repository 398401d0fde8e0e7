import { describe, expect, test } from 'vitest';
import { occasionsOn } from '../../src/domain/program/schedule.ts';
import { daily, dueOn, era } from './schedules.ts';

describe('the days on which the clocks are changed', () => {
  const spring = '2026-03-29';
  const autumn = '2026-10-25';

  test.each([
    ['01:59', '2026-03-29T00:59:00.000Z'],
    ['02:00', '2026-03-29T01:00:00.000Z'],
    ['02:30', '2026-03-29T01:30:00.000Z'],
    ['02:59', '2026-03-29T01:59:00.000Z'],
    ['03:00', '2026-03-29T01:00:00.000Z'],
    ['07:00', '2026-03-29T05:00:00.000Z'],
    ['23:59', '2026-03-29T21:59:00.000Z'],
  ])('R220 have one occasion for %s in spring, an hour later where the clock leaves the time out', (time, at) => {
    expect(dueOn(spring, spring, { ...daily, times: [time] })).toEqual([at]);
  });

  test.each([
    ['01:59', '2026-10-24T23:59:00.000Z'],
    ['02:00', '2026-10-25T00:00:00.000Z'],
    ['02:30', '2026-10-25T00:30:00.000Z'],
    ['02:59', '2026-10-25T00:59:00.000Z'],
    ['03:00', '2026-10-25T02:00:00.000Z'],
    ['07:00', '2026-10-25T06:00:00.000Z'],
    ['23:59', '2026-10-25T22:59:00.000Z'],
  ])('R220 have one occasion for %s in autumn, the first where the clock shows the time twice', (time, at) => {
    expect(dueOn(autumn, autumn, { ...daily, times: [time] })).toEqual([at]);
  });

  test('R220 I25 have one occasion for two times that fall together', () => {
    const times = ['02:30', '03:30'];
    expect(dueOn(spring, spring, { ...daily, times })).toEqual(['2026-03-29T01:30:00.000Z']);
    expect(dueOn('2026-03-28', '2026-03-28', { ...daily, times })).toHaveLength(2);
    expect(dueOn(autumn, autumn, { ...daily, times })).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T02:30:00.000Z',
    ]);
  });

  test('R220 have their occasions in order, though the clock is turned', () => {
    expect(dueOn(spring, spring, { ...daily, times: ['03:15', '02:30', '02:15'] })).toEqual([
      '2026-03-29T01:15:00.000Z',
      '2026-03-29T01:30:00.000Z',
    ]);
  });

  test('R220 I25 give as many occasions as any other', () => {
    const often = { ...daily, times: ['00:00', '06:00', '12:00', '18:00'] };
    expect(dueOn('2026-03-28', '2026-03-30', often)).toHaveLength(12);
    expect(dueOn('2026-10-24', '2026-10-26', often)).toHaveLength(12);
  });
});

describe('the closing of an occasion', () => {
  const closesOf = (from: string, graceDays: number, time = '20:00') =>
    occasionsOn([era({ ...daily, from, times: [time] }, graceDays)], from, from).map(({ closes }) => closes);

  test.each([
    [0, '2026-03-02T23:00:00.000Z'],
    [1, '2026-03-03T23:00:00.000Z'],
    [3, '2026-03-05T23:00:00.000Z'],
    [27, '2026-03-29T22:00:00.000Z'],
    [365, '2027-03-02T23:00:00.000Z'],
  ])('R218 R219 D28 I25 is the end of the day in Sweden, %i days after', (graceDays, closes) => {
    expect(closesOf('2026-03-02', graceDays)).toEqual([closes]);
  });

  test.each([
    ['2026-03-29', 0, '2026-03-29T22:00:00.000Z'],
    ['2026-03-28', 1, '2026-03-29T22:00:00.000Z'],
    ['2026-10-25', 0, '2026-10-25T23:00:00.000Z'],
    ['2026-10-24', 1, '2026-10-25T23:00:00.000Z'],
  ])('R218 R220 D28 is the end of a day of 23 or 25 hours too: %s and %i more', (from, graceDays, closes) => {
    expect(closesOf(from, graceDays)).toEqual([closes]);
  });

  test('R219 D28 is the same for all occasions of a day', () => {
    expect(closesOf('2026-03-02', 0, '00:00')).toEqual(closesOf('2026-03-02', 0, '23:59'));
  });
});
