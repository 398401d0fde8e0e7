import { statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Uuid } from '../domain/identifiers.ts';
import type { EventStore, StoreError } from './eventStore.ts';
import { setUpError } from './setUpError.ts';
import { requireNode, setUpErrorOf, withRetry } from './sqliteFile.ts';
import { tablesOf } from './sqliteTables.ts';
import { storeErrorOf, type Work } from './sqliteWriter.ts';

/** Which file to read, and what tells it from others. */
export type ReadOnlyOptions = {
  readonly path: string;
  /** What the file is, for sentences: `event store`, `key file`. */
  readonly name: string;
  readonly applicationId: number;
  readonly userVersion: number;
};

/** A file that nothing is written to. */
export type ReadOnlyFile = { readonly db: Database; readonly storeId: Uuid };

const busyMilliseconds = 5;

const wrong = ({ name, path }: ReadOnlyOptions, what: string): Error => setUpError(`The ${name} ${what} (${path}).`);

const requireThere = (options: ReadOnlyOptions): void => {
  const found = statSync(options.path, { throwIfNoEntry: false });
  if (found === undefined) throw wrong(options, 'is not there: give the path of one');
  if (!found.isFile() || found.size === 0) throw wrong(options, 'is no file, or is empty: restore it from a backup');
};

const requireKind = (db: Database, options: ReadOnlyOptions): void => {
  if (db.pragma('application_id', { simple: true }) !== options.applicationId)
    throw wrong(options, 'is not there but an SQLite file of another kind: give another path');
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > options.userVersion)
    throw wrong(options, 'was made by a newer version of Folja: look with that version or a later one');
  if (version < options.userVersion)
    throw wrong(
      options,
      'was made by an earlier version of Folja: open it once with this one, which brings it up to date',
    );
};

const storeIdOf = (db: Database, options: ReadOnlyOptions): Uuid => {
  const found = db.prepare<[], string>("SELECT value FROM meta WHERE name = 'store-id'").pluck().get();
  if (found === undefined) throw wrong(options, 'is damaged: restore it from a backup');
  return found;
};

/**
 * Opens one of a store's files to look at it: no key is needed and nothing in it changes, so that whoever checks a store needs no more
 * than to read it. Throws one sentence where it cannot be read.
 */
export const openReadOnly = async (options: ReadOnlyOptions): Promise<ReadOnlyFile> => {
  requireNode(process.versions.node);
  requireThere(options);
  try {
    const { default: Sqlite } = await import('better-sqlite3');
    const db = new Sqlite(options.path, { readonly: true, fileMustExist: true, timeout: busyMilliseconds });
    try {
      db.pragma('temp_store = MEMORY');
      await withRetry(() => requireKind(db, options));
      return { db, storeId: await withRetry(() => storeIdOf(db, options)) };
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw setUpErrorOf(error, options);
  }
};

/** What can be asked of a log that is only read. */
export type EventReader = Pick<
  EventStore,
  'id' | 'read' | 'readAll' | 'find' | 'lastPosition' | 'leaves' | 'evidence' | 'pendingErasures'
>;

/** The log in a file that is only read. */
export const eventsReadIn = ({ db, storeId }: ReadOnlyFile): EventReader => {
  const tables = tablesOf(db);
  const read =
    <A>(work: Work<A>): TaskEither<StoreError, A> =>
    async () =>
      withRetry(work).catch((error: unknown) => E.left(storeErrorOf(error)));
  return {
    id: storeId,
    read: (stream, from = 0) => read(() => tables.stream(stream, Math.max(0, from))),
    readAll: (after, limit) => read(() => tables.page(Math.max(0, after), limit)),
    find: (ids) => read(() => tables.find(ids)),
    lastPosition: () => read(() => E.right(tables.lastPosition())),
    leaves: (from, limit) => read(() => E.right(tables.leaves(from, limit))),
    evidence: (after, limit) => read(() => tables.evidence(after, limit)),
    pendingErasures: () => read(() => E.right(tables.pendingErasures())),
  };
};
