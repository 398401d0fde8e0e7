import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { bytesOf, first, inFile, openAt, rightOf, second, somewhere, takeMany } from './keyFiles.ts';

/** Makes a key file into one of version 1, as it was before names remembered earlier keys. */
const madeOlder = (path: string): void => {
  const db = new Sqlite(path);
  db.exec(`
    BEGIN;
    ALTER TABLE names RENAME TO newer;
    CREATE TABLE names (name TEXT PRIMARY KEY, id BLOB NOT NULL) STRICT;
    INSERT INTO names (name, id) SELECT name, id FROM newer;
    DROP TABLE newer;
    DROP TABLE retired;
    COMMIT;
    PRAGMA user_version = 1;
  `);
  db.close();
};

describe('a key file of version 1', () => {
  test('keeps its keys and their names, and fingerprints of commands the key that they were made with', async () => {
    const path = somewhere();
    const keys = await openAt(path);
    const [id = ''] = await takeMany(keys, 1);
    const [index, year] = [await rightOf(keys.named('index')), await rightOf(keys.named('audit-2026'))];
    const before = await bytesOf(keys, id);
    keys.close();
    madeOlder(path);
    const [newer, again] = await Promise.all([openAt(path), openAt(path)]);
    expect(inFile(path, (db) => db.pragma('user_version', { simple: true }))).toBe(3);
    expect(await bytesOf(newer, id)).toEqual(before);
    expect(await rightOf(newer.named('audit-2026'))).toBe(year);
    for (const name of ['index', 'commands']) expect(await rightOf(again.everNamed(name))).toEqual([index]);
    const renewed = await rightOf(newer.renew('index'));
    expect(await rightOf(again.everNamed('index'))).toEqual([renewed, index]);
    expect(await rightOf(again.named('commands'))).toBe(index);
  });

  test('without an index gets a key for commands when it is asked for', async () => {
    const path = somewhere();
    (await openAt(path)).close();
    madeOlder(path);
    const keys = await openAt(path);
    expect(await rightOf(keys.everNamed('commands'))).toEqual([]);
    expect(await rightOf(keys.named('commands'))).not.toBe(await rightOf(keys.named('index')));
  });
});

describe('a key file of version 2', () => {
  test('P13 remembers from now on which master keys were retired', async () => {
    const path = somewhere();
    const [id = ''] = await takeMany(await openAt(path), 1);
    const db = new Sqlite(path);
    db.exec('DROP TABLE retired; PRAGMA user_version = 2;');
    db.close();
    const keys = await openAt(path);
    await rightOf(keys.rewrap(second));
    const stale = await openAt(path, { current: first, previous: [second] });
    expect(await bytesOf(stale, id)).toEqual(await bytesOf(keys, id));
    expect((await rightOf(stale.epochs())).map(({ id: epoch }) => epoch)).toEqual(['second']);
  });
});
