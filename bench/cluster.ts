import { execFile } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import type { Engine } from '../src/eventStore/engine.ts';
import { type Folja, openFolja } from '../src/index.ts';
import { embedded, type Ground, given, model } from './grounds.ts';
import { benchKey, commandsOfLife, liveOne, lookOnce, looksOfLife, type Times, timed } from './lives.ts';
import { callsOfUnit, sendOne } from './model.ts';
import { type Measured, report } from './report.ts';
import { watched } from './watched.ts';

const help = `Measures what commands, views and nodes cost on a cluster, beside one machine's file in the same run.

  npm run bench:cluster                 a model of a server: round trips, sizes, and times that are the model's
  FOLJA_EVENTSTORE=esdb://… npm run bench:cluster
                                        also the servers of that connection string; streams with a random prefix stay there
  npm run bench:cluster -- --quick      fewer programs
  npm run bench:cluster -- --full       more of them
  npm run bench:cluster -- --json       prints JSON`;

const { values } = parseArgs({
  options: {
    ...{ quick: { type: 'boolean', default: false }, full: { type: 'boolean', default: false } },
    ...{ json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  },
});

const scale = values.full ? 4 : values.quick ? 0.25 : 1;
/** Programs that are lived at once, and how many in all. */
const flights = [1, 8, 64].map((atOnce) => ({ atOnce, lives: Math.max(1, Math.ceil(Math.max(atOnce, 4) * scale)) }));
const lagRounds = 50 * scale;
const freshRounds = 200 * scale;
const viewRounds = 400 * scale;

const run = promisify(execFile);

/** Opens a new node in a process of its own, where nothing else takes time or memory. */
const openApart = async ({ forChild }: Ground) => {
  const script = fileURLToPath(new URL('clusterNode.ts', import.meta.url));
  const { stdout } = await run(process.execPath, [script], { env: { ...process.env, ...forChild } });
  return JSON.parse(stdout) as Measured['opened'];
};

const right = async <A>(work: Promise<E.Either<unknown, A>>): Promise<A> => {
  const result = await work;
  if (E.isLeft(result)) throw new Error(`the store said ${JSON.stringify(result.left)}`);
  return result.right;
};

let lived = 0;

/** Lives programs, so many at once; the commands per second of all together. */
const liveSome = async (folja: Folja, atOnce: number, lives: number, times: Times): Promise<number> => {
  let left = lives;
  const worker = async (): Promise<void> => {
    for (; left > 0; ) {
      left -= 1;
      lived += 1;
      await liveOne(folja, lived, times);
    }
  };
  const milliseconds = await timed(() => Promise.all(Array.from({ length: Math.min(atOnce, lives) }, worker)));
  return (lives * commandsOfLife * 1_000) / milliseconds;
};

/** How many looks there are, each of so many at once doing as many. */
const looksOf = (atOnce: number): number => Math.ceil(viewRounds / atOnce) * atOnce;

/** Looks, so many at once; the views per second of all together. */
const lookSome = async (folja: Folja, atOnce: number): Promise<number> => {
  const worker = async (): Promise<void> => {
    for (let left = looksOf(atOnce) / atOnce; left > 0; left -= 1) await lookOnce(folja);
  };
  const milliseconds = await timed(() => Promise.all(Array.from({ length: atOnce }, worker)));
  return (looksOf(atOnce) * 1_000) / milliseconds;
};

/** What the store's file takes, with what is still in its write-ahead log. */
const bytesOf = ({ readModels }: Engine): number =>
  Number(readModels.pragma('page_count', { simple: true })) * Number(readModels.pragma('page_size', { simple: true }));

const emptyTimes = (): Times => ({ commands: [], views: [] });

/** From the receipt on one node until another shows it. */
const lagsOf = async (folja: Folja, ground: Ground): Promise<readonly number[]> => {
  const other = await openFolja({ store: ground.storeAt(1), masterKey: benchKey });
  const [first] = callsOfUnit.slice(-1);
  const lags: number[] = [];
  for (let round = 0; first !== undefined && round < lagRounds; round += 1) {
    const [type, data, actor] = first;
    const again = round % 2 === 0 ? 'revoke-role' : type;
    const position = await sendOne(folja, [again, data, actor]);
    lags.push(await timed(() => other.caughtUp(position)));
  }
  await other.close();
  return lags;
};

type Sizes = { readonly events: number; readonly file: number; readonly log?: number; readonly records?: number };

const sizesOf = async (folja: Folja, engine: Engine, ground: Ground): Promise<Sizes> => {
  const [log, records] = [ground.logBytes(), ground.records()];
  const sizes = { events: (await folja.audit.head()).length, file: bytesOf(engine) };
  return { ...sizes, ...(log === undefined ? {} : { log }), ...(records === undefined ? {} : { records }) };
};

const perEach = (after: Sizes, before: Sizes, count: number): Sizes => {
  const each = (name: keyof Sizes): number => ((after[name] ?? Number.NaN) - (before[name] ?? Number.NaN)) / count;
  return { events: each('events'), file: each('file'), log: each('log'), records: each('records') };
};

const measureReads = async ({ events }: Engine): Promise<readonly number[]> => {
  const [event] = await right(events.readAll(0, 1)());
  const reads: number[] = [];
  for (let round = 0; round < freshRounds; round += 1)
    reads.push(await timed(() => right(events.read(event?.stream ?? '')())));
  return reads;
};

const measure = async (ground: Ground): Promise<Measured> => {
  const { store, engine } = watched(ground.storeAt(0));
  const load = loadavg()[0] ?? Number.NaN;
  const folja = await openFolja({ store, masterKey: benchKey });
  for (const call of callsOfUnit) await sendOne(folja, call);
  // The first life warms everything up, and is not counted.
  await liveSome(folja, 1, 1, emptyTimes());
  const [trips, before] = [ground.roundTrips() ?? Number.NaN, await sizesOf(folja, engine(), ground)];
  const [times, perSecond]: [Times, [number, number][]] = [emptyTimes(), []];
  for (const [index, { atOnce, lives }] of flights.entries())
    perSecond.push([atOnce, await liveSome(folja, atOnce, lives, index === 0 ? times : emptyTimes())]);
  const lives = flights.reduce((sum, flight) => sum + flight.lives, 0);
  const roundTrips = ((ground.roundTrips() ?? Number.NaN) - trips) / (lives * (commandsOfLife + looksOfLife));
  const between = await sizesOf(folja, engine(), ground);
  const viewsPerSecond: [number, number][] = [];
  for (const atOnce of [1, 64]) viewsPerSecond.push([atOnce, await lookSome(folja, atOnce)]);
  const after = await sizesOf(folja, engine(), ground);
  const reads = await measureReads(engine());
  const lags = ground.forChild.FOLJA_BENCH_FILE === undefined ? await lagsOf(folja, ground) : [];
  await folja.close();
  const opened = await openApart(ground);
  await ground.end();
  return {
    ...{ name: ground.name, load, times, perSecond, viewsPerSecond, roundTrips, reads, lags, opened },
    perLife: perEach(between, before, lives),
    perView: perEach(
      after,
      between,
      viewsPerSecond.reduce((sum, [atOnce]) => sum + looksOf(atOnce), 0),
    ),
  };
};

const main = async (): Promise<void> => {
  const connection = process.env.FOLJA_EVENTSTORE;
  const measured: Measured[] = [await measure(embedded()), await measure(await model())];
  if (connection !== undefined) measured.push(await measure(given('given servers', connection)));
  console.log(values.json ? JSON.stringify(measured) : report(measured, availableParallelism()));
};

if (values.help) console.log(help);
else await main();
