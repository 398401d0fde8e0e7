import type { Database } from 'better-sqlite3';

/** An empty database in memory: for read models of a store in memory, and for those built beside the live ones. */
export const memoryDatabase = async (): Promise<Database> => {
  // Loaded when asked for: whoever only imports the library loads no native code.
  const { default: Sqlite } = await import('better-sqlite3');
  const db = new Sqlite(':memory:');
  db.pragma('temp_store = MEMORY');
  return db;
};

const passingSettings = ['journal_mode = MEMORY', 'synchronous = OFF', 'secure_delete = ON', 'cache_size = -16384'];

/**
 * An empty database for read models that are looked at once, however many rows they have: what has no room in a cache lies in a file without a name,
 * which the system takes back with the connection, or with the process.
 */
export const passingDatabase = async (): Promise<Database> => {
  const { default: Sqlite } = await import('better-sqlite3');
  const db = new Sqlite('');
  for (const setting of passingSettings) db.pragma(setting);
  return db;
};

const sideSettings = [
  'journal_mode = MEMORY', // no second file
  'synchronous = OFF', // built anew when it is lost
  'secure_delete = ON',
  'temp_store = MEMORY',
  'locking_mode = EXCLUSIVE',
];

const lockedDatabase = async (path: string, settings: readonly string[]): Promise<Database> => {
  const { default: Sqlite } = await import('better-sqlite3');
  const db = new Sqlite(path, { fileMustExist: true, timeout: 0 });
  try {
    for (const setting of settings) db.pragma(setting);
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};

/** A database in an empty file, for read models that lie aside: locked for as long as it is open. Throws where somebody else has it. */
export const sideDatabase = (path: string): Promise<Database> => lockedDatabase(path, sideSettings);

const rebuildSettings = [
  'locking_mode = EXCLUSIVE', // before the journal: no third file
  'journal_mode = WAL', // whole after a kill
  'synchronous = NORMAL', // and after a loss of power, but for the last
  'secure_delete = ON',
  'temp_store = MEMORY',
  'recursive_triggers = ON', // rows that are replaced are told of
  'cache_size = -98304',
];

/** The database in which read models are built anew, which outlives a kill: locked for as long as it is open. Throws where somebody else has it. */
export const rebuildDatabase = (path: string): Promise<Database> => lockedDatabase(path, rebuildSettings);

const besideSettings = [
  'synchronous = NORMAL', // rows that are made anew when they are lost
  'foreign_keys = ON',
  'secure_delete = ON',
  'temp_store = MEMORY',
  'trusted_schema = OFF',
  'cell_size_check = ON',
  'cache_size = -16384',
];

/** Another connection to a file that is open in this process: for rows that can be made anew, and for nothing else. A thread of its own may wait longer. */
export const besideDatabase = async (path: string, timeout = 5): Promise<Database> => {
  const { default: Sqlite } = await import('better-sqlite3');
  const db = new Sqlite(path, { fileMustExist: true, timeout });
  for (const setting of besideSettings) db.pragma(setting);
  return db;
};
