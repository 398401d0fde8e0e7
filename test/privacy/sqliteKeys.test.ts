import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { KeyId } from '../../src/privacy/keys.ts';
import { openSqliteKeys } from '../../src/privacy/sqliteKeys.ts';
import { readMasterKey } from '../../src/privacy/wrapping.ts';
import {
  bytesOf,
  countKeys,
  first,
  inFile,
  masterKey,
  openAt,
  rightOf,
  second,
  somewhere,
  takeMany,
  wrappedOf,
} from './keyFiles.ts';
import { filesWith, inProcess, source, startTogether } from './realFiles.ts';

const erased = E.left({ kind: 'erased' });

/** A program that opens the key file in a process of its own. */
const program = (path: string, work: string): string => `
  import { openSqliteKeys } from ${source('privacy/sqliteKeys.ts')};
  import { readMasterKey } from ${source('privacy/wrapping.ts')};
  const masterKey = readMasterKey({ current: { id: 'first', key: new Uint8Array(32).fill(1) } });
  ${startTogether()}
  const { keys, storeId } = await openSqliteKeys({ path: ${JSON.stringify(path)}, masterKey });
  ${work}`;

describe('a key file', () => {
  test('belongs to a store and keeps its id', async () => {
    const path = somewhere();
    const { storeId } = await openSqliteKeys({ path, masterKey });
    expect((await openSqliteKeys({ path, masterKey, storeId })).storeId).toBe(storeId);
    await expect(openSqliteKeys({ path, masterKey, storeId: 'another' })).rejects.toThrow(
      `The key file belongs to another store: give the path of the one that was made with this store (${path}).`,
    );
    const given = await openSqliteKeys({ path: somewhere(), masterKey, storeId: 'given' });
    expect(given.storeId).toBe('given');
  });

  test('and its journal are readable by their owner only', async () => {
    const path = somewhere();
    await takeMany(await openAt(path), 1);
    expect([path, `${path}-journal`].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
  });

  test('holds no key in clear', async () => {
    const path = somewhere();
    const keys = await openAt(path);
    for (const id of await takeMany(keys, 70)) expect(filesWith(join(path, '..'), await bytesOf(keys, id))).toEqual([]);
  });

  test('that is damaged is told in a sentence when it is opened', async () => {
    const path = somewhere();
    (await openAt(path)).close();
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.concat([bytes.subarray(0, 4_096), Buffer.alloc(bytes.length - 4_096, 0xff)]));
    await expect(openAt(path)).rejects.toThrow(`The key file is damaged: restore it from a backup (${path}).`);
  });
});

describe('a master key', () => {
  const wrong = 'The master key is not the one this key file was made with: give that one, or list it as previous';

  test.each([
    ['other bytes', { current: { ...second, id: 'first' } }],
    ['another id', { current: { ...first, id: 'other' } }],
    ['another key altogether', { current: second }],
    ['a right one beside a wrong one', { current: second, previous: [{ ...second, id: 'first' }] }],
  ])('that is wrong by %s opens and makes nothing', async (_, given) => {
    const path = somewhere();
    await takeMany(await openAt(path), 1);
    const before = inFile(path, (db) => db.serialize());
    const opening = openSqliteKeys({ path, masterKey: readMasterKey(given) });
    await expect(opening).rejects.toMatchObject({ name: 'SetUpError', message: `${wrong} (${path}).` });
    expect(inFile(path, (db) => db.serialize()).equals(before)).toBe(true);
  });

  test('that is new wraps new keys, while earlier ones open old keys', async () => {
    const path = somewhere();
    const [old = ''] = await takeMany(await openAt(path), 1);
    const both = await openSqliteKeys({ path, masterKey: readMasterKey({ current: second, previous: [first] }) });
    const [young = ''] = await takeMany(both.keys, 1);
    expect(await bytesOf(both.keys, old)).not.toEqual(await bytesOf(both.keys, young));
    const behind = await openAt(path).catch((error: Error) => error.message);
    expect(behind).toBe(`The key file holds keys of another master key: list that one as previous (${path}).`);
    const alone = openSqliteKeys({ path, masterKey: readMasterKey({ current: second }) });
    await expect(alone).rejects.toThrow('The key file holds keys of another master key');
  });

  test('that another process has and this one has not makes a key unavailable, neither damaged nor erased', async () => {
    const path = somewhere();
    const keys = await openAt(path);
    const both = await openSqliteKeys({ path, masterKey: readMasterKey({ current: second, previous: [first] }) });
    const [young = ''] = await takeMany(both.keys, 1);
    expect(await keys.open(young)()).toEqual(E.left({ kind: 'unavailable', what: 'keys', retry: false }));
  });
});

