import { describe, expect, test } from 'vitest';
import { withEra } from '../../src/domain/program/plans.ts';
import {
  firstOccasionAfter,
  firstOccasionFrom,
  occasionAt,
  occasionsOn,
  type Schedule,
} from '../../src/domain/program/schedule.ts';
import { era, scheduled } from './schedules.ts';

describe('the first occasion', () => {
  const first = (from: string, differing: Partial<Schedule> = {}) => firstOccasionFrom([era(differing)], from)?.at;
  const next = (after: string, differing: Partial<Schedule> = {}) => firstOccasionAfter([era(differing)], after)?.at;

  test('R216 from an instant may be at that instant, and after an instant is not', () => {
    expect(first('2026-03-04T06:00:00.000Z')).toBe('2026-03-04T06:00:00.000Z');
    expect(next('2026-03-04T05:59:59.999Z')).toBe('2026-03-04T06:00:00.000Z');
    expect(next('2026-03-04T06:00:00.000Z')).toBe('2026-03-06T06:00:00.000Z');
    expect(first('2026-03-04T06:00:00.001Z')).toBe('2026-03-06T06:00:00.000Z');
  });

  test('R216 may be later on the same day', () => {
    expect(next('2026-03-04T06:00:00.000Z', { times: ['19:00', '07:00'] })).toBe('2026-03-04T18:00:00.000Z');
  });

  test('R217 waits for the first day', () => {
    expect(first('2026-01-01T00:00:00.000Z')).toBe('2026-03-02T06:00:00.000Z');
  });

  test.each([1, 2, 3, 51, 52])('R217 is found when the next is %i weeks away', (everyWeeks) => {
    const schedule = { everyWeeks, weekdays: [1], times: ['12:00'] } satisfies Partial<Schedule>;
    const later = new Date(Date.parse('2026-03-02T12:00:00Z') + everyWeeks * 7 * 86_400_000).toISOString().slice(0, 10);
    expect(next('2026-03-02T11:00:00.000Z', schedule)?.slice(0, 10)).toBe(later);
    expect(first('2026-03-04T11:00:00.000Z', { ...schedule, from: '2026-03-03' })?.slice(0, 10)).toBe(later);
  });

  test('R217 is none after the last day, and none where no weekday comes before it', () => {
    expect(next('2026-03-02T06:00:00.000Z', { to: '2026-03-02' })).toBeUndefined();
    expect(first('2026-03-02T00:00:00.000Z', { from: '2026-03-03', to: '2026-03-03' })).toBeUndefined();
  });

  test('is none at the end of the calendar', () => {
    expect(first('9999-12-31T22:00:00.000Z', { weekdays: [1] })).toBeUndefined();
    expect(first('2026-03-02T06:00:00.000Z', { from: '9999-12-31', weekdays: [1] })).toBeUndefined();
  });
});

describe('a change of schedule', () => {
  const changedAt = '2026-03-11T06:00:00.000Z'; // the instant of an occasion of the old schedule
  const eras = withEra(
    [era()],
    { schedule: scheduled({ from: '2026-03-09', times: ['18:00'] }), graceDays: 2 },
    changedAt,
  );

  test('R216 R218 I25 keeps the occasions that have begun, and their closing, and replaces those to come', () => {
    expect(occasionsOn(eras, '2026-03-06', '2026-03-13')).toEqual([
      { at: '2026-03-06T06:00:00.000Z', closes: '2026-03-06T23:00:00.000Z' },
      { at: '2026-03-09T06:00:00.000Z', closes: '2026-03-09T23:00:00.000Z' },
      { at: changedAt, closes: '2026-03-11T23:00:00.000Z' },
      { at: '2026-03-11T17:00:00.000Z', closes: '2026-03-13T23:00:00.000Z' },
      { at: '2026-03-13T17:00:00.000Z', closes: '2026-03-15T23:00:00.000Z' },
    ]);
  });

  test('R218 I25 leaves an occasion that begins at that instant as it was', () => {
    const longer = withEra([era()], { schedule: scheduled(), graceDays: 2 }, changedAt);
    expect(occasionsOn(longer, '2026-03-11', '2026-03-13')).toEqual([
      { at: changedAt, closes: '2026-03-11T23:00:00.000Z' },
      { at: '2026-03-13T06:00:00.000Z', closes: '2026-03-15T23:00:00.000Z' },
    ]);
  });

  test('R216 I25 tells by the instant which schedule an occasion is of', () => {
    expect(occasionAt(eras, '2026-03-09T06:00:00.000Z')).toBeDefined();
    expect(occasionAt(eras, '2026-03-09T17:00:00.000Z')).toBeUndefined();
    expect(occasionAt(eras, changedAt)).toEqual({ at: changedAt, closes: '2026-03-11T23:00:00.000Z' });
    expect(occasionAt(eras, '2026-03-11T17:00:00.000Z')).toBeDefined();
  });

  test('R216 has its first occasion in whichever schedule that is', () => {
    expect(firstOccasionFrom(eras, '2026-03-09T06:00:00.000Z')?.at).toBe('2026-03-09T06:00:00.000Z');
    expect(firstOccasionAfter(eras, '2026-03-09T06:00:00.000Z')?.at).toBe(changedAt);
    expect(firstOccasionAfter(eras, changedAt)?.at).toBe('2026-03-11T17:00:00.000Z');
  });

  test('R216 R217 has its first occasion long after the old schedule has ended', () => {
    const ended = [era({ to: '2026-03-02' })];
    const late = withEra(ended, { schedule: scheduled(), graceDays: 0 }, '2026-09-02T08:00:00.000Z');
    expect(firstOccasionAfter(late, '2026-03-02T06:00:00.000Z')?.at).toBe('2026-09-04T05:00:00.000Z');
  });

  test('R216 may be changed again, also at the same instant', () => {
    const again = withEra(eras, { schedule: scheduled({ times: ['12:00'] }), graceDays: 0 }, changedAt);
    expect(occasionsOn(again, '2026-03-09', '2026-03-13').map(({ at }) => at)).toEqual([
      ...['2026-03-09T06:00:00.000Z', changedAt, '2026-03-11T11:00:00.000Z', '2026-03-13T11:00:00.000Z'],
    ]);
    const third = withEra(again, { schedule: scheduled({ weekdays: [6] }), graceDays: 0 }, '2026-03-12T00:00:00.000Z');
    expect(occasionsOn(third, '2026-03-09', '2026-03-14').map(({ at }) => at)).toEqual([
      ...['2026-03-09T06:00:00.000Z', changedAt, '2026-03-11T11:00:00.000Z', '2026-03-14T06:00:00.000Z'],
    ]);
  });
});
