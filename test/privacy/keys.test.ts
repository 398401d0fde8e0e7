import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { inMemoryKeys } from '../../src/privacy/inMemoryKeys.ts';
import type { KeyStore } from '../../src/privacy/keys.ts';
import { aPlace, aServer, openKeyNode } from './clusterKeysNodes.ts';
import { bytesOf, first, masterKey, openAt, rightOf, second, somewhere, takeMany } from './keyFiles.ts';

const adapters: readonly (readonly [name: string, open: () => Promise<KeyStore>])[] = [
  ['in memory', async () => inMemoryKeys(masterKey)],
  ['in an SQLite file', () => openAt(somewhere())],
  ['in a cluster', async () => (await openKeyNode(aPlace(await aServer()))).keys],
];

describe.each(adapters)('keys %s', (_, openKeys) => {
  test('are random, 32 bytes long, and each is handed out once', async () => {
    const keys = await openKeys();
    const ids = await takeMany(keys, 200);
    expect(new Set(ids).size).toBe(200);
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
    const bytes = await Promise.all(ids.map((id) => bytesOf(keys, id)));
    expect(new Set(bytes.map((key) => key.toString('hex'))).size).toBe(200);
    expect(bytes.every((key) => key.length === 32)).toBe(true);
  });

  test('open again as what they were', async () => {
    const keys = await openKeys();
    const id = await rightOf(keys.take());
    expect(await bytesOf(keys, id)).toEqual(await bytesOf(keys, id));
  });

  test('have one id for each name, also when many ask at once', async () => {
    const keys = await openKeys();
    const ids = await Promise.all(Array.from({ length: 20 }, () => rightOf(keys.named('index'))));
    expect(new Set(ids).size).toBe(1);
    expect(await rightOf(keys.named('audit-2026'))).not.toBe(ids[0]);
    expect(await takeMany(keys, 100)).not.toContain(ids[0]);
  });

  test('have one current key for each name, and keep earlier ones until they are destroyed', async () => {
    const keys = await openKeys();
    expect(await rightOf(keys.everNamed('index'))).toEqual([]);
    const oldest = await rightOf(keys.named('index'));
    const bytes = await bytesOf(keys, oldest);
    const middle = await rightOf(keys.renew('index'));
    const newest = await rightOf(keys.renew('index'));
    expect(await rightOf(keys.named('index'))).toBe(newest);
    expect(await rightOf(keys.everNamed('index'))).toEqual([newest, middle, oldest]);
    expect(await bytesOf(keys, oldest)).toEqual(bytes);
    expect(await takeMany(keys, 100)).not.toContain(newest);
    await rightOf(keys.destroy(middle));
    expect(await rightOf(keys.everNamed('index'))).toEqual([newest, oldest]);
    expect(await rightOf(keys.everNamed('audit-2026'))).toEqual([]);
    expect(await rightOf(keys.named('renewed'))).not.toBe(await rightOf(keys.renew('renewed')));
  });

  test('R242 are erased for ever once destroyed, and no other key is', async () => {
    const keys = await openKeys();
    const [gone = '', left = ''] = await takeMany(keys, 2);
    await bytesOf(keys, gone);
    await rightOf(keys.destroy(gone));
    expect(await keys.open(gone)()).toEqual(E.left({ kind: 'erased' }));
    await rightOf(keys.destroy(gone));
    expect(await keys.open(gone)()).toEqual(E.left({ kind: 'erased' }));
    expect(E.isRight(await keys.open(left)())).toBe(true);
    expect(await Promise.all([gone, left, 'ab'.repeat(16)].map((id) => rightOf(keys.isDestroyed(id))))).toEqual([
      true,
      false,
      false,
    ]);
    expect([await rightOf(keys.remnants(gone)), await rightOf(keys.remnants(left))]).toEqual([0, 1]);
  });

  test('R242 stay erased under their name: nobody gets a new key for an old year', async () => {
    const keys = await openKeys();
    const id = await rightOf(keys.named('audit-2026'));
    await rightOf(keys.destroy(id));
    expect(await rightOf(keys.named('audit-2026'))).toBe(id);
    expect(await rightOf(keys.everNamed('audit-2026'))).toEqual([id]);
    expect(await keys.open(id)()).toEqual(E.left({ kind: 'erased' }));
  });

  test('can be destroyed before they come back from a backup', async () => {
    const keys = await openKeys();
    const id = 'ab'.repeat(16);
    await rightOf(keys.destroy(id));
    expect(await keys.open(id)()).toEqual(E.left({ kind: 'erased' }));
  });

  test('that are missing without having been destroyed are damaged, not erased', async () => {
    const keys = await openKeys();
    const id = 'ab'.repeat(16);
    expect(await keys.open(id)()).toEqual(E.left({ kind: 'damaged', what: `key ${id}` }));
  });

  test.each(['', 'AB'.repeat(16), 'ab'.repeat(17), "' OR 1=1 --"])('have no id such as %j', async (id) => {
    const keys = await openKeys();
    const damaged = E.left({ kind: 'damaged', what: 'key id' });
    const tasks = [keys.open(id), keys.destroy(id), keys.isDestroyed(id), keys.remnants(id)];
    expect(await Promise.all(tasks.map((task) => task()))).toEqual(tasks.map(() => damaged));
  });

  test('are unavailable once closed', async () => {
    const keys = await openKeys();
    const [id = ''] = await takeMany(keys, 1);
    keys.close();
    keys.close();
    const closed = E.left({ kind: 'unavailable', what: 'keys', retry: false });
    const calls = [keys.take(), keys.named('index'), keys.everNamed('index'), keys.renew('index'), keys.epochs()];
    const byId = [keys.open(id), keys.destroy(id), keys.isDestroyed(id), keys.remnants(id)];
    const all = [...calls, ...byId, keys.rewrap(second)];
    expect(await Promise.all(all.map((task) => task()))).toEqual(all.map(() => closed));
  });
});

