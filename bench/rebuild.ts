import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import Table from 'cli-table3';
import { progressOn } from '../scripts/progress.ts';
import type { Engine } from '../src/eventStore/engine.ts';
import { memoryDatabase } from '../src/eventStore/memoryDatabase.ts';
import { type Folja, openFolja } from '../src/index.ts';
import { catchUp, undisturbed } from '../src/projections/catchingUp.ts';
import { groupedTables, prepareReadModels } from '../src/projections/runner.ts';
import { sqliteStore } from '../src/sqlite.ts';
import { copyProgram, readModel } from './copying.ts';
import { liveModel } from './model.ts';

/** What a rebuild came to: the longest time in which nothing else had its turn, and the most memory that the process had. */
export type RebuildCost = {
  readonly events: number;
  readonly milliseconds: number;
  readonly cpuMicroseconds: number;
  readonly longestHoldMilliseconds: number;
  /** The same in time of the processor: what else runs on the machine is not in it. */
  readonly longestWorkMilliseconds: number;
  readonly peakRssBytes: number;
};

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const longEnough = 20;

const cpu = ({ user, system }: NodeJS.CpuUsage): number => user + system;

/** Looks every millisecond how long ago it looked, and how much this thread has worked since: a busy machine lets it wait without either. */
const watching = () => {
  let [isOver, hold, work, peak] = [false, 0, 0, 0];
  let [lookedAt, worked] = [performance.now(), cpu(process.threadCpuUsage())];
  const look = (): void => {
    const [now, all] = [performance.now(), cpu(process.threadCpuUsage())];
    [hold, work] = [Math.max(hold, now - lookedAt), Math.max(work, (all - worked) / 1000)];
    [lookedAt, worked, peak] = [now, all, Math.max(peak, process.memoryUsage.rss())];
    if (!isOver) setTimeout(look, 1);
  };
  look();
  return () => {
    look();
    isOver = true;
    return { longestHoldMilliseconds: hold, longestWorkMilliseconds: work, peakRssBytes: peak };
  };
};

const costOf = async (work: () => Promise<number>): Promise<RebuildCost> => {
  const seen = watching();
  await wait(longEnough);
  const [began, before] = [performance.now(), process.cpuUsage()];
  const events = await work();
  const [milliseconds, cpuMicroseconds] = [performance.now() - began, cpu(process.cpuUsage(before))];
  return { events, milliseconds, cpuMicroseconds, ...seen() };
};

/** Builds all read models of an opened library anew, as hosts do, and tells what it took. */
export const rebuildCost = (
  folja: Folja,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<RebuildCost> => costOf(async () => (await folja.rebuild({ onProgress })).events);

const copyTable = (from: Database, to: Database, table: string): void => {
  to.prepare(`DELETE FROM ${table}`).run();
  const rows = from.prepare(`SELECT * FROM ${table}`).raw().all() as readonly (readonly unknown[])[];
  const insert = to.prepare(`INSERT INTO ${table} VALUES (${rows[0]?.map(() => '?').join(', ') ?? 'NULL'})`);
  for (const row of rows) insert.run(...row);
};

/** As it was done before: all of it in memory, and copied in one transaction. */
const inOneTransaction = ({ events, readModels }: Engine): Promise<RebuildCost> =>
  costOf(async () => {
    const beside = await memoryDatabase();
    prepareReadModels(beside);
    for (const group of ['inline', 'audit'] as const) await catchUp(events, beside, group, undefined, undisturbed);
    const tables = Object.keys(groupedTables).filter(
      (table) => beside.prepare(`SELECT 1 FROM ${table}`).get() !== undefined,
    );
    readModels.transaction(() => tables.map((table) => copyTable(beside, readModels, table))).immediate();
    const last = await events.lastPosition()();
    beside.close();
    return last._tag === 'Right' ? last.right : 0;
  });

const together = 64;

const fill = async (engine: Engine, size: number): Promise<void> => {
  const model = await readModel(engine);
  const progress = progressOn(process.stderr, `${size} programs`);
  for (let first = 1; first <= size; first += together) {
    const numbers = Array.from({ length: Math.min(together, size - first + 1) }, (_, index) => first + index);
    await Promise.all(numbers.map((number) => copyProgram(engine, model, number)));
    progress(Math.min(first + together - 1, size), size);
  }
};

const rowOf = (name: string, cost: RebuildCost, other: RebuildCost): readonly string[] => [
  ...[name, String(cost.events), `${(cost.milliseconds / 1000).toFixed(1)} s`],
  `${(cost.cpuMicroseconds / cost.events).toFixed(0)} µs`,
  `${cost.longestHoldMilliseconds.toFixed(0)} ms`,
  `${cost.longestWorkMilliseconds.toFixed(1)} ms`,
  `${(cost.longestWorkMilliseconds / other.longestWorkMilliseconds).toFixed(4)} ×`,
  `${(cost.peakRssBytes / 2 ** 20).toFixed(0)} MiB`,
];

const compare = async (size: number): Promise<string> => {
  const directory = mkdtempSync(join(tmpdir(), 'folja-bench-rebuild-'));
  try {
    let engine: Engine | undefined;
    const store = sqliteStore({ path: join(directory, 'unit.db') });
    const folja = await openFolja({
      store: { open: async (...given) => (engine = await store.open(...given)) },
      masterKey: new Uint8Array(32).fill(7),
    });
    await liveModel(folja);
    await fill(engine as unknown as Engine, size);
    const anew = await rebuildCost(folja, progressOn(process.stderr, 'rebuilding'));
    const before = await inOneTransaction(engine as unknown as Engine);
    await folja.close();
    const head = [
      'rebuild',
      'events',
      'takes',
      'CPU an event',
      'longest hold',
      'of it work',
      'to the old way',
      'peak memory',
    ];
    const table = new Table({ head, style: { head: [], border: [] } });
    table.push([...rowOf('in a thread, in slices', anew, before)], [...rowOf('in memory, at once', before, before)]);
    return table.toString();
  } finally {
    rmSync(directory, { recursive: true });
  }
};

const usual = 2_000;
if (import.meta.main) process.stdout.write(`${await compare(Number(process.argv[2] ?? usual))}\n`);
