import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { untilItBites } from './biting.ts';
import type { Fault } from './fault.ts';
import { acknowledgedIn } from './killedAtWrites.ts';
import { found } from './looking.ts';
import { aStore } from './region.ts';
import { withoutStrace } from './straced.ts';
import { atPoints, type Script } from './striking.ts';

const most = 300;

const inFile = (path: string, sql: string): void => {
  const db = new Sqlite(path);
  db.exec(sql);
  db.close();
};

const olderEvents = `
  BEGIN;
  DROP TABLE erasures;
  CREATE TABLE erasures (stream TEXT PRIMARY KEY, key_id TEXT NOT NULL, position INTEGER NOT NULL) STRICT;
  PRAGMA user_version = 1;
  COMMIT;
`;
const olderKeys = `
  BEGIN;
  ALTER TABLE names RENAME TO newer;
  CREATE TABLE names (name TEXT PRIMARY KEY, id BLOB NOT NULL) STRICT;
  INSERT INTO names (name, id) SELECT name, id FROM newer WHERE name <> 'commands';
  DROP TABLE newer;
  DROP TABLE retired;
  PRAGMA user_version = 1;
  COMMIT;
`;

/** A store as the first version of the library left it. */
const anOlderStore: Script['aStore'] = async () => {
  const folder = await aStore();
  inFile(folder.path, olderEvents);
  inFile(join(folder.folder, 'unit.keys.db'), olderKeys);
  return folder;
};

const script = (file: string, calls: Script['calls']): Script => ({
  calls,
  strikes: ['kill'],
  aStore: anOlderStore,
  started: ({ path }) => ({ file, told: { path, count: 1 } }),
  look: ({ path }, { lines }) => found(path, acknowledgedIn(lines)),
});

const calls = { pwrite64: 100, fsync: 20, fdatasync: 0, ftruncate: 5, unlink: 3 };

/** A process dies while files of an earlier version are brought up to date. */
export const killedWhileMigrating: Fault = {
  id: 'F19',
  name: 'the process is killed at a write, a sync, a truncation or a removal of a file, while it brings an older store up to date',
  promises: ['P1', 'P2', 'P11'],
  tries: { short: 2, full: most },
  missing: withoutStrace,
  run: atPoints(script('appendingProcess.ts', calls), most),
  control: {
    without: 'a transaction around each step',
    tries: { short: 10, full: 30 },
    run: untilItBites(atPoints(script('migratingProcess.ts', { pwrite64: 85, fsync: 28, unlink: 7 }), most)),
  },
};
