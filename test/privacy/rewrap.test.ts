import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { KeyId, KeyStore } from '../../src/privacy/keys.ts';
import { openSqliteKeys } from '../../src/privacy/sqliteKeys.ts';
import { readMasterKey } from '../../src/privacy/wrapping.ts';
import { bytesOf, countKeys, first, inFile, openAt, rightOf, second, somewhere, takeMany, third } from './keyFiles.ts';
import { filesWith } from './realFiles.ts';

const unavailable = E.left({ kind: 'unavailable', what: 'keys', retry: false });

const wrappings = (path: string): readonly Buffer[] =>
  inFile(path, (db) => db.prepare<[], Buffer>('SELECT wrapped FROM keys').pluck().all());

const openAll = (keys: KeyStore, ids: readonly KeyId[]): Promise<readonly Buffer[]> =>
  Promise.all(ids.map((id) => bytesOf(keys, id)));

describe('another master key', () => {
  test('P13 leaves nothing of what the earlier one wrapped, in the file or its journal', async () => {
    const path = somewhere();
    const keys = await openAt(path);
    await takeMany(keys, 320);
    const before = wrappings(path);
    await rightOf(keys.rewrap(third));
    const files = [path, `${path}-journal`].map((file) => readFileSync(file));
    expect(before.filter((bytes) => files.some((file) => file.includes(bytes)))).toEqual([]);
    expect(inFile(path, (db) => db.prepare('SELECT id FROM epochs').pluck().all())).toEqual([third.id]);
    expect(inFile(path, (db) => db.prepare('SELECT epoch FROM retired').pluck().all())).toEqual([first.id]);
    expect(filesWith(join(path, '..'), Buffer.from(first.id))).toEqual(['keys.db']);
    expect(readFileSync(path, 'latin1').split(first.id)).toHaveLength(2);
    expect(statSync(`${path}-journal`).size).toBeLessThan(20_000);
  });

  test('P13 opens the file alone, and the earlier one opens nothing', async () => {
    const path = somewhere();
    const keys = await openAt(path);
    const ids = await takeMany(keys, 10);
    const before = await openAll(keys, ids);
    await rightOf(keys.rewrap(second));
    keys.close();
    expect(await openAll(await openAt(path, { current: second }), ids)).toEqual(before);
    expect(await openAll(await openAt(path, { current: second, previous: [first] }), ids)).toEqual(before);
    await expect(openSqliteKeys({ path, masterKey: readMasterKey({ current: first }) })).rejects.toThrow(
      'The master key is not the one this key file was made with',
    );
  });

  test('P13 hands out no key that lay spare under the earlier one', async () => {
    const path = somewhere();
    const keys = await openAt(path);
    const [used = ''] = await takeMany(keys, 1);
    const old = inFile(path, (db) => db.prepare<[], KeyId>('SELECT lower(hex(id)) FROM keys').pluck().all());
    expect(await rightOf(keys.rewrap(second))).toBe(1);
    expect(countKeys(path)).toBe(1);
    const young = [
      ...(await takeMany(keys, 64)),
      await rightOf(keys.named('index')),
      await rightOf(keys.renew('index')),
    ];
    expect(young.filter((id) => old.includes(id))).toEqual([]);
    expect(old).toContain(used);
  });

  test('that a process lacks makes keys unavailable there, neither erased nor damaged, and lets it make none', async () => {
    const path = somewhere();
    const [here, there] = [await openAt(path), await openAt(path)];
    const ids = await takeMany(here, 5);
    await takeMany(there, 64);
    await openAll(there, ids);
    await rightOf(here.rewrap(second));
    const before = countKeys(path);
    expect(await Promise.all(ids.map((id) => there.open(id)()))).toEqual(ids.map(() => unavailable));
    expect([await there.take()(), await there.renew('index')(), await there.rewrap(third)()]).toEqual([
      unavailable,
      unavailable,
      unavailable,
    ]);
    expect(countKeys(path)).toBe(before);
    expect((await openAll(here, ids)).length).toBe(5);
  });

  test('P13 that other processes were given beforehand wraps there too, once the earlier one is forgotten', async () => {
    const path = somewhere();
    const [here, there] = [await openAt(path), await openAt(path, { current: first, previous: [second] })];
    const before = await takeMany(there, 1);
    await rightOf(here.rewrap(second));
    const ids = [...before, ...(await takeMany(there, 70)), await rightOf(there.renew('index'))];
    expect((await openAll(there, ids)).length).toBe(ids.length);
    expect(await openAll(here, ids)).toEqual(await openAll(there, ids));
    expect((await rightOf(there.epochs())).map(({ id, current }) => [id, current])).toEqual([['second', true]]);
    const wrong = await openAt(path, { current: second, previous: [{ ...second, id: third.id }] });
    await rightOf(here.rewrap(third));
    expect([await wrong.take()(), await wrong.renew('index')()]).toEqual([unavailable, unavailable]);
  });

  test('P13 stays the one that wraps where a process is started as before the rotation, until it is turned back on purpose', async () => {
    const path = somewhere();
    const here = await openAt(path);
    await rightOf(here.rewrap(second));
    const stale = await openAt(path, { current: first, previous: [second] });
    const ids = [...(await takeMany(stale, 1)), await rightOf(stale.renew('index'))];
    expect((await openAll(here, ids)).length).toBe(2);
    expect((await rightOf(stale.epochs())).map(({ id, current }) => [id, current])).toEqual([['second', true]]);
    await rightOf(stale.rewrap(first));
    expect((await rightOf(stale.epochs())).map(({ id, current }) => [id, current])).toEqual([['first', true]]);
    const back = await openAt(path, { current: second, previous: [first] });
    await takeMany(back, 1);
    expect((await rightOf(back.epochs())).map(({ id }) => id)).toEqual(['first']);
  });

  test('control: P13 would wrap with the earlier one where the file did not remember it', async () => {
    const path = somewhere();
    await rightOf((await openAt(path)).rewrap(second));
    const db = new Sqlite(path);
    db.exec('DELETE FROM retired');
    db.close();
    const stale = await openAt(path, { current: first, previous: [second] });
    await takeMany(stale, 1);
    expect((await rightOf(stale.epochs())).map(({ id }) => id)).toEqual(['first', 'second']);
  });

  test('leaves to the process that rotated what another makes under one that it was given for later', async () => {
    const path = somewhere();
    const here = await openAt(path, { current: first, previous: [second, third] });
    await rightOf(here.rewrap(second));
    const ahead = await openAt(path, { current: third, previous: [second] });
    const ids = await takeMany(ahead, 1);
    expect(await openAll(here, ids)).toEqual(await openAll(ahead, ids));
    await rightOf(here.rewrap(third));
    expect(await openAll(here, ids)).toEqual(await openAll(ahead, ids));
  });

  test('is gone on with whichever of the two is given as the current one', async () => {
    for (const masterKey of [
      { current: second, previous: [first] },
      { current: first, previous: [second] },
    ]) {
      const path = somewhere();
      const keys = await openAt(path);
      const ids = await takeMany(keys, 64);
      const before = await openAll(keys, ids);
      keys.close();
      const stopped = await openAt(path, { current: second, previous: [first] });
      const [young = ''] = await takeMany(stopped, 1);
      stopped.close();
      const between = await openAt(path, masterKey);
      expect((await rightOf(between.epochs())).map(({ id }) => id)).toEqual(['first', 'second']);
      expect(await rightOf(between.rewrap(second))).toBe(64);
      between.close();
      const after = await openAt(path, { current: second });
      expect(await openAll(after, ids)).toEqual(before);
      expect(E.isRight(await after.open(young)())).toBe(true);
    }
  });

  test('takes in what another process makes under the earlier one meanwhile', async () => {
    const path = somewhere();
    const [here, there] = [await openAt(path), await openAt(path)];
    const ids: KeyId[] = [...(await takeMany(here, 200))];
    let made: Promise<readonly KeyId[]> | undefined;
    await rightOf(
      here.rewrap(second, () => {
        made ??= takeMany(there, 64);
      }),
    );
    ids.push(...((await made) ?? []));
    expect((await openAll(here, ids)).length).toBe(264);
    expect((await rightOf(here.epochs())).map(({ id }) => id)).toEqual(['second']);
  });

  test('leaves the event loop free between its slices', async () => {
    const keys = await openAt(somewhere());
    await takeMany(keys, 320);
    const order: string[] = [];
    const rewrapping = rightOf(keys.rewrap(second, () => void order.push('slice')));
    const clock = setInterval(() => order.push('turn'), 0);
    await rewrapping;
    clearInterval(clock);
    expect(order.filter((what) => what === 'slice')).toHaveLength(3);
    expect(order.slice(order.indexOf('slice'), order.lastIndexOf('slice'))).toContain('turn');
  });

  test('is refused when its id is known with another key, in this process or in the file', async () => {
    const path = somewhere();
    await takeMany(await openAt(path, { current: second }), 1);
    const known = await openAt(path, { current: first, previous: [second] });
    expect(await known.rewrap({ ...third, id: 'second' })()).toEqual(E.left({ kind: 'other-key' }));
    const there = await openAt(path, { current: first, previous: [second] });
    await rightOf((await openAt(path, { current: third, previous: [first, second] })).take());
    expect(await there.rewrap({ ...first, id: third.id })()).toEqual(E.left({ kind: 'other-key' }));
  });

  test('does nothing to a damaged key, and says which one it is', async () => {
    const path = somewhere();
    const keys = await openAt(path);
    const [id = '', other = ''] = await takeMany(keys, 2);
    const bytes = await bytesOf(keys, other);
    inFile(path, (db) => db.exec(`UPDATE keys SET wrapped = zeroblob(61) WHERE id = x'${id}'`));
    expect(await keys.rewrap(second)()).toEqual(E.left({ kind: 'damaged', what: `key ${id}` }));
    expect(await bytesOf(keys, other)).toEqual(bytes);
    expect((await rightOf(keys.epochs())).map((epoch) => epoch.id)).toEqual(['first', 'second']);
  });
});
