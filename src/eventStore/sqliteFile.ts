import { randomInt, randomUUID } from 'node:crypto';
import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { makeFile, removeLeftovers } from './newFile.ts';
import { setUpError } from './setUpError.ts';
import { type Migrations, migrate } from './sqliteMigrations.ts';
import { applySettings, type SqliteSettings } from './sqliteSettings.ts';

/** What kind of SQLite file to open, and how it is to be kept. */
export type SqliteFileOptions = SqliteSettings & {
  readonly path: string;
  /** What the file is, for sentences: `event store`, `key file`. */
  readonly name: string;
  /** Tells files of this kind from all other SQLite files. */
  readonly applicationId: number;
  /** Version of the schema. */
  readonly userVersion: number;
  /** SQL of STRICT tables, run once, in the transaction that makes the file. */
  readonly schema: string;
  readonly migrations?: Migrations;
  /** The id that an existing file must have and a new one gets; a new one gets a random id without it. */
  readonly storeId?: string;
};

/** An open file that has its settings, and what it is known by. */
export type SqliteFile = {
  readonly db: Database;
  readonly storeId: string;
  /** True in the one process that made the file. */
  readonly created: boolean;
};

/** What went wrong in SQLite, as far as a caller can act on it. */
export type SqliteErrorKind = 'busy' | 'full' | 'io' | 'readonly' | 'corrupt' | 'constraint' | 'other';

const oldestNode = 22;
/** Older versions can damage a WAL file that several processes use (the WAL-reset bug, sqlite.org/wal.html). */
const oldestSqlite = '3.51.3';
/** SQLite's own waiting blocks the event loop, so it is short; `withRetry` waits without blocking. */
const busyMilliseconds = 5;
const longestPause = 64;
const metaSchema = 'CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;';

/** Throws unless this Node.js can load better-sqlite3, which crashes without a word on Node.js 20. */
export const requireNode = (version: string): void => {
  if (Number.parseInt(version.replace(/^v/, ''), 10) >= oldestNode) return;
  throw setUpError(`The store needs Node.js ${oldestNode} or later and runs on ${version}: use a newer Node.js.`);
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const kindsByCode: readonly (readonly [RegExp, SqliteErrorKind])[] = [
  [/^SQLITE_(BUSY|PROTOCOL)/, 'busy'],
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)/, 'full'],
  [/^(SQLITE_(IOERR|CANTOPEN)|EIO|EMFILE|ENFILE)/, 'io'],
  [/^(SQLITE_READONLY|EACCES|EPERM|EROFS)/, 'readonly'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'corrupt'],
  [/^SQLITE_CONSTRAINT/, 'constraint'],
];

/** Sorts what better-sqlite3 throws by what can be done about it. */
export const sqliteErrorOf = (error: unknown): SqliteErrorKind =>
  kindsByCode.find(([code]) => code.test(codeOf(error)))?.[1] ?? 'other';

const pause = (attempt: number): Promise<void> => wait(1 + randomInt(Math.min(longestPause, 2 ** attempt)));

/** Does synchronous work again, after a short random wait, for as long as another process keeps the file locked. */
export const withRetry = async <A>(work: () => A, attempts = 100): Promise<A> => {
  for (let attempt = 1; attempt < attempts; attempt += 1) {
    try {
      return work();
    } catch (error) {
      if (sqliteErrorOf(error) !== 'busy') throw error;
    }
    await pause(attempt);
  }
  return work();
};

/** A file in sentences: what it is, and where. */
type Named = { readonly name: string; readonly path: string };

const wrong = ({ name, path }: Named, what: string): Error => setUpError(`The ${name} ${what} (${path}).`);

const sentences = {
  busy: 'is locked by another process: stop that process, then try again',
  corrupt: 'is damaged: restore it from a backup',
  foreign: 'is not an SQLite file: give another path, or restore it from a backup',
  full: 'has no room left on its disk: make room, then try again',
  io: 'cannot be opened: check its disk and its permissions',
  readonly: 'cannot be written: make the file and its directory writable, or give another path',
} as const;

const checkPath = ({ name, path }: { readonly name: string; readonly path: unknown }): Named => {
  if (typeof path === 'string' && path !== '' && path !== ':memory:' && !path.includes('\0'))
    return { name, path: resolve(path) };
  throw setUpError(`The path of the ${name} is no path of a file: give one, such as unit.db.`);
};

const statOf = (path: string) => statSync(path, { throwIfNoEntry: false });

const requireWritable = (file: Named, path: string): void => {
  try {
    accessSync(path, constants.W_OK);
  } catch {
    throw wrong(file, sentences.readonly);
  }
};

const checkDirectory = (file: Named): void => {
  const directory = { name: `directory of the ${file.name}`, path: file.path };
  const found = statOf(dirname(file.path));
  if (found === undefined) throw wrong(directory, 'does not exist: create it, or give another path');
  if (!found.isDirectory()) throw wrong(directory, 'is not a directory: give another path');
  requireWritable(file, dirname(file.path));
};

