import type { Database } from 'better-sqlite3';

/** An empty database in memory: for read models of a store in memory, and for those built beside the live ones. */
export const memoryDatabase = async (): Promise<Database> => {
  // Loaded when asked for: whoever only imports the library loads no native code.
  const { default: Sqlite } = await import('better-sqlite3');
  const db = new Sqlite(':memory:');
  db.pragma('temp_store = MEMORY');
  return db;
};
