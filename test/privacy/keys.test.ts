import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { describe, expect, test } from 'vitest';
import { inMemoryKeys } from '../../src/privacy/inMemoryKeys.ts';
import type { KeyError, KeyId, KeyStore } from '../../src/privacy/keys.ts';
import { openSqliteKeys } from '../../src/privacy/sqliteKeys.ts';
import { readMasterKey } from '../../src/privacy/wrapping.ts';
import { temporaryDirectory } from './realFiles.ts';

const masterKey = readMasterKey(new Uint8Array(32).fill(7));

const rightOf = async <A>(task: TaskEither<KeyError, A>): Promise<A> => {
  const result = await task();
  if (E.isLeft(result)) throw new Error(result.left.kind);
  return result.right;
};

const bytesOf = async (keys: KeyStore, id: KeyId): Promise<string> => {
  const key: KeyObject = await rightOf(keys.open(id));
  return key.export().toString('hex');
};

const takeMany = (keys: KeyStore, count: number): Promise<readonly KeyId[]> =>
  Promise.all(Array.from({ length: count }, () => rightOf(keys.take())));

const adapters: readonly (readonly [name: string, open: () => Promise<KeyStore>])[] = [
  ['in memory', async () => inMemoryKeys(masterKey)],
  [
    'in an SQLite file',
    async () => (await openSqliteKeys({ path: join(temporaryDirectory(), 'keys.db'), masterKey })).keys,
  ],
];

describe.each(adapters)('keys %s', (_, openKeys) => {
  test('are random, 32 bytes long, and each is handed out once', async () => {
    const keys = await openKeys();
    const ids = await takeMany(keys, 200);
    expect(new Set(ids).size).toBe(200);
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
    const bytes = await Promise.all(ids.map((id) => bytesOf(keys, id)));
    expect(new Set(bytes).size).toBe(200);
    expect(bytes.every((key) => key.length === 64)).toBe(true);
  });

  test('open again as what they were', async () => {
    const keys = await openKeys();
    const id = await rightOf(keys.take());
    expect(await bytesOf(keys, id)).toBe(await bytesOf(keys, id));
  });

  test('have one id for each name, also when many ask at once', async () => {
    const keys = await openKeys();
    const ids = await Promise.all(Array.from({ length: 20 }, () => rightOf(keys.named('index'))));
    expect(new Set(ids).size).toBe(1);
    expect(await rightOf(keys.named('audit-2026'))).not.toBe(ids[0]);
    expect(await takeMany(keys, 100)).not.toContain(ids[0]);
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
  });

  test('R242 stay erased under their name: nobody gets a new key for an old year', async () => {
    const keys = await openKeys();
    const id = await rightOf(keys.named('audit-2026'));
    await rightOf(keys.destroy(id));
    expect(await rightOf(keys.named('audit-2026'))).toBe(id);
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
    expect([await keys.open(id)(), await keys.destroy(id)()]).toEqual([damaged, damaged]);
  });

  test('are unavailable once closed', async () => {
    const keys = await openKeys();
    const [id = ''] = await takeMany(keys, 1);
    keys.close();
    keys.close();
    const closed = E.left({ kind: 'unavailable', what: 'keys', retry: false });
    expect(await keys.take()()).toEqual(closed);
    expect(await keys.named('index')()).toEqual(closed);
    expect(await keys.open(id)()).toEqual(closed);
    expect(await keys.destroy(id)()).toEqual(closed);
  });
});
