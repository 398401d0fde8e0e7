import { setTimeout as wait } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { logUntil } from './eventStore/eventsUntil.ts';
import { besideDatabase, sideDatabase } from './eventStore/memoryDatabase.ts';
import { eventsReadIn } from './eventStore/sqliteReadOnly.ts';
import { tablesOf } from './eventStore/sqliteTables.ts';
import type { Doing } from './operations/readModelThread.ts';
import { catchUp, undisturbed } from './projections/catchingUp.ts';
import type { Progress } from './projections/following.ts';
import { clearLeft } from './projections/rebuilding/emptying.ts';
import { rebuildInFile } from './projections/rebuilding/rebuildInFile.ts';
import type { Ending, Interruption } from './projections/rebuilding/takingOver.ts';
import { prepareReadModels } from './projections/runner.ts';

// The thread in which read models are built: it has paths, and no key. What it does is told to the thread that began it.

/** What the thread is given. */
type Given = {
  readonly doing: Doing;
  readonly log: string;
  readonly side: string;
  readonly until?: number;
  /** Its first number is another than 0 once the thread is to stop. */
  readonly stop: Int32Array;
};

const { doing, log, side, until = 0, stop } = workerData as Given;

/** Short enough that who wants to write meanwhile gets its turn while SQLite waits for it. */
const writing = { milliseconds: 2, turn: () => wait(2) };
/** Nobody waits for this thread; between two slices it looks whether it is to stop. */
const reading = { milliseconds: 100, turn: async () => undefined };

const stopped: E.Either<Interruption, never> = E.left({ kind: 'stopped' });
const isToStop = (): boolean => Atomics.load(stop, 0) !== 0;

const onProgress: Progress = (done, total) => parentPort?.postMessage({ done, total });

const eventsIn = (live: Database) => eventsReadIn({ db: live, storeId: '' });

const clear = async (live: Database): Promise<E.Either<Ending, undefined>> => {
  const mayGoOn = () => (isToStop() ? stopped : E.right(undefined));
  return E.map(() => undefined)(await clearLeft({ live, writing, mayGoOn }));
};

const rebuild = (live: Database): Promise<E.Either<Ending, number>> => {
  const events = eventsIn(live);
  const readNow = tablesOf(live).page;
  return rebuildInFile({ events, readNow, side, live, reading, writing, isToStop, onProgress });
};

/** Fills the read models of a store that nobody has open yet, those of the audit log among them. */
const follow = (live: Database): Promise<E.Either<Ending, number>> =>
  catchUp(eventsIn(live), live, ['inline', 'audit'], onProgress, undisturbed);

const noMore = async () => E.left({ kind: 'unavailable', retry: false } as const);

/** Fills the read models of another time, which lie in the side file. */
const replay = async (live: Database): Promise<E.Either<Ending, number>> => {
  const db = await sideDatabase(side);
  try {
    prepareReadModels(db);
    const { readAll } = eventsIn(live);
    const unlessStopped: typeof readAll = (after, most) => (isToStop() ? noMore : readAll(after, most));
    return await catchUp(logUntil({ readAll: unlessStopped }, until), db, 'inline', onProgress, undisturbed);
  } finally {
    db.close();
  }
};

const work = { clear, rebuild, follow, replay };

/** Shorter than SQLite waits by itself: who comes back often finds a moment in which nobody writes. */
const patience = 1;

const live = await besideDatabase(log, patience);
try {
  parentPort?.postMessage({ ended: await work[doing](live) });
} finally {
  live.close();
}
