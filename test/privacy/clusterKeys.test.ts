import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { keyRecord, wrappedIn } from '../../src/privacy/clusterKeysRecords.ts';
import type { KeyId, KeyStore } from '../../src/privacy/keys.ts';
import { eventually } from '../eventStore/builders.ts';
import { aPlace, aServer, type KeyNode, openKeyNode, type Place } from './clusterKeysNodes.ts';
import { bytesOf, first, rightOf, second, takeMany, third } from './keyFiles.ts';
import { temporaryDirectory } from './realFiles.ts';

const damaged = (id: KeyId) => E.left({ kind: 'damaged', what: `key ${id}` });
const notNow = E.left({ kind: 'unavailable', what: 'keys', retry: true });

const onAServer = async (): Promise<Place> => aPlace(await aServer());

/** The records of a store, as they lie in its cluster. */
const recordsOf = ({ server, prefix }: Place) => server.log.records().filter(({ stream }) => stream.startsWith(prefix));

const wrappingOf = async ({ node }: KeyNode, id: KeyId): Promise<Buffer> => {
  const last = await node.cluster.last(`keys-${id}`);
  const record = E.isRight(last) ? last.right : undefined;
  return (record === undefined ? undefined : wrappedIn(record)?.wrapped) ?? Buffer.alloc(0);
};

/** What nobody may find a key by. */
const encodings = (bytes: Buffer): readonly string[] => [
  bytes.toString('latin1'),
  bytes.toString('base64'),
  bytes.toString('hex'),
];

/** Waits until nothing is asked of the server. */
const quiet = async ({ server }: Place): Promise<void> => {
  let before = -1;
  await eventually(() => {
    const now = Object.values(server.calls).reduce((sum, count) => sum + count, 0);
    const isQuiet = now === before;
    before = now;
    return isQuiet;
  });
};

describe('a key in a cluster', () => {
  test('P12 lies wrapped in a stream of its own, and neither there in clear nor in the file of a node at all', async () => {
    const [place, directory] = [await onAServer(), temporaryDirectory()];
    const opened = await openKeyNode(place, undefined, join(directory, 'node.db'));
    const id = await rightOf(opened.keys.named('index'));
    const [key, wrapped] = [await bytesOf(opened.keys, id), await wrappingOf(opened, id)];
    expect(wrapped).toHaveLength(61);
    const texts = recordsOf(place).map(({ stream, data }) => [stream, Buffer.from(data).toString('latin1')] as const);
    const holding = texts.filter(([, text]) => encodings(wrapped).some((one) => text.includes(one)));
    expect(holding.map(([stream]) => stream)).toEqual([`${place.prefix}keys-${id}`]);
    expect(texts.filter(([, text]) => encodings(key).some((one) => text.includes(one)))).toEqual([]);
    const files = readdirSync(directory).map((name) => readFileSync(join(directory, name), 'latin1'));
    expect(files.some((text) => text.includes(id))).toBe(true);
    expect(
      files.filter((text) => [...encodings(wrapped), ...encodings(key)].some((one) => text.includes(one))),
    ).toEqual([]);
  });

  test('is handed out without asking the cluster where it was made ahead', async () => {
    const place = await onAServer();
    const { keys } = await openKeyNode(place);
    await rightOf(keys.take());
    await quiet(place);
    const before = { ...place.server.calls };
    const ids = await takeMany(keys, 4);
    expect(place.server.calls).toEqual(before);
    expect(new Set(ids).size).toBe(4);
    await rightOf(keys.take());
    await quiet(place);
    expect(place.server.calls.Append).toBeLessThan(before.Append + 12);
  });

  test('is read once, however often it is opened', async () => {
    const place = await onAServer();
    const { keys } = await openKeyNode(place);
    const id = await rightOf(keys.take());
    await quiet(place);
    const before = place.server.calls.Read;
    await Promise.all(Array.from({ length: 10 }, () => bytesOf(keys, id)));
    await bytesOf(keys, id);
    expect(place.server.calls.Read).toBe(before + 1);
  });

  test('is unavailable while the cluster is, and neither erased nor damaged', async () => {
    const place = { ...(await onAServer()), deadline: 1_500 };
    const { keys } = await openKeyNode(place);
    const id = await rightOf(keys.take());
    await quiet(place);
    const { faults } = place.server;
    faults.next({ rpc: 'any', times: 1_000, fault: { kind: 'unavailable' } });
    expect([await keys.open(id)(), await keys.isDestroyed(id)(), await keys.remnants(id)()]).toEqual([
      notNow,
      notNow,
      notNow,
    ]);
    expect([await keys.destroy(id)(), await keys.named('index')(), await keys.renew('index')()]).toEqual([
      notNow,
      notNow,
      notNow,
    ]);
    expect(new Set(faults.happened.map(({ rpc }) => rpc))).toEqual(new Set(['Read', 'Tombstone', 'Append']));
    faults.clear();
    expect((await bytesOf(keys, id)).length).toBe(32);
    expect(await rightOf(keys.isDestroyed(id))).toBe(false);
  });

  test.each([
    ['is another record', 'something', { epoch: 'first', wrapped: 'AAAA' }],
    ['is no record of a key', 'key', { epoch: 1 }],
    ['is too short', 'key', { epoch: 'first', wrapped: 'AAAA' }],
    ['is of another key', 'key', undefined],
  ])('whose wrapping %s is damaged, and no byte of it is told', async (_, type, given) => {
    const opened = await openKeyNode(await onAServer());
    const [id = '', other = ''] = await takeMany(opened.keys, 2);
    const wrapped = await wrappingOf(opened, other);
    const data = given ?? { epoch: 'first', wrapped: wrapped.toString('base64') };
    await opened.node.cluster.append(`keys-${id}`, 0, [{ ...keyRecord({ epoch: '', wrapped }), type, data }]);
    expect(await opened.keys.open(id)()).toEqual(damaged(id));
    expect((await bytesOf(opened.keys, other)).length).toBe(32);
  });
});