/** A new file beside the journal of a lost one would be filled from that journal. */
const requireNoJournal = (file: Named): void => {
  const journal = ['-wal', '-journal'].find((end) => (statOf(`${file.path}${end}`)?.size ?? 0) > 0);
  if (journal !== undefined && statOf(file.path) === undefined)
    throw wrong(file, `is gone and its ${journal} file is not: restore both from a backup, or remove that one too`);
};

/**
 * True when the file is there. It is looked at without being opened: closing a file that SQLite has open in this process
 * too would drop SQLite's locks (POSIX).
 */
const isThere = (file: Named): boolean => {
  const found = statOf(file.path);
  if (found === undefined) {
    requireNoJournal(file);
    return false;
  }
  if (!found.isFile()) throw wrong(file, 'is not a file: give the path of a file');
  if (found.size === 0) throw wrong(file, 'is empty: restore it from a backup, or remove it if it was never used');
  requireWritable(file, file.path);
  return true;
};

type Connect = (path: string) => Database;

const connector = async (): Promise<Connect> => {
  const { default: Sqlite } = await import('better-sqlite3');
  return (path) => new Sqlite(path, { fileMustExist: true, timeout: busyMilliseconds });
};

const fill = (db: Database, options: SqliteFileOptions): void => {
  db.pragma('journal_mode = memory');
  db.exec('BEGIN IMMEDIATE');
  db.exec(metaSchema);
  db.exec(options.schema);
  db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)').run('store-id', options.storeId ?? randomUUID());
  db.pragma(`application_id = ${options.applicationId}`);
  db.pragma(`user_version = ${options.userVersion}`);
  db.exec('COMMIT');
};

const create = (connect: Connect, options: SqliteFileOptions, path: string): Promise<boolean> =>
  makeFile(path, (empty) => {
    const db = connect(empty);
    try {
      fill(db, options);
    } finally {
      db.close();
    }
  });

const simple = (db: Database, pragma: string): unknown => db.pragma(pragma, { simple: true });

const isOlder = (version: string, than: string): boolean =>
  version.localeCompare(than, 'en', { numeric: true, sensitivity: 'base' }) < 0;

const checkSqlite = (db: Database): void => {
  const version = String(db.prepare('SELECT sqlite_version()').pluck().get());
  if (isOlder(version, oldestSqlite))
    throw setUpError(
      `SQLite ${version} is older than ${oldestSqlite}: install the better-sqlite3 that Folja asks for.`,
    );
};

const checkKind = (db: Database, options: SqliteFileOptions, file: Named): void => {
  if (simple(db, 'application_id') !== options.applicationId)
    throw wrong(file, 'is not there but an SQLite file of another kind: give another path');
  const version = Number(simple(db, 'user_version'));
  if (version > options.userVersion)
    throw wrong(file, 'was made by a newer version of Folja: install that version or a later one');
  if (version < options.userVersion && options.migrations?.[version] === undefined)
    throw wrong(file, 'was made by a version of Folja that this one cannot read: install that version');
};

const checkSettings = (db: Database, options: SqliteFileOptions, file: Named): void => {
  const [refused] = applySettings(db, options);
  if (refused !== undefined) throw wrong(file, `did not take the setting ${refused}: keep it on a local disk`);
};

const tryToWrite = (db: Database): void => {
  db.exec('BEGIN IMMEDIATE');
  db.exec('ROLLBACK');
};

const storeIdOf = (db: Database, { storeId }: SqliteFileOptions, file: Named): string => {
  const found = db.prepare("SELECT value FROM meta WHERE name = 'store-id'").pluck().get();
  if (typeof found !== 'string') throw wrong(file, sentences.corrupt);
  if (storeId !== undefined && storeId !== found)
    throw wrong(file, 'belongs to another store: give the path of the one that was made with this store');
  return found;
};

const openFound = async (db: Database, options: SqliteFileOptions, file: Named): Promise<string> => {
  try {
    await withRetry(() => checkSqlite(db));
    await withRetry(() => checkKind(db, options, file));
    await withRetry(() => checkSettings(db, options, file));
    await withRetry(() => tryToWrite(db));
    await withRetry(() => migrate(db, options));
    return await withRetry(() => storeIdOf(db, options, file));
  } catch (error) {
    db.close();
    throw error;
  }
};

/** What went wrong while a file was opened, as a sentence where the set-up is to blame. */
export const setUpErrorOf = (error: unknown, file: { readonly name: string; readonly path: string }): unknown => {
  const kind = codeOf(error) === 'SQLITE_NOTADB' ? 'foreign' : sqliteErrorOf(error);
  return kind === 'constraint' || kind === 'other' ? error : wrong(file, sentences[kind]);
};

/**
 * Opens an SQLite file with the settings that care data needs, each read back, and makes it when it is not there, from
 * any number of processes at once; throws one sentence that says what to do when the set-up is wrong.
 */
export const openSqliteFile = async (options: SqliteFileOptions): Promise<SqliteFile> => {
  requireNode(process.versions.node);
  const file = checkPath(options);
  try {
    checkDirectory(file);
    const connect = await connector();
    const created = !isThere(file) && (await create(connect, options, file.path));
    await removeLeftovers(file.path);
    const db = connect(file.path);
    return { db, storeId: await openFound(db, options, file), created };
  } catch (error) {
    throw setUpErrorOf(error, file);
  }
};
