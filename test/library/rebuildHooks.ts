import { existsSync, writeSync } from 'node:fs';
import { registerHooks } from 'node:module';
import type { Database } from 'better-sqlite3';

// Loaded before a process that rebuilds, and with it before its thread: it stops where it is told to, until a file says that it may go on, and goes
// without what protects it where it is told that too. Both are in the query: `at=copying,after&release=path&without=mark`.
const query = new URL(import.meta.url).searchParams;
const placesIn = (name: string): readonly string[] => query.get(name)?.split(',') ?? [];
const [places, without, release] = [placesIn('at'), placesIn('without'), query.get('release')];

let halts = 0;
let isCopying = false;
const clock = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** Stops the thread the first time that it comes to the next of its places. */
const halt = (place: string): void => {
  if (places[halts] !== place) return;
  writeSync(1, `halted ${place}\n`);
  while (!existsSync(`${release}-${halts}`)) Atomics.wait(clock, 0, 0, 5);
  halts += 1;
};

const fewPrograms = 30;
let programs = 0;

/** Stops in the middle of a slice, where some programs are in their table and the position is not yet moved. */
const haltInRows = (side: Database): void => {
  if (places[halts] !== 'rows') return;
  const before = programs;
  side.function('halting', () => {
    programs += 1;
    if (programs > fewPrograms && programs > before + 2) halt('rows');
    return null;
  });
  side.exec('CREATE TEMP TRIGGER IF NOT EXISTS halting AFTER INSERT ON programs BEGIN SELECT halting(); END');
};

const halting = {
  at: halt,
  inRows: haltInRows,
  beginCopying: (): void => {
    isCopying = true;
  },
  inCopy: (place: string): void => (isCopying ? halt(place) : undefined),
};
Object.assign(globalThis, { halting });

/** A text of a file that is there once, and what stands in its place. */
type Change = readonly [file: string, from: string, to: string];

const stops: readonly Change[] = [
  ['building', 'inTransaction(side, () => {', 'inTransaction(side, () => {\nhalting.inRows(side);'],
  ['rebuild', 'work.telling.of(last);', "work.telling.of(last);\nif (position > 500) halting.at('building');"],
  ['rebuild', 'beginCopy(live, copy);', 'beginCopy(live, copy);\nhalting.beginCopying();'],
  [
    'rebuild',
    'const rows = await copyRows(copying, shapes);',
    "const rows = await copyRows(copying, shapes);\nhalting.at('copying');",
  ],
  [
    'swapping',
    'const to = nameOf(entry);',
    "const to = nameOf(entry);\nif (entries.indexOf(entry) === Math.floor(entries.length / 2)) halting.at('swapping');",
  ],
  ['rebuild', 'let gone = 0;', "let gone = 0;\nhalting.at('emptying');"],
  ['takingOver', 'const going = mayGoOn();', "halting.at('next');\nconst going = mayGoOn();"],
  ['takingOver', 'await writing.turn();', "await writing.turn();\nhalting.inCopy('slice');"],
];
/** A slice that is halted takes as much as there is to be taken. */
const longSlice: Change = ['takingOver', 'work(timer(writing.milliseconds))', 'work(timer(10_000))'];

const inSlice = 'inTransaction(side, () => {\nhalting.inRows(side);';
const bare = inSlice.replace('inTransaction', '(async (_: unknown, work: () => void) => E.right(work()))');
const protections: Readonly<Record<string, Change>> = {
  'a transaction of rows and position': ['building', inSlice, bare],
  'a transaction of the swap': [
    'takingOver',
    'await inTransaction(live, () => work(timer(writing.milliseconds)), often)',
    'E.right(work(timer(writing.milliseconds)))',
  ],
  'a look at the mark': ['takingOver', 'copyIn(live.live) === copy ?', 'copyIn(live.live) !== null ?'],
};

const chosen: readonly Change[] = [
  ...stops,
  ...Object.entries(protections).flatMap(([name, change]) => (without.includes(name) ? [change] : [])),
  ...(places.includes('slice') ? [longSlice] : []),
];

const changed = (source: string, changes: readonly Change[]): string =>
  changes.reduce((text, [file, from, to]) => {
    if (text.split(from).length !== 2) throw new Error(`a rebuild is not what this test takes it for: ${file}`);
    return text.replace(from, () => to);
  }, source);

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    const changes = chosen.filter(([file]) => url.endsWith(`/src/projections/rebuilding/${file}.ts`));
    return changes.length === 0 ? loaded : { ...loaded, source: changed(String(loaded.source), changes) };
  },
});
