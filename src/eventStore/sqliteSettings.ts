import type { Database } from 'better-sqlite3';

/** The settings in which the files of a store differ. */
export type SqliteSettings = {
  readonly journalMode: 'wal' | 'persist';
  readonly synchronous: 'full' | 'extra';
};

type Setting = readonly [name: string, value: string, taken: unknown];

const settings = ({ journalMode, synchronous }: SqliteSettings): readonly Setting[] => [
  ['journal_mode', journalMode, journalMode],
  ['synchronous', synchronous, synchronous === 'full' ? 2 : 3],
  ['locking_mode', 'normal', 'normal'],
  ['foreign_keys', 'on', 1],
  ['secure_delete', 'on', 1],
  ['temp_store', 'memory', 2],
  ['trusted_schema', 'off', 0],
  ['cell_size_check', 'on', 1],
  // In KiB: what one commit after another reads and writes stays in memory, and a host has no more to give (docs/performance.md).
  ['cache_size', '-32768', -32768],
];

/** Gives a connection its settings and reads each back; the names of those that SQLite did not take. */
export const applySettings = (db: Database, given: SqliteSettings): readonly string[] =>
  settings(given)
    .filter(([name, value, taken]) => {
      db.pragma(`${name} = ${value}`);
      return db.pragma(name, { simple: true }) !== taken;
    })
    .map(([name]) => name);
