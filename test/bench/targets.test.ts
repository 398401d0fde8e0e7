import { describe, expect, test } from 'vitest';
import type { Row } from '../../bench/rows.ts';
import { sixWorks } from '../../bench/sixWorks.ts';
import { verdictsOn } from '../../bench/targets.ts';

const row = (given: Partial<Row> & Pick<Row, 'section' | 'work'>): Row => ({
  ...{ unit: 'events/s', median: 1, slowest: 1, fastest: 1, floor: { name: 'bare', median: 1 }, ratio: 1, rounds: 1 },
  ...given,
});

/** Whether each target of a row is met. */
const met = (given: Parameters<typeof row>[0]): readonly boolean[] => verdictsOn(row(given)).map(({ isMet }) => isMet);

const mebibyte = 2 ** 20;
const at = (ratio: number) => ({ ratio, programs: 100_000, floor: { name: 'at 1000', median: 1, programs: 1_000 } });

describe('the targets of the bench', () => {
  test.each([sixWorks.one, sixWorks.ten, sixWorks.inline])('ask nine tenths of the floor of: %s', (work) => {
    expect(met({ section: 'events', work, ratio: 0.9 })).toEqual([true]);
    expect(met({ section: 'events', work, ratio: 0.89 })).toEqual([false]);
  });

  test('ask more than the floor of a command, which has its history at hand', () => {
    expect(met({ section: 'events', work: sixWorks.command, ratio: 1 })).toEqual([false]);
    expect(met({ section: 'events', work: sixWorks.command, ratio: 1.01 })).toEqual([true]);
  });

  test('ask 0.8 of a replay and 0.3 of a catch-up', () => {
    expect(met({ section: 'events', work: sixWorks.replay, ratio: 0.8 })).toEqual([true]);
    expect(met({ section: 'events', work: sixWorks.replay, ratio: 0.7 })).toEqual([false]);
    expect(met({ section: 'events', work: sixWorks.catchUp, ratio: 0.3 })).toEqual([true]);
    expect(met({ section: 'events', work: sixWorks.catchUp, ratio: 0.29 })).toEqual([false]);
  });

  test('ask half of a bare append of commands one at a time, all of it and 150 µs of 64 in flight', () => {
    expect(met({ section: 'commands', work: 'commands, one at a time', ratio: 0.5 })).toEqual([true]);
    const many = { section: 'commands', work: 'commands, 64 in flight' } as const;
    expect(met({ ...many, ratio: 1, cpuMicroseconds: 150 })).toEqual([true, true]);
    expect(met({ ...many, ratio: 0.99, cpuMicroseconds: 151 })).toEqual([false, false]);
    expect(met({ section: 'commands', work: 'commands, 8 in flight', ratio: 0 })).toEqual([]);
  });

  test.each(['views', 'sizes', 'open', 'purge'] as const)('ask that %s hardly grow with the store', (section) => {
    expect(met({ section, work: 'a', ...at(1.3) })).toEqual([true]);
    expect(met({ section, work: 'a', ...at(1.31) })).toEqual([false]);
  });

  test('ask nothing of the smallest store beside itself', () => {
    expect(met({ section: 'open', work: 'a', ...at(1), programs: 1_000 })).toEqual([]);
  });

  test('ask less than 2 ms of CPU of a page of the overview', () => {
    const overview = { section: 'views', work: 'overview mine, 1000 programs' } as const;
    expect(met({ ...overview, ...at(1), cpuMicroseconds: 1_999 })).toEqual([true, true]);
    expect(met({ ...overview, ...at(1), cpuMicroseconds: 2_000 })).toEqual([true, false]);
  });

  test('ask less than 250 MiB of a host, and less than 400 of a rebuild', () => {
    expect([249, 250].map((median) => met({ section: 'memory', work: 'a', median }))).toEqual([[true], [false]]);
    expect(met({ section: 'rebuild', work: 'a', peakBytes: 399 * mebibyte })).toEqual([true]);
    expect(met({ section: 'rebuild', work: 'a', peakBytes: 400 * mebibyte })).toEqual([false]);
  });

  test('are not met by what was not measured', () => {
    expect(met({ section: 'rebuild', work: 'a' })).toEqual([false]);
    expect(met({ section: 'events', work: sixWorks.one, ratio: Number.NaN })).toEqual([false]);
  });

  test('say what they ask', () => {
    const [ratio, cpu] = verdictsOn(row({ section: 'commands', work: 'commands, 64 in flight' }));
    expect([ratio?.says, cpu?.says]).toEqual(['× ≥ 1', 'CPU ≤ 150']);
    expect(verdictsOn(row({ section: 'rebuild', work: 'a' }))[0]?.says).toBe('peak < 400 MiB');
  });
});
