import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database, Statement } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { StoreError } from './eventStore.ts';
import { sqliteErrorOf, withRetry } from './sqliteFile.ts';

/** Work inside a write transaction; Left undoes what it wrote, and nothing else. */
export type Work<A> = () => E.Either<StoreError, A>;

/** The only way to write to the event store's file. */
export type Writer = {
  /**
   * Does work in a write transaction of its own fate; works that wait together share one commit. `afterwards` is called right after that
   * commit, before anything else can be written by this process.
   */
  readonly write: <A>(work: Work<A>, afterwards?: () => void) => Promise<E.Either<StoreError, A>>;
  /** Resolves when nothing waits to be written. */
  readonly idle: () => Promise<void>;
};

/** What runs with the transactions of a writer; none of it knows whose works share one. */
export type Hooks = {
  /** First in each transaction. */
  readonly begun?: () => void;
  /** Last in each transaction, when every work in it has come to its end; what it throws undoes them all. */
  readonly settle?: () => void;
  /** The whole transaction was undone, or its commit failed: what was remembered of it is to be forgotten. */
  readonly undone?: () => void;
  /** After each transaction, whatever became of it, and before anybody is told. */
  readonly committed: () => void;
};

type Job = {
  readonly work: Work<unknown>;
  readonly afterwards: () => void;
  readonly settle: (result: E.Either<StoreError, unknown>) => void;
};
type Results = readonly E.Either<StoreError, unknown>[];
type Commands = { readonly db: Database } & Readonly<
  Record<'begin' | 'commit' | 'rollback' | 'mark' | 'undo' | 'release', Statement>
>;
type Queue = {
  readonly commands: Commands;
  readonly hooks: Hooks;
  waiting: Job[];
  running: Promise<void> | undefined;
};

/** Works that share one commit at most, and how long they may take together, so that neither the file nor the event loop is held for long. */
const batchSize = 64;
const batchMilliseconds = 8;

/** What an exception of SQLite, or of code inside a transaction that was rolled back, comes to. */
export const storeErrorOf = (error: unknown): StoreError => {
  const kind = sqliteErrorOf(error);
  if (kind === 'corrupt') return { kind: 'damaged', what: 'event store file' };
  return { kind: 'unavailable', retry: kind === 'busy' || kind === 'full' || kind === 'io' };
};

const commandsOf = (db: Database): Commands => ({
  db,
  begin: db.prepare('BEGIN IMMEDIATE'),
  commit: db.prepare('COMMIT'),
  rollback: db.prepare('ROLLBACK'),
  mark: db.prepare('SAVEPOINT work'),
  undo: db.prepare('ROLLBACK TO work'),
  release: db.prepare('RELEASE work'),
});

const undo = ({ undo, release }: Commands): void => {
  undo.run();
  release.run();
};

/** Some failures make SQLite roll back by itself, others leave the transaction open. */
const abandon = ({ db, rollback }: Commands): void => {
  try {
    if (db.inTransaction) rollback.run();
  } catch {
    // The failure that led here is the one to tell; the transaction is over even when its rollback fails.
  }
};

/** A full disk ends the whole transaction, savepoints and all: whatever were written next would be a transaction of its own. */
const requireTransaction = ({ db }: Commands, error: unknown): void => {
  if (!db.inTransaction) throw error;
};

const doWork = (commands: Commands, work: Work<unknown>): E.Either<StoreError, unknown> => {
  commands.mark.run();
  try {
    const result = work();
    if (E.isLeft(result)) undo(commands);
    else commands.release.run();
    return result;
  } catch (error) {
    requireTransaction(commands, error);
    undo(commands);
    return E.left(storeErrorOf(error));
  }
};

/** The commit itself failed: what was written may be there or not, and what was refused may have been so because of it. */
const afterFailedCommit = (results: Results): Results =>
  results.map((result) => E.left(E.isLeft(result) ? { kind: 'unavailable', retry: true } : { kind: 'unknown' }));

const commit = ({ commands, hooks }: Queue, jobs: readonly Job[], results: Results): Results => {
  try {
    commands.commit.run();
  } catch {
    abandon(commands);
    hooks.undone?.();
    return afterFailedCommit(results);
  }
  for (const [index, result] of results.entries()) if (E.isRight(result)) jobs[index]?.afterwards();
  return results;
};

/** Does works until their time is over; those that are left wait for the next transaction. */
const doWorks = (commands: Commands, jobs: readonly Job[]): Results => {
  const [alone, ...others] = jobs;
  // What has the transaction to itself needs no savepoint: it is undone with all of it.
  if (alone !== undefined && others.length === 0) return [alone.work()];
  const results: E.Either<StoreError, unknown>[] = [];
  const until = performance.now() + batchMilliseconds;
  for (const { work } of jobs) {
    results.push(doWork(commands, work));
    if (performance.now() > until) break;
  }
  return results;
};

/** Undoes the whole transaction. */
const undone = ({ commands, hooks }: Queue, results: Results): Results => {
  abandon(commands);
  hooks.undone?.();
  return results;
};

const runTogether = (queue: Queue, jobs: readonly Job[]): Results => {
  const { commands, hooks } = queue;
  commands.begin.run();
  try {
    hooks.begun?.();
    const results = doWorks(commands, jobs);
    if (results.every(E.isLeft)) return undone(queue, results);
    hooks.settle?.();
    return commit(queue, jobs, results);
  } catch (error) {
    undone(queue, []);
    throw error;
  }
};

const runBatch = async (queue: Queue, jobs: readonly Job[]): Promise<void> => {
  const results = await withRetry(() => runTogether(queue, jobs)).catch((error: unknown) =>
    jobs.map(() => E.left(storeErrorOf(error))),
  );
  queue.waiting.unshift(...jobs.slice(results.length));
  queue.hooks.committed();
  for (const [index, result] of results.entries()) jobs[index]?.settle(result);
};

const drain = async (queue: Queue): Promise<void> => {
  while (queue.waiting.length > 0) {
    await nextTurn();
    await runBatch(queue, queue.waiting.splice(0, batchSize));
  }
  queue.running = undefined;
};

const nothing = (): void => undefined;

const enqueue = <A>(queue: Queue, work: Work<A>, afterwards = nothing): Promise<E.Either<StoreError, A>> =>
  new Promise((resolve) => {
    queue.waiting.push({ work, afterwards, settle: (result) => resolve(result as E.Either<StoreError, A>) });
    queue.running ??= drain(queue);
  });

/** Makes the writer of an opened file. */
export const writerFor = (db: Database, hooks: Hooks): Writer => {
  const queue: Queue = { commands: commandsOf(db), hooks, waiting: [], running: undefined };
  return { write: (work, afterwards) => enqueue(queue, work, afterwards), idle: async () => queue.running };
};