const wrongs = [
  ['other bytes', { current: { ...second, id: 'first' } }],
  ['another id', { current: { ...first, id: 'other' } }],
  ['another key altogether', { current: second }],
  ['a right one beside a wrong one', { current: second, previous: [{ ...second, id: 'first' }] }],
] as const;

describe('the master key of a cluster', () => {
  const wrong = 'The master key is not the one the keys of this cluster were made with';

  test.each(wrongs)('that is wrong by %s opens and writes nothing', async (_, given) => {
    const place = await onAServer();
    const before = await openKeyNode(place);
    await takeMany(before.keys, 1);
    await before.close();
    const keysIn = () => recordsOf(place).filter(({ stream }) => /keys-|folja-(keys|epochs)/.test(stream)).length;
    const count = keysIn();
    const opening = openKeyNode(place, given);
    await expect(opening).rejects.toThrow(wrong);
    const message = String(await opening.catch((error: unknown) => error));
    const secrets = [first, second].flatMap(({ key }) => encodings(Buffer.from(key)));
    expect(secrets.filter((secret) => message.includes(secret))).toEqual([]);
    expect(keysIn()).toBe(count);
  });

  test('opens what an earlier one wraps only where that is listed', async () => {
    const place = await onAServer();
    const before = await openKeyNode(place);
    const [id = ''] = await takeMany(before.keys, 1);
    const after = await openKeyNode(place, { current: second, previous: [first] });
    await rightOf(after.keys.take());
    expect(await bytesOf(after.keys, id)).toEqual(await bytesOf(before.keys, id));
    await expect(openKeyNode(place, { current: second })).rejects.toThrow(
      'The cluster holds keys of another master key: list that one as previous.',
    );
  });

  test('is the one of the node that comes first, where two begin a store at once', async () => {
    const server = await aServer();
    for (let round = 0; round < 10; round += 1) {
      const place = aPlace(server);
      const opening = [first, second].map((current) => openKeyNode(place, { current }));
      const results = await Promise.allSettled(opening);
      const refused = results.filter((result) => result.status === 'rejected');
      expect(refused.map(({ reason }) => String(reason).includes(wrong))).toEqual([true]);
      const { keys } = (await Promise.any(opening)) satisfies { keys: KeyStore };
      expect((await bytesOf(keys, await rightOf(keys.take()))).length).toBe(32);
      for (const result of results) if (result.status === 'fulfilled') await result.value.close();
    }
  });

  test('cannot be looked at while the cluster is away: that is said, and nothing of the connection', async () => {
    const place = { ...(await onAServer()), deadline: 300 };
    const { node } = await openKeyNode(place);
    place.server.faults.next({ rpc: 'any', times: 100, fault: { kind: 'unavailable' } });
    const { openClusterKeys } = await import('../../src/privacy/clusterKeys.ts');
    const opening = openClusterKeys({ node, storeId: 'any', masterKey: { current: third } });
    await expect(opening).rejects.toThrow('The keys of the cluster cannot be read');
    expect(String(await opening.catch((error: unknown) => error))).not.toContain(String(place.server.port));
    expect(place.server.faults.happened.length).toBeGreaterThan(0);
  });
});

describe('keys in a cluster that are closed', () => {
  test('ask nothing of it any more, not even what was to be made ahead', async () => {
    const place = await onAServer();
    const { keys, node } = await openKeyNode(place);
    await takeMany(keys, 6);
    place.server.faults.next({ rpc: 'Append', times: 100, fault: { kind: 'unavailable' } });
    const taking = takeMany(keys, 70).catch(() => []);
    await eventually(() => place.server.faults.happened.length > 0);
    keys.close();
    await taking;
    place.server.faults.clear();
    const before = { ...place.server.calls };
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(place.server.calls).toEqual(before);
    expect(E.isRight(await node.cluster.last('folja-keys'))).toBe(true);
  });
});
