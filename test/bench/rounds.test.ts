import { describe, expect, test } from 'vitest';
import { inTurn, type Paired, type Round } from '../../bench/rounds.ts';
import { rateRow, timeRow } from '../../bench/rows.ts';

const round = (units: number, milliseconds: number): Round => ({ units, milliseconds, cpuMicroseconds: units * 10 });

/** Floors of 100, 200 and 400 in a second, and works of 50, 150 and 100. */
const paired: Paired = {
  floor: [round(100, 1_000), round(200, 1_000), round(400, 1_000)],
  work: [round(50, 1_000), round(150, 1_000), round(100, 1_000)],
};

describe('a work and its floor', () => {
  test('are done in turn, each once before that does not count', async () => {
    const done: string[] = [];
    const told: string[] = [];
    const side = (name: string) => () => done.push(name);
    const measured = await inTurn(side('floor'), side('work'), { rounds: 2 }, (at, of) => told.push(`${at}/${of}`));
    expect(done).toEqual(['floor', 'work', 'floor', 'work', 'floor', 'work']);
    expect(told).toEqual(['1/2', '2/2']);
    expect([measured.floor, measured.work].map(({ length }) => length)).toEqual([2, 2]);
  });

  test('count what a round says of itself, where only a part of it counts', async () => {
    const told = round(3, 7);
    const measured = await inTurn(
      () => told,
      async () => told,
      { rounds: 1, isWarm: true },
    );
    expect(measured).toEqual({ floor: [told], work: [told] });
  });

  test('are told as a rate, with the median of the ratios of adjacent rounds', () => {
    const row = rateRow({ section: 'events', work: 'a', unit: 'events/s', floor: { name: 'bare' } }, paired);
    expect(row).toMatchObject({ median: 100, slowest: 50, fastest: 150, ratio: 0.5, rounds: 3, cpuMicroseconds: 10 });
    expect(row.floor).toEqual({ name: 'bare', median: 200, cpuMicroseconds: 10 });
  });

  test('are told as times, of which the longest is the slowest', () => {
    const row = timeRow({ section: 'open', work: 'a', floor: { name: 'at 10', programs: 10 }, programs: 20 }, paired);
    expect(row).toMatchObject({ unit: 'ms', median: 10, slowest: 20, fastest: 1_000 / 150, ratio: 2 });
    expect(row.floor).toEqual({ name: 'at 10', programs: 10, median: 5, cpuMicroseconds: 10 });
  });
});
