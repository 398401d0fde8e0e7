import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { progressOn } from '../scripts/progress.ts';
import { type Random, seeded } from '../simulation/random.ts';
import type { Engine } from '../src/eventStore/engine.ts';
import { type Folja, openFolja } from '../src/index.ts';
import { sqliteStore } from '../src/sqlite.ts';
import { copyProgram, programOf, readModel } from './copying.ts';
import { liveModel, purge } from './model.ts';
import { bytesIn } from './places.ts';
import { median } from './rounds.ts';
import { copyPrograms } from './stores.ts';
import { watched } from './watched.ts';

const help = `Measures what a purge costs: in stores of different sizes, and for programs of different lengths.

  npm run bench:purge                 stores of 1 000 and 10 000 programs
  npm run bench:purge -- --quick      stores of 100 and 1 000, in less than a minute
  npm run bench:purge -- --full       100 000 as well: some quarters of an hour, and 6 GB of disk
  npm run bench:purge -- --seed 42    other programs are purged`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1177' },
  },
});

/** How many programs are purged in each store, and of each length. */
const purges = 20;
const ofEachLength = 5;
const lengths = values.quick ? [30, 300] : [30, 300, 3_000];
const sizes = values.quick ? [100, 1_000] : [1_000, 10_000, ...(values.full ? [100_000] : [])];

/** What one purge took. */
type Cost = { readonly milliseconds: number; readonly read: number; readonly written: number };

/** Bytes that this process has read and written, from files or from the cache before them. */
const traffic = (): { readonly read: number; readonly written: number } => {
  const counters = readFileSync('/proc/self/io', 'utf8');
  const counted = (name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(counters)?.[1] ?? 0);
  return { read: counted('rchar'), written: counted('wchar') };
};

const costOf = async (folja: Folja, program: number): Promise<Cost> => {
  const [before, began] = [traffic(), performance.now()];
  const isErased = await purge(folja, programOf(program));
  const [milliseconds, after] = [performance.now() - began, traffic()];
  if (!isErased) throw new Error('a purge is pending, with nobody who reads');
  return { milliseconds, read: after.read - before.read, written: after.written - before.written };
};

const medians = (costs: readonly Cost[]): Cost => ({
  milliseconds: median(costs.map(({ milliseconds }) => milliseconds)),
  read: median(costs.map(({ read }) => read)),
  written: median(costs.map(({ written }) => written)),
});

const purgeAll = async (folja: Folja, programs: readonly number[]): Promise<Cost> => {
  const costs: Cost[] = [];
  for (const program of programs) costs.push(await costOf(folja, program));
  return medians(costs);
};

const fill = async (engine: Engine, size: number): Promise<void> => {
  const progress = progressOn(process.stderr, `${size} programs`);
  await copyPrograms(engine, { first: 1, last: size }, progress);
  const model = await readModel(engine);
  for (const [index, length] of lengths.entries())
    for (let nth = 1; nth <= ofEachLength; nth += 1)
      await copyProgram(engine, model, size + index * ofEachLength + nth, length);
};

const drawn = ({ between }: Random, size: number): readonly number[] => {
  const numbers = new Set<number>();
  while (numbers.size < purges + 1) numbers.add(between(1, size));
  return [...numbers];
};

/** What was measured in a store: for its usual programs, and for longer ones by their length. */
type Measured = {
  readonly size: number;
  readonly bytes: number;
  readonly cost: Cost;
  readonly byLength: readonly (readonly [length: number, cost: Cost])[];
};

const measureStore = async (size: number, seed: number): Promise<Measured> => {
  const directory = mkdtempSync(join(tmpdir(), 'folja-bench-'));
  try {
    const { store, engine } = watched(sqliteStore({ path: join(directory, 'unit.db') }));
    const folja = await openFolja({ store, masterKey: new Uint8Array(32).fill(7) });
    await liveModel(folja);
    await fill(engine(), size);
    const bytes = bytesIn(directory);
    const [first = 1, ...others] = drawn(seeded(seed), size);
    // The first one warms everything up, and is not counted.
    await costOf(folja, first);
    const cost = await purgeAll(folja, others);
    const byLength: (readonly [number, Cost])[] = [];
    for (const [index, length] of lengths.entries()) {
      const numbers = Array.from({ length: ofEachLength }, (_, nth) => size + index * ofEachLength + nth + 1);
      byLength.push([length, await purgeAll(folja, numbers)]);
    }
    await folja.close();
    return { size, bytes, cost, byLength };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(2);
const times = (one: number, other: number): string => `${(one / other).toFixed(1)} ×`;

const row = (name: string, bytes: string, cost: Cost, first: Cost): readonly string[] => [
  ...[name, bytes, `${cost.milliseconds.toFixed(1)} ms`, times(cost.milliseconds, first.milliseconds)],
  ...[mebibytes(cost.read), times(cost.read, first.read), mebibytes(cost.written), times(cost.written, first.written)],
];

const tableOf = (head: string, rows: readonly (readonly string[])[]): string => {
  const columns = [
    head,
    'MiB on disk',
    'median',
    'to the first',
    'MiB read',
    'to the first',
    'MiB written',
    'to the first',
  ];
  const table = new Table({ head: columns, style: { head: [], border: [] } });
  for (const cells of rows) table.push([...cells]);
  return table.toString();
};

/**
 * What deeper trees of pages, and a cache that a small store fits into, explain: as much again for each tenfold of the store. What grows with
 * the store itself is near ten times as much in one ten times as large.
 */
const limitFor = (tenfolds: number): number => 1 + tenfolds;

const moved = ({ read, written }: Cost): number => read + written;

/** Judged by the bytes moved, which are the same on a busy machine. */
const verdictOf = ([first, ...others]: readonly Measured[]): string => {
  const last = others.at(-1);
  if (first === undefined || last === undefined) return 'There is nothing to compare.';
  const [short, long] = [last.byLength[0], last.byLength.at(-1)];
  const longer = short === undefined || long === undefined ? '' : times(moved(long[1]), moved(short[1]));
  const [more, programs] = [moved(last.cost) - moved(first.cost), last.size - first.size];
  const isGrowing = moved(last.cost) > limitFor(Math.log10(last.size / first.size)) * moved(first.cost);
  return [
    `The cost of a purge grows with the program ${isGrowing ? 'AND WITH THE STORE' : 'and not with the store'}.`,
    `A program ${(long?.[0] ?? 0) / (short?.[0] ?? 1)} × as long: ${longer} the bytes.`,
    `A store ${last.size / first.size} × as large: ${times(moved(last.cost), moved(first.cost))} the bytes,`,
    `${Math.round(more / programs)} for each program more in it.`,
  ].join(' ');
};

const main = async (): Promise<void> => {
  const measured: Measured[] = [];
  for (const size of sizes) measured.push(await measureStore(size, Number(values.seed)));
  const [first] = measured;
  if (first === undefined) return;
  const stores = measured.map(({ size, bytes, cost }) => row(`${size} programs`, mebibytes(bytes), cost, first.cost));
  console.log(`The purge of a program of the usual length, ${purges} in each store (seed ${values.seed}):`);
  console.log(tableOf('store', stores));
  for (const { size, byLength } of measured) {
    const [shortest] = byLength;
    if (shortest === undefined) continue;
    console.log(`The purge of programs of other lengths, ${ofEachLength} each, in the store of ${size} programs:`);
    console.log(
      tableOf(
        'program',
        byLength.map(([length, cost]) => row(`${length} events`, '', cost, shortest[1])),
      ),
    );
  }
  console.log(verdictOf(measured));
};

if (values.help) console.log(help);
else await main();
