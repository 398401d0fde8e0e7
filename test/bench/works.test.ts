import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apart } from '../../bench/apart.ts';
import { type Filled, placeOf } from '../../bench/places.ts';
import type { Row } from '../../bench/rows.ts';
import { sixWorks } from '../../bench/sixWorks.ts';
import type { Params } from '../../bench/works/task.ts';
import { doJob, type Job } from '../../bench/works/tasks.ts';

const usual: Params = { rounds: 1, isQuick: true, seed: 7, stores: [] };
const few = { commits: 5, replayed: 1_000, caughtUp: 60 };

let directory = '';
let stores: readonly Filled[] = [];

const rowsOf = (task: Job['task'], params: Partial<Params> = {}): Promise<readonly Row[]> =>
  doJob({ task, params: { ...usual, stores, isFirst: true, ...params } }, () => undefined);

/** A row tells of a work that was done, of its floor, and how they compare. */
const requireWhole = (row: Row): void => {
  const numbers = [row.median, row.slowest, row.fastest, row.floor.median, row.ratio];
  expect(numbers.every((number) => Number.isFinite(number) && number > 0)).toBe(true);
  expect(row.rounds).toBeGreaterThan(0);
};

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'folja-bench-test-'));
  stores = [12, 24].map((programs) => placeOf(directory, programs));
  await rowsOf('fill');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the bench in little', () => {
  test.each(Object.values(sixWorks))('measures the event store beside the floor: %s', async (work) => {
    const rows = await rowsOf('event', { work, amounts: few });
    expect(rows.map((row) => row.work)).toEqual([work]);
    rows.forEach(requireWhole);
  });

  test.each([
    ['command', 1, 'commands, one at a time'],
    ['command', 8, 'commands, 8 in flight'],
    ['mixed', 64, '70 % views, 30 % commands, 64 in flight'],
  ] as const)('measures complete calls: %s, %i', async (task, atOnce, work) => {
    const rows = await rowsOf(task, { atOnce });
    expect(rows.map((row) => row.work)).toEqual([work]);
    rows.forEach(requireWhole);
  });

  test.each([
    ['size', 'a command'],
    ['open', 'open'],
    ['purge', 'purge'],
  ] as const)('measures in stores of two sizes: %s', async (task, work) => {
    const rows = await rowsOf(task);
    expect(rows.map((row) => row.work)).toEqual([`${work}, 12 programs`, `${work}, 24 programs`]);
    expect(rows.map(({ floor }) => floor.programs)).toEqual([12, 12]);
    expect(rows[0]?.ratio).toBe(1);
    rows.forEach(requireWhole);
  });

  test('measures every view in both stores', async () => {
    const rows = await rowsOf('view');
    const [small, large] = [12, 24].map((size) => rows.filter(({ programs }) => programs === size));
    expect(small?.length).toBeGreaterThan(20);
    expect(large?.length).toBe(small?.length);
    rows.forEach(requireWhole);
    expect(rows.every(({ p99, median }) => p99 !== undefined && p99 >= median)).toBe(true);
  });

  test.each(['verify', 'rebuild', 'bytes'] as const)('measures a whole store: %s', async (task) => {
    const rows = await rowsOf(task, { stores: stores.slice(0, 1) });
    expect(rows.map(({ section, programs }) => [section, programs])).toEqual([[task, 12]]);
    rows.forEach(requireWhole);
  });
});

describe('a part in a process of its own', () => {
  const file = new URL('../../bench/benchProcess.ts', import.meta.url);
  const start = (job: object) => apart<object, readonly Row[]>(file, job, () => undefined);

  test('gives its rows, and the most memory it had', async () => {
    const { result, peakBytes } = await start({ task: 'bytes', params: { ...usual, stores } });
    expect(result.map(({ section }) => section)).toEqual(['bytes']);
    expect(peakBytes).toBeGreaterThan(2 ** 20);
  });

  test('rejects with what it failed with', async () => {
    const failed = start({ task: 'event', params: { ...usual, work: 'nothing' } });
    await expect(failed).rejects.toThrow('there is no work nothing');
  });
});
