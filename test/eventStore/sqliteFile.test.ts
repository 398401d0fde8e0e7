import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openSqliteFile, requireNode, type SqliteFileOptions, setUpErrorOf } from '../../src/eventStore/sqliteFile.ts';
import { inProcess, source, startTogether, temporaryDirectory } from '../privacy/realFiles.ts';

const optionsFor = (path: string, more: Partial<SqliteFileOptions> = {}): SqliteFileOptions => ({
  path,
  name: 'event store',
  applicationId: 0x1177,
  userVersion: 3,
  journalMode: 'wal',
  synchronous: 'full',
  schema: 'CREATE TABLE things (name TEXT PRIMARY KEY) STRICT;',
  ...more,
});

const somewhere = (): string => join(temporaryDirectory(), 'unit.db');

/** What goes wrong when a file is opened, and nothing when it opens. */
const sentenceOf = (options: SqliteFileOptions): Promise<string | undefined> =>
  openSqliteFile(options).then(
    ({ db }) => void db.close(),
    (error: Error) => `${error.name}: ${error.message}`,
  );

const make = async (options: SqliteFileOptions): Promise<string> => {
  const { db, storeId } = await openSqliteFile(options);
  db.close();
  return storeId;
};

describe('a new file', () => {
  test('is made once, with an id of its own that it keeps', async () => {
    const path = somewhere();
    const first = await openSqliteFile(optionsFor(path));
    const second = await openSqliteFile(optionsFor(path));
    expect([first.created, second.created]).toEqual([true, false]);
    expect(second.storeId).toBe(first.storeId);
    first.db.prepare('INSERT INTO things (name) VALUES (?)').run('a');
    expect(second.db.prepare('SELECT name FROM things').pluck().all()).toEqual(['a']);
  });

  test('gets the id that it is given', async () => {
    expect(await make(optionsFor(somewhere(), { storeId: 'given' }))).toBe('given');
  });

  test('can be read by its owner only, and so can what SQLite puts beside it', async () => {
    const path = somewhere();
    const { db } = await openSqliteFile(optionsFor(path));
    db.exec("INSERT INTO things (name) VALUES ('a')");
    const files = readdirSync(dirname(path));
    expect(files.toSorted()).toEqual(['unit.db', 'unit.db-shm', 'unit.db-wal']);
    expect(files.map((file) => statSync(join(dirname(path), file)).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
  });

  test('has one id for four processes that make it at once', async () => {
    const path = somewhere();
    const program = `
      import { openSqliteFile, withRetry } from ${source('eventStore/sqliteFile.ts')};
      ${startTogether()}
      const { db, storeId, created } = await openSqliteFile(${JSON.stringify(optionsFor(path))});
      await withRetry(() => db.prepare('INSERT INTO things (name) VALUES (?)').run(String(process.pid)));
      console.log(JSON.stringify({ storeId, created }));`;
    const opened = (await Promise.all([1, 2, 3, 4].map(() => inProcess(program)))).map((line) => JSON.parse(line));
    expect(new Set(opened.map(({ storeId }) => storeId)).size).toBe(1);
    expect(opened.filter(({ created }) => created)).toHaveLength(1);
    const { db } = await openSqliteFile(optionsFor(path));
    expect(db.prepare('SELECT count(*) FROM things').pluck().get()).toBe(4);
    expect(readdirSync(dirname(path)).filter((file) => file.includes('.new-'))).toEqual([]);
  });

  test('has one id for eight openings at once in one process', async () => {
    const path = somewhere();
    const ids = await Promise.all(Array.from({ length: 8 }, () => make(optionsFor(path))));
    expect(new Set(ids).size).toBe(1);
  });

  test('takes away what a process that was killed while it made the file has left, once that is old', async () => {
    const path = somewhere();
    writeFileSync(`${path}.new-old`, '');
    utimesSync(`${path}.new-old`, 0, 0);
    writeFileSync(`${path}.new-young`, '');
    await make(optionsFor(path));
    expect(readdirSync(dirname(path)).toSorted()).toEqual(['unit.db', 'unit.db.new-young']);
  });

  test('is not left half made when its schema is wrong', async () => {
    const path = somewhere();
    await expect(make(optionsFor(path, { schema: 'CREATE TABLE;' }))).rejects.toThrow('syntax error');
    expect(readdirSync(dirname(path))).toEqual([]);
  });
});

describe('an open file', () => {
  test.each([
    ['wal', 'full', 2],
    ['persist', 'extra', 3],
  ] as const)('in mode %s has every setting that care data needs', async (journalMode, synchronous, level) => {
    const { db } = await openSqliteFile(optionsFor(somewhere(), { journalMode, synchronous }));
    const settings = {
      journal_mode: journalMode,
      synchronous: level,
      locking_mode: 'normal',
      foreign_keys: 1,
      secure_delete: 1,
      temp_store: 2,
      trusted_schema: 0,
      cell_size_check: 1,
      application_id: 0x1177,
      user_version: 3,
    };
    for (const [name, value] of Object.entries(settings))
      expect([name, db.pragma(name, { simple: true })]).toEqual([name, value]);
    expect(db.pragma('busy_timeout', { simple: true })).toBeLessThan(10);
  });

  test('is opened while another connection writes, without blocking the event loop', async () => {
    const path = somewhere();
    await make(optionsFor(path));
    const other = new Sqlite(path);
    other.exec('BEGIN IMMEDIATE');
    let turns = 0;
    const clock = setInterval(() => {
      turns += 1;
    }, 5);
    setTimeout(() => other.exec('COMMIT'), 300);
    expect(await sentenceOf(optionsFor(path))).toBeUndefined();
    clearInterval(clock);
    expect(turns).toBeGreaterThan(10);
    other.close();
  });
});

describe('a wrong set-up is one sentence that says what to do', () => {
  const expectSentence = async (options: SqliteFileOptions, sentence: string): Promise<void> => {
    expect(await sentenceOf(options)).toBe(`SetUpError: ${sentence} (${options.path}).`);
  };

  test('about a missing directory', async () => {
    const path = join(temporaryDirectory(), 'missing', 'unit.db');
    await expectSentence(
      optionsFor(path),
      'The directory of the event store does not exist: create it, or give another path',
    );
  });

  test('about a directory that is a file', async () => {
    const directory = join(temporaryDirectory(), 'file');
    writeFileSync(directory, '');
    const sentence = 'The directory of the event store is not a directory: give another path';
    await expectSentence(optionsFor(join(directory, 'unit.db')), sentence);
  });

  test('about a path that is a directory', async () => {
    const path = somewhere();
    mkdirSync(path);
    await expectSentence(optionsFor(path), 'The event store is not a file: give the path of a file');
  });

  test.each(['', ':memory:', 'a\0b', undefined])('about the path %j', async (path) => {
    expect(await sentenceOf({ ...optionsFor(''), path: path as string })).toBe(
      'SetUpError: The path of the event store is no path of a file: give one, such as unit.db.',
    );
  });

  test('about an empty file', async () => {
    const path = somewhere();
    writeFileSync(path, '');
    const sentence = 'The event store is empty: restore it from a backup, or remove it if it was never used';
    await expectSentence(optionsFor(path), sentence);
  });

  test.each(['text', 'text '.repeat(4_000)])('about a file that is not SQLite', async (text) => {
    const path = somewhere();
    writeFileSync(path, text);
    const sentence = 'The event store is not an SQLite file: give another path, or restore it from a backup';
    await expectSentence(optionsFor(path), sentence);
  });

  test('about an SQLite file of another kind, which it leaves as it is', async () => {
    const path = somewhere();
    new Sqlite(path).exec('CREATE TABLE another (name TEXT)').close();
    const sentence = 'The event store is not there but an SQLite file of another kind: give another path';
    await expectSentence(optionsFor(path), sentence);
    expect(new Sqlite(path).pragma('journal_mode', { simple: true })).toBe('delete');
  });

  test('about a file of a newer or an unknown version', async () => {
    const path = somewhere();
    await make(optionsFor(path));
    const newer = 'The event store was made by a newer version of Folja: install that version or a later one';
    await expectSentence(optionsFor(path, { userVersion: 2 }), newer);
    const unknown = 'The event store was made by a version of Folja that this one cannot read: install that version';
    await expectSentence(optionsFor(path, { userVersion: 4 }), unknown);
  });

  test('about a file of another store', async () => {
    const path = somewhere();
    await make(optionsFor(path));
    const sentence = 'The event store belongs to another store: give the path of the one that was made with this store';
    await expectSentence(optionsFor(path, { storeId: 'another' }), sentence);
  });

  test('about a file that lost its end, or its id', async () => {
    const path = somewhere();
    await make(optionsFor(path, { journalMode: 'persist' }));
    const options = optionsFor(path, { journalMode: 'persist' });
    new Sqlite(path).exec('DELETE FROM meta').close();
    await expectSentence(options, 'The event store is damaged: restore it from a backup');
    truncateSync(path, 4_096);
    await expectSentence(options, 'The event store is damaged: restore it from a backup');
  });

  test('about a file that is gone while its journal is not', async () => {
    const path = somewhere();
    const { db } = await openSqliteFile(optionsFor(path));
    db.exec("INSERT INTO things (name) VALUES ('a')");
    rmSync(path);
    const sentence =
      'The event store is gone and its -wal file is not: restore both from a backup, or remove that one too';
    await expectSentence(optionsFor(path), sentence);
  });

  test('about a setting that SQLite does not take', async () => {
    const path = somewhere();
    const sentence = 'The event store did not take the setting journal_mode: keep it on a local disk';
    await expectSentence(optionsFor(path, { journalMode: 'none' as 'wal' }), sentence);
  });

  test('about a file that another process does not let go', { timeout: 30_000 }, async () => {
    const path = somewhere();
    await make(optionsFor(path));
    const other = new Sqlite(path);
    other.exec('BEGIN IMMEDIATE');
    const sentence = 'The event store is locked by another process: stop that process, then try again';
    await expectSentence(optionsFor(path), sentence);
    other.close();
  });

  test('about an old Node.js', () => {
    for (const version of ['20.20.2', 'v18.0.0', '21.9.9'])
      expect(() => requireNode(version)).toThrow(
        `The store needs Node.js 22 or later and runs on ${version}: use a newer Node.js.`,
      );
    for (const version of ['22.0.0', 'v24.21.0', process.version]) expect(() => requireNode(version)).not.toThrow();
  });
});

describe('a file that may not be written', () => {
  const readOnly = 'cannot be written: make the file and its directory writable, or give another path';
  /** Mode bits do not bind root, so root becomes another user first. */
  const asNobody = `
    await import('better-sqlite3');
    const { openSqliteFile } = await import(${source('eventStore/sqliteFile.ts')});
    if (process.getuid?.() === 0) { process.setgroups([]); process.setgid(65534); process.setuid(65534); }`;
  const sentenceAsNobody = (options: SqliteFileOptions): Promise<string> =>
    inProcess(`${asNobody}
      console.log(await openSqliteFile(${JSON.stringify(options)}).then(() => 'opened', (error) => error.message));`);

  test.each(['wal', 'persist'] as const)('is one sentence, in mode %s', async (journalMode) => {
    const path = somewhere();
    await make(optionsFor(path, { journalMode }));
    chmodSync(path, 0o444);
    chmodSync(dirname(path), 0o777);
    expect(await sentenceAsNobody(optionsFor(path, { journalMode }))).toBe(`The event store ${readOnly} (${path}).`);
  });

  test('is one sentence where the directory is to blame', async () => {
    const path = somewhere();
    await make(optionsFor(path));
    chmodSync(path, 0o666);
    chmodSync(dirname(path), 0o555);
    expect(await sentenceAsNobody(optionsFor(path))).toBe(`The event store ${readOnly} (${path}).`);
    const fresh = join(dirname(path), 'new.db');
    expect(await sentenceAsNobody(optionsFor(fresh))).toBe(`The event store ${readOnly} (${fresh}).`);
    chmodSync(dirname(path), 0o700);
  });

  test('is told by the writing alone where the modes allow it', () => {
    const path = somewhere();
    const blame = (error: unknown): unknown => setUpErrorOf(error, { name: 'event store', path });
    new Sqlite(path).exec('CREATE TABLE things (name TEXT)').close();
    const db = new Sqlite(path, { readonly: true });
    const error = (): unknown => {
      try {
        return db.exec('DELETE FROM things');
      } catch (thrown) {
        return thrown;
      }
    };
    expect(blame(error())).toMatchObject({ name: 'SetUpError', message: `The event store ${readOnly} (${path}).` });
  });
});
