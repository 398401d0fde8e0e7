import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type SqliteStoreOptions, sqliteStore } from '../../src/sqlite.ts';
import { aDirectory, asPrepared, masterKey, noReadModels, right } from './builders.ts';
import { anEvent, someEvents } from './events.ts';
import { openAt } from './sqliteBuilders.ts';

const open = (options: object) => sqliteStore(options as SqliteStoreOptions).open(masterKey, asPrepared(noReadModels));

/** What a wrong set-up says: one sentence that ends with what to do. */
const saying = (words: RegExp) =>
  expect.objectContaining({
    name: 'SetUpError',
    message: expect.toSatisfy((text: string) => words.test(text) && /^[^\n]+: [^\n]+\.$/.test(text)),
  });

/** A store with events in it, closed. */
const aUsedStore = async (): Promise<{ path: string; keysPath: string }> => {
  const path = join(aDirectory(), 'unit.db');
  const { engine, close } = await openAt(path);
  await right(engine.events.append('program-a', 'no-stream', someEvents(3)));
  await right(engine.keys.take());
  await close();
  return { path, keysPath: path.replace('unit.db', 'unit.keys.db') };
};

describe('the options of sqliteStore', () => {
  test.each([
    [{}, /path/],
    [{ path: '' }, /path/],
    [{ path: 7 }, /path/],
    [{ path: ':memory:' }, /path/],
    [{ path: 'unit.db', keysPath: 7 }, /path/],
    [{ path: 'unit.db', keyPath: 'keys.db' }, /no option keyPath/],
    [{ path: 'unit.db', keysPath: './unit.db' }, /two files/],
    [{ path: 'unit.db', anchorPath: './unit.db' }, /directory of their own/],
    [{ path: 'unit.db', acceptOlder: 'yes' }, /acceptOlder/],
    [{ path: '/nowhere/at/all/unit.db' }, /directory .* does not exist/],
  ])('%j are refused in a sentence, and nothing is made', async (options, words) => {
    await expect(open(options)).rejects.toEqual(saying(words));
    expect(['unit.db', 'unit.keys.db', 'keys.db', ':memory:'].filter((file) => existsSync(file))).toEqual([]);
  });

  test.each([
    ['unit.db', ['unit.anchors', 'unit.db', 'unit.keys.db']],
    ['unit', ['unit', 'unit.anchors', 'unit.keys']],
    ['unit.2026.sqlite', ['unit.2026.anchors', 'unit.2026.keys.sqlite', 'unit.2026.sqlite']],
  ])('put the keys and anchors of %s beside it unless told otherwise', async (name, files) => {
    const directory = aDirectory();
    const { close } = await openAt(join(directory, name));
    await close();
    expect(
      readdirSync(directory)
        .filter((file) => !/-(wal|shm|journal)$/.test(file))
        .sort(),
    ).toEqual(files);
  });

  test('put the keys where they are told to', async () => {
    const directory = aDirectory();
    mkdirSync(join(directory, 'keys'));
    const options = { path: join(directory, 'unit.db'), keysPath: join(directory, 'keys', 'unit.db') };
    const { events, keys } = await open(options);
    await events.close();
    keys.close();
    expect(existsSync(options.keysPath)).toBe(true);
    expect(existsSync(join(directory, 'unit.keys.db'))).toBe(false);
  });
});

describe('the two files of a store', () => {
  test('keep everything from one opening to the next', async () => {
    const { path } = await aUsedStore();
    const { engine, close } = await openAt(path);
    expect(await right(engine.events.readAll(0, 10))).toHaveLength(3);
    expect(await right(engine.events.append('program-a', 2, [anEvent()]))).toMatchObject([{ position: 4 }]);
    await close();
  });

  test('P11 are refused when the key file is missing', async () => {
    const { path, keysPath } = await aUsedStore();
    rmSync(keysPath);
    await expect(open({ path })).rejects.toEqual(saying(/key file is missing/));
    expect(existsSync(keysPath)).toBe(false);
  });

  test('P11 are refused when the event store is missing, and none is made in its place', async () => {
    const { path } = await aUsedStore();
    rmSync(path);
    await expect(open({ path })).rejects.toEqual(saying(/event store is gone/));
    expect(existsSync(path)).toBe(false);
  });

  test('P11 are refused when the event store is an empty file', async () => {
    const { path } = await aUsedStore();
    writeFileSync(path, '');
    await expect(open({ path })).rejects.toEqual(saying(/event store is empty/));
  });

  test('P11 are refused when they are exchanged', async () => {
    const { path, keysPath } = await aUsedStore();
    renameSync(path, `${path}.away`);
    renameSync(keysPath, path);
    renameSync(`${path}.away`, keysPath);
    await expect(open({ path })).rejects.toEqual(saying(/event store is not there but an SQLite file of another kind/));
  });

  test('P11 are refused when they belong to different stores', async () => {
    const [one, other] = [await aUsedStore(), await aUsedStore()];
    copyFileSync(other.keysPath, one.keysPath);
    await expect(open({ path: one.path })).rejects.toEqual(saying(/key file belongs to another store/));
  });

  test('are refused with another master key', async () => {
    const { path } = await aUsedStore();
    const another = { current: { id: 'master', key: randomBytes(32) } };
    await expect(sqliteStore({ path }).open(another, asPrepared(noReadModels))).rejects.toEqual(saying(/master key/));
  });

  test('are completed when a first opening was cut short between them', async () => {
    const directory = aDirectory();
    const options = { path: join(directory, 'unit.db'), keysPath: join(directory, 'keys', 'unit.db') };
    await expect(open(options)).rejects.toEqual(saying(/directory of the key file does not exist/));
    expect(existsSync(options.path)).toBe(true);
    mkdirSync(join(directory, 'keys'));
    for (const _ of ['the opening that completes them', 'the next one']) {
      const { events, keys } = await open(options);
      await right(events.append('program-a', 'any', [anEvent()]));
      await events.close();
      keys.close();
    }
  });

  test('are made once when several open them for the first time at once', async () => {
    const path = join(aDirectory(), 'unit.db');
    const all = await Promise.all(Array.from({ length: 5 }, () => openAt(path)));
    expect(new Set(all.map(({ engine }) => engine.events.id)).size).toBe(1);
    await Promise.all(all.map(({ close }) => close()));
  });
});

describe('opening', () => {
  test('prepares the read models once, in one transaction, before anything is written', async () => {
    const path = join(aDirectory(), 'unit.db');
    const asked: boolean[] = [];
    const { close } = await openAt(path, (readModels) => {
      asked.push(readModels.inTransaction);
      return () => {};
    });
    await close();
    expect(asked).toEqual([true]);
  });

  test('that fails in preparing leaves nothing behind and nothing open', async () => {
    const path = join(aDirectory(), 'unit.db');
    const failing = openAt(path, (readModels) => {
      readModels.exec('CREATE TABLE half (id INTEGER) STRICT');
      throw new Error('the read models are wrong');
    });
    await expect(failing).rejects.toThrow('the read models are wrong');
    const { engine, close } = await openAt(path);
    expect(engine.readModels.prepare("SELECT name FROM sqlite_schema WHERE name = 'half'").get()).toBeUndefined();
    await close();
  });
});