describe('spare keys', () => {
  test('are made 64 at a time, and not before the first is asked for', async () => {
    const path = somewhere();
    const keys = await openAt(path);
    expect(countKeys(path)).toBe(0);
    await takeMany(keys, 64);
    expect(countKeys(path)).toBe(64);
    await takeMany(keys, 1);
    expect(countKeys(path)).toBe(128);
  });

  test('are on disk before they are handed out: a process that is killed at once leaves the key behind', async () => {
    const path = somewhere();
    const printed = await inProcess(
      program(
        path,
        `const { right: id } = await keys.take()();
        const { right: key } = await keys.open(id)();
        process.stdout.write(JSON.stringify([id, key.export().toString('hex')]), () => process.kill(process.pid, 'SIGKILL'));`,
      ),
    );
    const [id, key] = JSON.parse(printed);
    expect((await bytesOf(await openAt(path), id)).toString('hex')).toBe(key);
  });

  test('are handed out once by four processes that make the file, and one of them names a key', async () => {
    const path = somewhere();
    const work = `
      const taken = [];
      for (let count = 0; count < 150; count += 1) taken.push((await keys.take()()).right);
      console.log(JSON.stringify({ storeId, taken, named: (await keys.named('index')()).right }));`;
    const lines = await Promise.all([1, 2, 3, 4].map(() => inProcess(program(path, work))));
    const results: { storeId: string; taken: KeyId[]; named: KeyId }[] = lines.map((line) => JSON.parse(line));
    const taken = results.flatMap((result) => result.taken);
    const named = new Set(results.map((result) => result.named));
    expect(new Set(results.map((result) => result.storeId)).size).toBe(1);
    expect(named.size).toBe(1);
    expect(new Set([...taken, ...named]).size).toBe(4 * 150 + 1);
    const keys = await openAt(path);
    for (const id of taken) expect(E.isRight(await keys.open(id)())).toBe(true);
  });

  test('wait for another process that holds the file, without blocking the event loop', async () => {
    const path = somewhere();
    const keys = await openAt(path);
    const other = new Sqlite(path);
    other.exec('BEGIN EXCLUSIVE');
    let turns = 0;
    const clock = setInterval(() => {
      turns += 1;
    }, 5);
    setTimeout(() => other.exec('COMMIT'), 200);
    const [id = ''] = await takeMany(keys, 1);
    clearInterval(clock);
    other.close();
    expect(turns).toBeGreaterThan(5);
    expect(E.isRight(await keys.open(id)())).toBe(true);
  });
});

describe('the names of keys', () => {
  test('are never older in the second answer than in the first, whatever another process does between', async () => {
    const path = somewhere();
    const keys = await openAt(path);
    expect(await rightOf(keys.everNamed('index'))).toEqual([]);
    const [id = ''] = await takeMany(keys, 1);
    inFile(path, (db) =>
      db.prepare("INSERT INTO names (name, renewal, id) VALUES ('index', 0, ?)").run(Buffer.from(id, 'hex')),
    );
    expect(await rightOf(keys.named('index'))).toBe(id);
    expect(await rightOf(keys.everNamed('index'))).toEqual([id]);
  });
});

