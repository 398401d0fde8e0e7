import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { Appended, Cluster, ClusterFailure } from '../../src/eventStore/eventStoreDb/cluster.ts';
import { openClusterKeys } from '../../src/privacy/clusterKeys.ts';
import { keyRecord, wrappedIn } from '../../src/privacy/clusterKeysRecords.ts';
import type { KeyId, KeyStore, MasterKey } from '../../src/privacy/keys.ts';
import { readMasterKey } from '../../src/privacy/wrapping.ts';
import { eventually } from '../eventStore/builders.ts';
import { aPlace, aServer, type KeyNode, openKeyNode } from './clusterKeysNodes.ts';
import { bytesOf, first, rightOf, second, takeMany, third } from './keyFiles.ts';

const gone: ClusterFailure = { kind: 'unavailable', retry: false };

/** A cluster as a process has it that ends after so many writes: none behind that is made, and nothing is read. */
const mortal = (cluster: Cluster, writes: number) => {
  let left = writes;
  const writing =
    <Given extends readonly unknown[], A>(work: (...given: Given) => Promise<A>, died: A) =>
    async (...given: Given): Promise<A> => {
      left -= 1;
      return left < 0 ? died : work(...given);
    };
  const reading = async <A>(work: () => Promise<E.Either<ClusterFailure, A>>): Promise<E.Either<ClusterFailure, A>> =>
    left < 0 ? E.left(gone) : work();
  const dying: Cluster = {
    ...cluster,
    append: writing(cluster.append, gone satisfies Appended),
    tombstone: writing(cluster.tombstone, E.left(gone)),
    truncate: writing(cluster.truncate, E.left(gone)),
    read: (stream, options) => reading(() => cluster.read(stream, options)),
    last: (stream) => reading(() => cluster.last(stream)),
  };
  return { dying, isDead: (): boolean => left < 0 };
};

const bytesOfAll = (keys: KeyStore, ids: readonly KeyId[]): Promise<readonly Buffer[]> =>
  Promise.all(ids.map((id) => bytesOf(keys, id)));

const storeIdOf = ({ node }: KeyNode): string =>
  String(node.db.prepare("SELECT value FROM meta WHERE name = 'store-id'").pluck().get());

/** Opens the keys of a node once more, as a process that is started with other master keys has them. */
const openAgain = (opened: KeyNode, given: MasterKey, cluster = opened.node.cluster): Promise<KeyStore> =>
  openClusterKeys({
    node: { ...opened.node, cluster },
    storeId: storeIdOf(opened),
    masterKey: readMasterKey(given),
  });

const masterAt = (index: number) => ({ id: `master-${index}`, key: new Uint8Array(32).fill(index + 1) });

