import type { Database } from 'better-sqlite3';

/** An empty database in memory: for read models of a store in memory, and for those built beside the live ones. */
export const memoryDatabase = async (): Promise<Database> => {
  // Loaded when asked for: whoever only imports the library loads no native code.
  const { default: Sqlite } = await import('better-sqlite3');
  const db = new Sqlite(':memory:');
  db.pragma('temp_store = MEMORY');
  return db;
};

const sideSettings = [
  'journal_mode = MEMORY', // no second file
  'synchronous = OFF', // built anew when it is lost
  'secure_delete = ON',
  'temp_store = MEMORY',
  'locking_mode = EXCLUSIVE',
];

/** A database in an empty file, for read models that lie aside: locked for as long as it is open. Throws where somebody else has it. */
export const sideDatabase = async (path: string): Promise<Database> => {
  const { default: Sqlite } = await import('better-sqlite3');
  const db = new Sqlite(path, { fileMustExist: true, timeout: 0 });
  try {
    for (const setting of sideSettings) db.pragma(setting);
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};
