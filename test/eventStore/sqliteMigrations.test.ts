import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openSqliteFile, type SqliteFileOptions } from '../../src/eventStore/sqliteFile.ts';
import {
  eventStoreApplicationId,
  eventStoreMigrations,
  eventStoreUserVersion,
} from '../../src/eventStore/sqliteSchema.ts';
import { inProcess, source, startTogether, temporaryDirectory } from '../privacy/realFiles.ts';

const optionsFor = (path: string, more: Partial<SqliteFileOptions> = {}): SqliteFileOptions => ({
  path,
  name: 'event store',
  applicationId: 0x1177,
  userVersion: 1,
  journalMode: 'wal',
  synchronous: 'full',
  schema: 'CREATE TABLE things (name TEXT PRIMARY KEY) STRICT;',
  ...more,
});

const twoSteps = {
  1: 'ALTER TABLE things ADD COLUMN size INTEGER NOT NULL DEFAULT 7',
  2: 'CREATE TABLE others (name TEXT PRIMARY KEY) STRICT',
};

const aFileOfVersionOne = async (): Promise<string> => {
  const path = join(temporaryDirectory(), 'unit.db');
  const { db } = await openSqliteFile(optionsFor(path));
  db.exec("INSERT INTO things (name) VALUES ('a')");
  db.close();
  return path;
};

describe('a file of an earlier version', () => {
  test('is taken up version by version, and keeps what it held', async () => {
    const path = await aFileOfVersionOne();
    const { db } = await openSqliteFile(optionsFor(path, { userVersion: 3, migrations: twoSteps }));
    expect(db.pragma('user_version', { simple: true })).toBe(3);
    expect(db.prepare('SELECT name, size FROM things').all()).toEqual([{ name: 'a', size: 7 }]);
    expect(db.prepare('SELECT * FROM others').all()).toEqual([]);
    db.close();
  });

  test('stays as it was when a step fails', async () => {
    const path = await aFileOfVersionOne();
    const migrations = { 1: `${twoSteps[1]}; INSERT INTO nowhere VALUES (1)` };
    await expect(openSqliteFile(optionsFor(path, { userVersion: 2, migrations }))).rejects.toThrow();
    const db = new Sqlite(path);
    expect(db.pragma('user_version', { simple: true })).toBe(1);
    expect(db.prepare('SELECT * FROM things').all()).toEqual([{ name: 'a' }]);
    db.close();
  });

  test('is refused where no step leads on from it', async () => {
    const path = await aFileOfVersionOne();
    await expect(openSqliteFile(optionsFor(path, { userVersion: 3, migrations: { 2: twoSteps[2] } }))).rejects.toThrow(
      'cannot read',
    );
  });

  test('is taken up once by four processes that open it together', async () => {
    const path = await aFileOfVersionOne();
    const options = JSON.stringify(optionsFor(path, { userVersion: 3, migrations: twoSteps }));
    const program = `
      import { openSqliteFile } from ${source('eventStore/sqliteFile.ts')};
      ${startTogether()}
      const { db } = await openSqliteFile(${options});
      console.log(db.pragma('user_version', { simple: true }));
    `;
    const said = await Promise.all([1, 2, 3, 4].map(() => inProcess(program)));
    expect(said.map((line) => line.trim())).toEqual(['3', '3', '3', '3']);
  });
});

/** The one table in which the first version of an event store differs from the second. */
const versionOne = `
  CREATE TABLE erasures (stream TEXT PRIMARY KEY, key_id TEXT NOT NULL, position INTEGER NOT NULL) STRICT;
  INSERT INTO erasures VALUES ('program-1', '00', 4);
`;

describe('an event store of version 1', () => {
  test('P12 keeps the purges that it had begun', async () => {
    const path = join(temporaryDirectory(), 'unit.db');
    const options = { applicationId: eventStoreApplicationId, schema: versionOne };
    (await openSqliteFile(optionsFor(path, options))).db.close();
    const { db } = await openSqliteFile(
      optionsFor(path, { ...options, userVersion: eventStoreUserVersion, migrations: eventStoreMigrations }),
    );
    expect(db.prepare('SELECT stream, stage, parts FROM erasures').all()).toEqual([
      { stream: 'program-1', stage: 'fenced', parts: 0 },
    ]);
    db.close();
  });
});
