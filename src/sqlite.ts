import { existsSync } from 'node:fs';
import { join, parse, resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import { directoryAnchors } from './audit/directoryAnchors.ts';
import type { Engine, Store } from './eventStore/engine.ts';
import type { Prepared } from './eventStore/eventStore.ts';
import { readGiven, requireKnown, setUpError } from './eventStore/setUpError.ts';
import { hasEvents, sqliteEvents } from './eventStore/sqlite.ts';
import { asideOf } from './eventStore/sqliteAside.ts';
import { openSqliteFile, setUpErrorOf } from './eventStore/sqliteFile.ts';
import {
  eventStoreApplicationId,
  eventStoreMigrations,
  eventStoreSchema,
  eventStoreUserVersion,
} from './eventStore/sqliteSchema.ts';
import type { MasterKey } from './privacy/keys.ts';
import { openSqliteKeys } from './privacy/sqliteKeys.ts';

/** Where a store's two files lie, and where heads of its log are kept. */
export type SqliteStoreOptions = {
  /** The events, their flesh and the read models. */
  readonly path: string;
  /** The keys, in a file with a backup of its own; beside the events unless told: unit.db, unit.keys.db. */
  readonly keysPath?: string;
  /**
   * The directory of anchors, signed heads and the ledger of purges: best on another disk, where whoever can change the events cannot
   * write. Beside the events unless told: unit.db, unit.anchors.
   */
  readonly anchorPath?: string;
  /**
   * Goes on with an older copy, or with what is left after a loss: without it, a log that is not what its anchors vouch for is not opened.
   * For once, after a restore: what was lost becomes an entry of the log, and the anchors are set aside.
   */
  readonly acceptOlder?: boolean;
};

type Paths = { readonly path: string; readonly keysPath: string; readonly anchorPath: string };

const optionNames = ['path', 'keysPath', 'anchorPath', 'acceptOlder'];

const besideEvents = (path: string): string => {
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}.keys${ext}`);
};

const anchorsBeside = (path: string): string => {
  const { dir, name } = parse(path);
  return join(dir, `${name}.anchors`);
};

const isTextOrAbsent = (given: unknown): boolean => ['string', 'undefined'].includes(typeof given);

type Settings = Paths & { readonly acceptsOlder: boolean };

const readOptions = (options: SqliteStoreOptions): Settings => {
  const { path, keysPath, anchorPath, acceptOlder } = options;
  requireKnown('sqliteStore', options, optionNames);
  if (typeof path !== 'string' || ![keysPath, anchorPath].every(isTextOrAbsent))
    throw setUpError('sqliteStore needs a path: give it the path of a file, such as unit.db.');
  if (!['boolean', 'undefined'].includes(typeof acceptOlder))
    throw setUpError('The option acceptOlder is not usable: give true, once, after an older copy was put back.');
  const paths = { path, keysPath: keysPath ?? besideEvents(path), anchorPath: anchorPath ?? anchorsBeside(path) };
  if (resolve(paths.path) === resolve(paths.keysPath))
    throw setUpError(`The events and their keys are to lie in two files: give another keysPath (${path}).`);
  if ([paths.path, paths.keysPath].some((file) => resolve(file) === resolve(paths.anchorPath)))
    throw setUpError(`The anchors are to lie in a directory of their own: give another anchorPath (${path}).`);
  return { ...paths, acceptsOlder: acceptOlder === true };
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
    migrations: eventStoreMigrations,
  });

const openStore = async (
  paths: Paths,
  masterKey: MasterKey,
  prepare: (readModels: Database) => Prepared,
): Promise<Omit<Engine, 'acceptsOlder'>> => {
  requireEventsOf(paths);
  const { db, storeId } = await openEvents(paths.path);
  const { removeLeftovers, ...aside } = asideOf(paths.path);
  try {
    await removeLeftovers();
    await requireKeysOf(db, paths);
    const anchors = directoryAnchors(paths.anchorPath);
    const { keys } = await openSqliteKeys({ path: paths.keysPath, storeId, masterKey });
    try {
      const events = await sqliteEvents(db, storeId, prepare);
      return { events, keys, readModels: db, anchors, ...aside };
    } catch (error) {
      keys.close();
      throw error;
    }
  } catch (error) {
    db.close();
    throw setUpErrorOf(error, { name: 'event store', path: paths.path });
  }
};

/**
 * The store for one machine: two SQLite files, one with the events and one with their keys, made when they are not there.
 *
 * @example
 * const store = sqliteStore({ path: 'unit.db' });
 */
export const sqliteStore = (options: SqliteStoreOptions): Store => ({
  open: async (masterKey, prepare) => {
    const settings = readGiven('The options of sqliteStore', () => readOptions(options));
    const engine = await openStore(settings, masterKey, prepare);
    return { ...engine, acceptsOlder: settings.acceptsOlder };
  },
});
