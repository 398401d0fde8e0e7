import { existsSync } from 'node:fs';
import { join, parse, resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { Engine, Store } from './eventStore/engine.ts';
import type { Inline } from './eventStore/eventStore.ts';
import { setUpError } from './eventStore/setUpError.ts';
import { hasEvents, sqliteEvents } from './eventStore/sqlite.ts';
import { openSqliteFile } from './eventStore/sqliteFile.ts';
import { eventStoreApplicationId, eventStoreSchema, eventStoreUserVersion } from './eventStore/sqliteSchema.ts';
import type { MasterKey } from './privacy/keys.ts';
import { openSqliteKeys } from './privacy/sqliteKeys.ts';

/** Where a store's two files lie. */
export type SqliteStoreOptions = {
  /** The events, their flesh and the read models. */
  readonly path: string;
  /** The keys, in a file with a backup of its own; beside the events unless told: unit.db, unit.keys.db. */
  readonly keysPath?: string;
};

type Paths = { readonly path: string; readonly keysPath: string };

const optionNames = ['path', 'keysPath'];

const besideEvents = (path: string): string => {
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}.keys${ext}`);
};

const readOptions = ({ path, keysPath, ...others }: SqliteStoreOptions): Paths => {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw setUpError(`sqliteStore has no option ${unknown}: give it ${optionNames.join(' and ')} only.`);
  if (typeof path !== 'string' || !['string', 'undefined'].includes(typeof keysPath))
    throw setUpError('sqliteStore needs a path: give it the path of a file, such as unit.db.');
  const paths = { path, keysPath: keysPath ?? besideEvents(path) };
  if (resolve(paths.path) !== resolve(paths.keysPath)) return paths;
  throw setUpError(`The events and their keys are to lie in two files: give another keysPath (${path}).`);
};

/** The event store is always made first, so a key file without it means that the events are lost. */
const requireEventsOf = ({ path, keysPath }: Paths): void => {
  if (existsSync(keysPath) && !existsSync(path))
    throw setUpError(
      `The event store is gone and its key file is not: restore it from a backup, or give other paths (${path}).`,
    );
};

/** An event store without events and without keys is one whose making was cut short: its keys are then made. */
const requireKeysOf = async (db: Database, { keysPath }: Paths): Promise<void> => {
  if ((await hasEvents(db)) && !existsSync(keysPath))
    throw setUpError(
      `The key file is missing, and nothing personal can be read without it: restore it, or give its path (${keysPath}).`,
    );
};

const openEvents = (path: string) =>
  openSqliteFile({
    path,
    name: 'event store',
    applicationId: eventStoreApplicationId,
    userVersion: eventStoreUserVersion,
    journalMode: 'wal',
    synchronous: 'full',
    schema: eventStoreSchema,
  });

const openStore = async (
  paths: Paths,
  masterKey: MasterKey,
  prepare: (readModels: Database) => Inline,
): Promise<Engine> => {
  requireEventsOf(paths);
  const { db, storeId } = await openEvents(paths.path);
  try {
    await requireKeysOf(db, paths);
    const { keys } = await openSqliteKeys({ path: paths.keysPath, storeId, masterKey });
    try {
      return { events: await sqliteEvents(db, storeId, prepare), keys, readModels: db };
    } catch (error) {
      keys.close();
      throw error;
    }
  } catch (error) {
    db.close();
    throw error;
  }
};

/**
 * The store for one machine: two SQLite files, one with the events and one with their keys, made when they are not there.
 *
 * @example
 * const store = sqliteStore({ path: 'unit.db' });
 */
export const sqliteStore = (options: SqliteStoreOptions): Store => ({
  open: async (masterKey, prepare) => openStore(readOptions(options), masterKey, prepare),
});