describe('a destroyed key', () => {
  test('R242 is erased in a process that had opened it before', async () => {
    const path = somewhere();
    const [here, there] = [await openAt(path), await openAt(path)];
    const [gone = '', left = ''] = await takeMany(here, 2);
    await Promise.all([bytesOf(there, gone), bytesOf(there, left)]);
    await rightOf(here.destroy(gone));
    expect(await there.open(gone)()).toEqual(erased);
    expect(E.isRight(await there.open(left)())).toBe(true);
  });

  test('R242 is erased where it was opened, from the moment that it is destroyed', async () => {
    const keys = await openAt(somewhere());
    const [gone = ''] = await takeMany(keys, 1);
    await bytesOf(keys, gone);
    const destroying = keys.destroy(gone)();
    expect(await keys.open(gone)()).toEqual(erased);
    await destroying;
  });

  test('P12 is in no file, the journal among them, not even wrapped', async () => {
    const path = somewhere();
    const directory = join(path, '..');
    const keys = await openAt(path);
    const ids = await takeMany(keys, 640);
    const wrapped = ids.map((id) => wrappedOf(path, id));
    expect(wrapped.every((bytes) => filesWith(directory, bytes).includes('keys.db'))).toBe(true);
    for (const [index, id] of ids.entries()) {
      if (index % 3 === 1) await rightOf(keys.destroy(id));
      if (index % 100 === 99) await takeMany(keys, 64);
    }
    const kept = ids.map((_, index) => index % 3 !== 1);
    expect(wrapped.map((bytes) => filesWith(directory, bytes).length > 0)).toEqual(kept);
    expect(await Promise.all(ids.map(async (id) => E.isRight(await keys.open(id)())))).toEqual(kept);
  });

  test('P12 would be found in the journal if that were left as SQLite leaves it', async () => {
    const path = somewhere();
    const [id = ''] = await takeMany(await openAt(path), 1);
    const wrapped = wrappedOf(path, id);
    inFile(path, (db) => {
      db.pragma('journal_mode = persist');
      db.pragma('secure_delete = on');
      db.prepare('DELETE FROM keys WHERE id = ?').run(Buffer.from(id, 'hex'));
      expect(filesWith(join(path, '..'), wrapped)).toEqual(['keys.db-journal']);
    });
  });

  test('R242 stays erased when an older copy of its row comes back', async () => {
    const path = somewhere();
    const keys = await openAt(path);
    const [id = ''] = await takeMany(keys, 1);
    const wrapped = wrappedOf(path, id);
    await rightOf(keys.destroy(id));
    const bytes = Buffer.from(id, 'hex');
    const insert = 'INSERT OR REPLACE INTO keys (id, epoch, wrapped) VALUES (?, ?, ?)';
    expect(() => inFile(path, (db) => db.prepare(insert).run(bytes, 'first', wrapped))).toThrow('destroyed');
    inFile(path, (db) => db.exec('DROP TRIGGER destroyed_stays').prepare(insert).run(bytes, 'first', wrapped));
    expect(await keys.open(id)()).toEqual(erased);
  });

  test('leaves no more than its id, and no time', async () => {
    const path = somewhere();
    const keys = await openAt(path);
    const [id = ''] = await takeMany(keys, 1);
    await rightOf(keys.destroy(id));
    expect(inFile(path, (db) => db.prepare('SELECT * FROM destroyed').all())).toEqual([{ id: Buffer.from(id, 'hex') }]);
  });
});

describe('a damaged key is never taken for an erased one', () => {
  const damage = async (sql: string): Promise<void> => {
    const path = somewhere();
    const keys = await openAt(path);
    const [id = '', other = ''] = await takeMany(keys, 2);
    await bytesOf(keys, id);
    const changed = inFile(path, (db) =>
      db.prepare(sql).run({ id: Buffer.from(id, 'hex'), other: Buffer.from(other, 'hex') }),
    );
    expect(changed.changes).toBe(1);
    await nextTurn();
    const result = await keys.open(id)();
    expect(result).toEqual(E.left({ kind: 'damaged', what: `key ${id}` }));
  };

  test('when its row is gone', () => damage('DELETE FROM keys WHERE id = @id AND @other IS NOT NULL'));
  test('when its wrapping was changed', () =>
    damage('UPDATE keys SET wrapped = zeroblob(length(wrapped)) WHERE id = @id AND @other IS NOT NULL'));
  test('when another key was put in its place', () =>
    damage('UPDATE keys SET wrapped = (SELECT wrapped FROM keys WHERE id = @other) WHERE id = @id'));
});

test('the directory of the key file holds the file and its journal, and nothing else', async () => {
  const path = somewhere();
  const keys = await openAt(path);
  await rightOf(keys.destroy(await rightOf(keys.named('index'))));
  expect(readdirSync(join(path, '..')).toSorted()).toEqual(['keys.db', 'keys.db-journal']);
});
