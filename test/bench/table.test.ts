import { describe, expect, test } from 'vitest';
import type { Row } from '../../bench/rows.ts';
import { judged, printed, type Report } from '../../bench/table.ts';

const many: Row = {
  ...{ section: 'commands', work: 'commands, 64 in flight', unit: 'commands/s', rounds: 11 },
  ...{ median: 8_000, slowest: 7_000, fastest: 9_000, ratio: 1.25, cpuMicroseconds: 120, peakBytes: 100 * 2 ** 20 },
  floor: { name: 'bare one-event append', median: 6_400, cpuMicroseconds: 80 },
};

const report = (...rows: readonly Row[]): Report => ({
  machine: { cores: 2, load: 0.5, node: 'v24.0.0', sqlite: '3.54.1', platform: 'linux x64' },
  ...{ loadAfter: 1, seed: 7, rounds: 11, rows: judged(rows), failed: [] },
});

/** The same where the disk took nine tenths of the time of the floor. */
const waiting: Row = { ...many, floor: { ...many.floor, median: 400 } };

describe('the table of the bench', () => {
  test('tells of the machine, of each work and its floor, and of what is met', () => {
    const text = printed(report(many));
    expect(text).toContain('2 cores, load 0.5 before and 1.0 after; Node v24.0.0, SQLite 3.54.1, seed 7, 11 rounds');
    expect(text).toMatch(
      /commands, 64 in flight .* 8 000 .* 6 400 .* bare one-event append .* 1\.25 .* 120 .* 80\.0 .* 100 /,
    );
    expect(text).toContain('× ≥ 1: met');
    expect(text).toContain('2 of 2 targets are met.');
  });

  test('says NOT MET of what is not', () => {
    const text = printed(report({ ...many, ratio: 0.9, cpuMicroseconds: 151 }));
    expect(text.match(/NOT MET/g)).toHaveLength(2);
    expect(text).toContain('0 of 2 targets are met.');
  });

  test('counts no ratio as met while the floor waited for the disk, and says so', () => {
    const text = printed(report(waiting));
    expect(text).toContain('× ≥ 1: ? (floor waited)');
    expect(text).toContain('The floor mostly waited, and ratios say little, of: commands, 64 in flight.');
    expect(text).toContain('1 of 2 targets are met.');
    expect(printed(report(many))).not.toContain('waited');
  });

  test('still says that a ratio is not met while the floor waited', () => {
    expect(printed(report({ ...waiting, ratio: 0.5 }))).toContain('× ≥ 1: NOT MET');
  });

  test('tells what could not be measured', () => {
    const text = printed({ ...report(), failed: [{ part: 'purge, 10 programs', why: 'too few programs' }] });
    expect(text).toContain('Not measured: purge, 10 programs: too few programs');
  });
});
