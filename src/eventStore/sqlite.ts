import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Uuid } from '../domain/identifiers.ts';
import { requireAppend } from './appendRules.ts';
import type { EventStore, Prepared, StoreError } from './eventStore.ts';
import { type Appending, appendingIn } from './sqliteAppending.ts';
import { eraserIn } from './sqliteErasing.ts';
import { withRetry } from './sqliteFile.ts';
import { type Tables, tablesOf } from './sqliteTables.ts';
import { storeErrorOf, type Work, type Writer, writerFor } from './sqliteWriter.ts';
import { type Subscriptions, subscriptionsTo } from './subscriptions.ts';
import { endTurn } from './turns.ts';

/** How often another process's commits are looked for: twice within the 100 ms that are promised. */
const watchMilliseconds = 40;

const closed: StoreError = { kind: 'unavailable', retry: false };

/** An event store's tables in an opened file, and the one way to write to them. */
export type Log = {
  readonly db: Database;
  readonly tables: Tables;
  readonly writer: Writer;
  readonly appending: Appending;
  readonly subscriptions: Subscriptions;
  closing?: Promise<void>;
};

const attempt = <A>(work: Work<A>): E.Either<StoreError, A> => {
  try {
    return work();
  } catch (error) {
    return E.left(storeErrorOf(error));
  }
};

const reading =
  (log: Log) =>
  <A>(work: Work<A>): TaskEither<StoreError, A> =>
  async () =>
    log.closing === undefined ? withRetry(work).catch((error: unknown) => E.left(storeErrorOf(error))) : E.left(closed);

const writing =
  (log: Log) =>
  <A>(work: Work<A>, afterwards?: () => void): TaskEither<StoreError, A> =>
  async () =>
    log.closing === undefined ? log.writer.write(work, afterwards) : E.left(closed);

/** What is not known is read, and what fails then is told there. */
const knownHeadIn = ({ appending, closing }: Log, stream: string): number | undefined => {
  if (closing !== undefined) return undefined;
  const known = attempt(() => E.right(appending.knownHead(stream)));
  return E.isRight(known) ? known.right : undefined;
};

/** Another process's commits change the data version of this connection; its own do not. */
const watching = (db: Database) => (grown: () => void) => {
  const version = db.prepare<[], number>('PRAGMA data_version').pluck();
  let seen: number | undefined;
  const look = (): E.Either<StoreError, void> => {
    const before = seen;
    seen = version.get();
    return E.right(before === seen ? undefined : grown());
  };
  const timer = setInterval(() => void attempt(look), watchMilliseconds).unref();
  return () => clearInterval(timer);
};

type Checkpoint = { readonly busy: number; readonly log: number; readonly checkpointed: number };

/** Moves all pages into the file and empties the write-ahead log; false when a reader still needs old pages. */
const checkpoint = (db: Database): boolean =>
  (db.pragma('wal_checkpoint(TRUNCATE)') as readonly Checkpoint[]).every(
    ({ busy, log, checkpointed }) => busy === 0 && log === checkpointed,
  );

const scrubAttempts = 5;
const scrubPause = 20;

/** Another process that is reading or writing just now is done in a moment; a reader that stays is not waited for. */
const scrub = async (db: Database): Promise<boolean> => {
  for (let attempt = 1; attempt < scrubAttempts; attempt += 1) {
    if (await withRetry(() => checkpoint(db))) return true;
    await wait(scrubPause);
  }
  return withRetry(() => checkpoint(db));
};

const shut = async ({ db, writer, subscriptions }: Log): Promise<void> => {
  subscriptions.stop();
  await writer.idle();
  attempt(() => E.right(checkpoint(db)));
  db.close();
};

/** The log in an opened file, with what moves in its transactions. */
export const logOver = (db: Database, prepared: Prepared): Log => {
  const tables = tablesOf(db);
  const appending = appendingIn(db, tables, prepared);
  const subscriptions = subscriptionsTo({
    lastPosition: () => attempt(() => E.right(tables.lastPosition())),
    readAll: (after, limit) => attempt(() => tables.page(after, limit)),
    watch: watching(db),
  });
  const committed = (): void => {
    endTurn();
    prepared.committed();
    subscriptions.wake();
  };
  return { db, tables, subscriptions, appending, writer: writerFor(db, { ...appending.hooks, committed }) };
};

/** Prepares the read models in one transaction, so that two processes that open the store at once do not meet in the middle. */
export const prepareIn = (db: Database, prepare: (readModels: Database) => Prepared): Promise<Prepared> => {
  const prepared = db.transaction(() => prepare(db));
  return withRetry(() => prepared.immediate());
};

/** The event store over a log. */
export const eventsIn = (log: Log, id: Uuid): EventStore => {
  const [read, write] = [reading(log), writing(log)];
  const { tables, db, appending } = log;
  const eraser = eraserIn(db, tables);
  return {
    id,
    append: (stream, expected, events, options = {}) => {
      requireAppend(events);
      return write(appending.workOf({ stream, expected, events, options }));
    },
    knownHead: (stream) => knownHeadIn(log, stream),
    read: (stream, from = 0) => read(() => tables.stream(stream, Math.max(0, from))),
    readAll: (after, limit) => read(() => tables.page(Math.max(0, after), limit)),
    find: (ids) => read(() => tables.find(ids)),
    lastPosition: () => read(() => E.right(tables.lastPosition())),
    sealedParts: (positions) => read(() => tables.sealedParts(positions)),
    markOf: (eventId) => read(() => E.right(tables.markOf(eventId))),
    streamsWithTag: (tag) => read(() => E.right(tables.streamsWithTag(tag))),
    auditSubjects: (year, of) => read(() => E.right(tables.auditSubjects(year, of))),
    pendingErasures: () => read(() => E.right(tables.pendingErasures())),
    moveErasure: (stream, stage) => write(() => E.right(tables.moveErasure(stream, stage))),
    eraseFlesh: (stream) => {
      const { work, afterwards } = eraser.erasing(stream);
      return write(work, afterwards);
    },
    remnants: (erasure) => TE.tryCatch(() => eraser.remnants(erasure), storeErrorOf),
    staleTags: (keyId, limit) => read(() => E.right(tables.staleTags(keyId, limit))),
    retag: (position, tag) => write(() => E.right(tables.retag(position, tag))),
    eraseAuditYear: (year) => write(() => E.right(tables.eraseAuditYear(year))),
    leaves: (from, limit) => read(() => E.right(tables.leaves(from, limit))),
    evidence: (after, limit) => read(() => tables.evidence(after, limit)),
    scrub: () => (log.closing === undefined ? TE.tryCatch(() => scrub(db), storeErrorOf) : TE.left(closed)),
    finishErasure: (stream) =>
      write(
        () => E.right(tables.removeErasure(stream)),
        () => eraser.forget(stream),
      ),
    subscribe: log.subscriptions.subscribe,
    close: () => {
      log.closing ??= shut(log);
      return log.closing;
    },
  };
};

/** True when anything was ever stored in an opened event store. */
export const hasEvents = (db: Database): Promise<boolean> => {
  const found = db.prepare<[], number>('SELECT EXISTS (SELECT 1 FROM events)').pluck();
  return withRetry(() => found.get() === 1);
};

/** The event store in an opened SQLite file; the read models lie in the same file and move with each append. */
export const sqliteEvents = async (
  db: Database,
  id: Uuid,
  prepare: (readModels: Database) => Prepared,
): Promise<EventStore> => {
  const prepared = await prepareIn(db, prepare);
  return eventsIn(logOver(db, prepared), id);
};