describe('a rotation in a cluster', () => {
  test('P13 that ends after any of its writes is gone on with by another node, and loses no key', async () => {
    const place = aPlace(await aServer());
    const given = { current: masterAt(0) };
    const [here, there] = [await openKeyNode(place, given), await openKeyNode(place, given)];
    const ids = [...(await takeMany(here.keys, 2)), await rightOf(here.keys.named('index'))];
    const before = await bytesOfAll(here.keys, ids);
    let writes = 0;
    for (let hasEnded = true; hasEnded; writes += 1) {
      const [current, next] = [masterAt(writes), masterAt(writes + 1)];
      const { dying, isDead } = mortal(here.node.cluster, writes);
      const ending = await openAgain(here, { current }, dying);
      expect(E.isLeft(await ending.rewrap(next)())).toBe(isDead());
      hasEnded = isDead();
      const going = await openAgain(there, { current: next, previous: [current] });
      expect(await bytesOfAll(going, ids)).toEqual(before);
      await rightOf(going.rewrap(next));
      const after = await openAgain(there, { current: next });
      expect((await rightOf(after.epochs())).map(({ id }) => id)).toEqual([next.id]);
      expect(await bytesOfAll(after, ids)).toEqual(before);
      const lying = await Promise.all(ids.map((id) => there.node.cluster.read(`keys-${id}`)));
      expect(lying.map((one) => E.isRight(one) && one.right.length)).toEqual([1, 1, 1]);
      for (const keys of [ending, going, after]) keys.close();
    }
    // Two of the master keys, one for what is told, and two for each key that was in use or made ahead.
    expect(writes).toBeGreaterThan(2 + 1 + 2 * 8);
  }, 240_000);

  test('P13 leaves one wrapping of each key, and none that the earlier master key opens', async () => {
    const place = aPlace(await aServer());
    const { keys, node } = await openKeyNode(place);
    const ids = await takeMany(keys, 20);
    await rightOf(keys.rewrap(third));
    const lying = await Promise.all(ids.map((id) => node.cluster.read(`keys-${id}`)));
    const epochs = lying.map((one) => (E.isRight(one) ? one.right.map((record) => wrappedIn(record)?.epoch) : []));
    expect(epochs).toEqual(ids.map(() => [third.id]));
    await expect(openKeyNode(place)).rejects.toThrow('The master key is not the one');
    const after = await openKeyNode(place, { current: third, previous: [first] });
    expect(await bytesOfAll(after.keys, ids)).toEqual(await bytesOfAll(keys, ids));
  });

  test('P13 hands out no key that lay spare under the earlier master key', async () => {
    const { keys, node } = await openKeyNode(aPlace(await aServer()));
    await takeMany(keys, 1);
    await rightOf(keys.rewrap(second));
    const old = node.db.prepare<[], KeyId>('SELECT key_id FROM key_ring').pluck().all();
    expect(old.length).toBeGreaterThan(4);
    const young = [
      ...(await takeMany(keys, 20)),
      await rightOf(keys.named('index')),
      await rightOf(keys.renew('index')),
    ];
    expect(young.filter((id) => old.includes(id))).toEqual([]);
  });

  test('P13 takes in what another node makes under the earlier master key meanwhile', async () => {
    const place = aPlace(await aServer());
    const [here, there] = [await openKeyNode(place), await openKeyNode(place)];
    const ids: KeyId[] = [...(await takeMany(here.keys, 60))];
    let made: Promise<readonly KeyId[]> | undefined;
    const progress = (): void => {
      made ??= takeMany(there.keys, 12);
    };
    await rightOf(here.keys.rewrap(second, progress));
    ids.push(...((await made) ?? []));
    expect(ids).toHaveLength(72);
    expect((await bytesOfAll((await openKeyNode(place, { current: second })).keys, ids)).length).toBe(72);
  });

  test('P13 is one where two nodes begin it at once', async () => {
    const place = aPlace(await aServer());
    const given = { current: first, previous: [second] };
    const [here, there] = [await openKeyNode(place, given), await openKeyNode(place, given)];
    const ids = await takeMany(here.keys, 40);
    const before = await bytesOfAll(there.keys, ids);
    await Promise.all([here, there].map(({ keys }) => rightOf(keys.rewrap(second))));
    const after = await openKeyNode(place, { current: second });
    expect(await bytesOfAll(after.keys, ids)).toEqual(before);
    expect((await rightOf(after.keys.epochs())).map(({ id }) => id)).toEqual(['second']);
  });

  test('passes over a key that was destroyed, also where nobody was told', async () => {
    const place = aPlace(await aServer());
    const { keys, node } = await openKeyNode(place);
    const [gone = '', untold = '', left = ''] = await takeMany(keys, 3);
    await rightOf(keys.destroy(gone));
    await node.cluster.tombstone(`keys-${untold}`);
    const inRing = node.tables.keyEpochs()[0]?.keys ?? 0;
    expect(await rightOf(keys.rewrap(second))).toBe(inRing - 1);
    expect([gone, untold].map((id) => node.tables.epochOfKey(id))).toEqual([undefined, undefined]);
    expect((await bytesOf(keys, left)).length).toBe(32);
  });

  test('is refused when its id is known with another key, in this process or in the cluster', async () => {
    const place = aPlace(await aServer());
    const known = await openKeyNode(place, { current: first, previous: [second] });
    expect(await known.keys.rewrap({ ...third, id: 'second' })()).toEqual(E.left({ kind: 'other-key' }));
    await openKeyNode(place, { current: third, previous: [first] });
    expect(await known.keys.rewrap({ ...first, id: third.id })()).toEqual(E.left({ kind: 'other-key' }));
  });

  test('leaves to the node that rotated what another makes under one that it was given for later', async () => {
    const place = aPlace(await aServer());
    const here = await openKeyNode(place, { current: first, previous: [second, third] });
    await rightOf(here.keys.rewrap(second));
    const ahead = await openKeyNode(place, { current: third, previous: [second] });
    const ids = await takeMany(ahead.keys, 1);
    expect(await bytesOfAll(here.keys, ids)).toEqual(await bytesOfAll(ahead.keys, ids));
  });

  test('does nothing to a damaged key, and says which one it is', async () => {
    const { keys, node } = await openKeyNode(aPlace(await aServer()));
    const [id = '', other = ''] = await takeMany(keys, 2);
    const bytes = await bytesOf(keys, other);
    await node.cluster.append(`keys-${id}`, 0, [keyRecord({ epoch: 'first', wrapped: Buffer.alloc(61) })]);
    expect(await keys.rewrap(second)()).toEqual(E.left({ kind: 'damaged', what: `key ${id}` }));
    expect(await bytesOf(keys, other)).toEqual(bytes);
    expect((await rightOf(keys.epochs())).map((epoch) => epoch.id)).toEqual(['first', 'second']);
  });

  test('is heard of by a node that was away', async () => {
    const place = aPlace(await aServer());
    const here = await openKeyNode(place);
    const id = await rightOf(here.keys.take());
    const away = await openKeyNode(place, { current: first, previous: [second] });
    place.server.faults.next({ rpc: 'Subscribe', times: 2, fault: { kind: 'cut', after: 0 } });
    await rightOf(here.keys.rewrap(second));
    await eventually(() => away.node.tables.isEpochClosed('first'));
    expect(place.server.faults.happened.map(({ fault }) => fault)).toContain('cut');
    expect(await bytesOf(away.keys, id)).toEqual(await bytesOf(here.keys, id));
    expect(E.isRight(await away.keys.take()())).toBe(true);
  });
});