describe.each(adapters)('another master key for keys %s', (_, openKeys) => {
  test('P13 wraps all of them anew, and each stays what it is', async () => {
    const keys = await openKeys();
    const ids = [...(await takeMany(keys, 300)), await rightOf(keys.named('index'))];
    const before = await Promise.all(ids.map((id) => bytesOf(keys, id)));
    const [gone = ''] = ids;
    await rightOf(keys.destroy(gone));
    const told: (readonly number[])[] = [];
    const rewrapped = await rightOf(keys.rewrap(second, (done, total) => void told.push([done, total])));
    expect(rewrapped).toBeGreaterThanOrEqual(300);
    expect(told.at(-1)).toEqual([rewrapped, rewrapped]);
    const after = await Promise.all(ids.slice(1).map((id) => bytesOf(keys, id)));
    expect(after).toEqual(before.slice(1));
    expect(await keys.open(gone)()).toEqual(E.left({ kind: 'erased' }));
    expect(await rightOf(keys.named('index'))).toBe(ids.at(-1));
    expect(await rightOf(keys.epochs())).toEqual([{ id: 'second', keys: rewrapped, current: true }]);
    expect(E.isRight(await keys.open(await rightOf(keys.take()))())).toBe(true);
  });

  test('is the same again: nothing is left to do', async () => {
    const keys = await openKeys();
    await takeMany(keys, 3);
    await rightOf(keys.rewrap(second));
    expect(await rightOf(keys.rewrap(second))).toBe(0);
    expect((await rightOf(keys.epochs())).map(({ id }) => id)).toEqual(['second']);
  });

  test('is refused when its id is that of the current one', async () => {
    const keys = await openKeys();
    const [id = ''] = await takeMany(keys, 1);
    const bytes = await bytesOf(keys, id);
    expect(await keys.rewrap({ ...second, id: 'first' })()).toEqual(E.left({ kind: 'other-key' }));
    expect(await bytesOf(keys, id)).toEqual(bytes);
    expect((await rightOf(keys.epochs())).map((epoch) => epoch.id)).toEqual([first.id]);
  });

  test('waits for one that is under way: the last one counts', async () => {
    const keys = await openKeys();
    const ids = await takeMany(keys, 300);
    await Promise.all([rightOf(keys.rewrap(second)), rightOf(keys.rewrap({ ...second, id: 'last' }))]);
    expect((await rightOf(keys.epochs())).map(({ id }) => id)).toEqual(['last']);
    expect((await Promise.all(ids.map((id) => keys.open(id)()))).every(E.isRight)).toBe(true);
  });
});
