import { availableParallelism, loadavg } from 'node:os';
import Database from 'better-sqlite3';

/** The machine on which figures were made, and what else kept it busy. */
export type Machine = {
  readonly cores: number;
  readonly load: number;
  readonly node: string;
  readonly sqlite: string;
  readonly platform: string;
};

/** The machine as it is now. */
export const machineNow = (sqlite: string): Machine => ({
  ...{ cores: availableParallelism(), load: loadavg()[0] ?? Number.NaN },
  ...{ node: process.version, sqlite, platform: `${process.platform} ${process.arch}` },
});

/** The version of SQLite inside better-sqlite3. */
export const sqliteVersion = (): string => {
  const db = new Database(':memory:');
  const version = db.prepare('SELECT sqlite_version()').pluck().get();
  db.close();
  return String(version);
};
