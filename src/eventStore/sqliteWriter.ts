import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database, Statement } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
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
  readonly onCommit: () => void;
  waiting: Job[];
  running: Promise<void> | undefined;
};

/** Works that share one commit at most, so that a full queue does not hold the file for long. */
const batchSize = 64;

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

const doWork = (commands: Commands, work: Work<unknown>): E.Either<StoreError, unknown> => {
  commands.mark.run();
  try {
    const result = work();
    pipe(
      result,
      E.match(
        () => undo(commands),
        () => void commands.release.run(),
      ),
    );
    return result;
  } catch (error) {
    if (!commands.db.inTransaction) throw error;
    undo(commands);
    return E.left(storeErrorOf(error));
  }
};

/** The commit itself failed: what was written may be there or not, and what was refused may have been so because of it. */
const afterFailedCommit = (results: Results): Results =>
  results.map((result) =>
    pipe(
      result,
      E.mapLeft(() => ({ kind: 'unavailable', retry: true }) as const),
      E.flatMap(() => E.left({ kind: 'unknown' } as const)),
    ),
  );

const commit = (commands: Commands, jobs: readonly Job[], results: Results): Results => {
  try {
    commands.commit.run();
  } catch {
    abandon(commands);
    return afterFailedCommit(results);
  }
  for (const { afterwards } of jobs) afterwards();
  return results;
};

const runTogether = (commands: Commands, jobs: readonly Job[]): Results => {
  commands.begin.run();
  try {
    return commit(
      commands,
      jobs,
      jobs.map(({ work }) => doWork(commands, work)),
    );
  } catch (error) {
    abandon(commands);
    throw error;
  }
};

const runBatch = async (queue: Queue, jobs: readonly Job[]): Promise<void> => {
  const results = await withRetry(() => runTogether(queue.commands, jobs)).catch((error: unknown) =>
    jobs.map(() => E.left(storeErrorOf(error))),
  );
  queue.onCommit();
  jobs.forEach(({ settle }, index) => {
    settle(results[index] ?? E.left({ kind: 'unknown' }));
  });
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

/** Makes the writer of an opened file; `onCommit` is told after each commit. */
export const writerFor = (db: Database, onCommit: () => void): Writer => {
  const queue: Queue = { commands: commandsOf(db), onCommit, waiting: [], running: undefined };
  return { write: (work, afterwards) => enqueue(queue, work, afterwards), idle: async () => queue.running };
};
