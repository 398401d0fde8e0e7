import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { KeyId, MasterKey } from '../../src/privacy/keys.ts';
import { eventually } from '../eventStore/builders.ts';
import { aPlace, aServer, type KeyNode, openKeyNode, type Place } from './clusterKeysNodes.ts';
import { bytesOf, first, rightOf, second, takeMany } from './keyFiles.ts';

const erased = E.left({ kind: 'erased' });
const foreign = E.left({ kind: 'unavailable', what: 'keys', retry: false });

const twoNodes = async (there?: MasterKey): Promise<{ place: Place; here: KeyNode; there: KeyNode }> => {
  const place = aPlace(await aServer());
  return { place, here: await openKeyNode(place), there: await openKeyNode(place, there) };
};

const namings = ({ server, prefix }: Place, name: string): number =>
  server.log.records().filter(({ stream }) => stream === `${prefix}folja-keyname-${name}`).length;

/** Waits until a node has come as far as another. */
const together = async ({ node }: KeyNode, other: KeyNode): Promise<void> => {
  const place = other.node.tables.place()?.commit ?? 0n;
  await eventually(() => (node.tables.place()?.commit ?? 0n) >= place);
};

describe('two nodes of a cluster', () => {
  test('agree on a name that both ask for at the same moment, fifty times', async () => {
    const { place, here, there } = await twoNodes();
    for (let round = 0; round < 50; round += 1) {
      const name = `audit-${round}`;
      const [mine, yours] = await Promise.all([rightOf(here.keys.named(name)), rightOf(there.keys.named(name))]);
      expect(yours).toBe(mine);
      expect(namings(place, name)).toBe(1);
      expect(await bytesOf(there.keys, mine)).toEqual(await bytesOf(here.keys, mine));
    }
  });

  test('know of one another every key that a name was given, in one order', async () => {
    const { place, here, there } = await twoNodes();
    await rightOf(here.keys.named('index'));
    const renewed = await Promise.all([here, there, here, there].map(({ keys }) => rightOf(keys.renew('index'))));
    expect(new Set(renewed).size).toBe(4);
    await Promise.all([together(here, there), together(there, here)]);
    const order = await rightOf(here.keys.everNamed('index'));
    expect(order).toHaveLength(5);
    expect(await rightOf(there.keys.everNamed('index'))).toEqual(order);
    expect(renewed).toContain(await rightOf(there.keys.named('index')));
    expect(namings(place, 'index')).toBe(5);
  });

  test('hand out keys of their own', async () => {
    const { here, there } = await twoNodes();
    const ids = [...(await takeMany(here.keys, 40)), ...(await takeMany(there.keys, 40))];
    expect(new Set(ids).size).toBe(80);
    for (const id of ids) expect(await bytesOf(there.keys, id)).toEqual(await bytesOf(here.keys, id));
  });

  test('make no second key for a name that one of them has not heard of', async () => {
    const { place, here, there } = await twoNodes();
    await there.node.follower.stop();
    const id = await rightOf(here.keys.named('index'));
    expect(E.isLeft(await there.keys.named('index')())).toBe(true);
    expect(namings(place, 'index')).toBe(1);
    expect(await rightOf(here.keys.everNamed('index'))).toEqual([id]);
  });

  test('R242 both lose a key that one destroys, also where it was open', async () => {
    const { place, here, there } = await twoNodes();
    const deaf = await openKeyNode(place);
    const [id = '', kept = ''] = await takeMany(here.keys, 2);
    for (const { keys } of [here, there, deaf]) await bytesOf(keys, id);
    // The control: a node that hears nothing goes on with the key that it has open.
    await deaf.node.follower.stop();
    await rightOf(here.keys.destroy(id));
    await together(there, here);
    const before = place.server.calls.Read;
    expect([await here.keys.open(id)(), await there.keys.open(id)()]).toEqual([erased, erased]);
    expect(E.isRight(await deaf.keys.open(id)())).toBe(true);
    expect(place.server.calls.Read).toBeLessThanOrEqual(before + 2);
    expect(await rightOf(there.keys.isDestroyed(id))).toBe(true);
    expect([await rightOf(there.keys.remnants(id)), await rightOf(there.keys.remnants(kept))]).toEqual([0, 1]);
    expect(await bytesOf(there.keys, kept)).toEqual(await bytesOf(here.keys, kept));
  });

  test('R242 both lose a key whose end its destroyer could not tell of, once one of them finds it gone', async () => {
    const { here, there } = await twoNodes();
    const id = await rightOf(here.keys.take());
    await bytesOf(there.keys, id);
    await here.node.cluster.tombstone(`keys-${id}`);
    expect(E.isRight(await there.keys.open(id)())).toBe(true);
    expect(await rightOf(here.keys.isDestroyed(id))).toBe(true);
    await together(there, here);
    expect(await there.keys.open(id)()).toEqual(erased);
  });
});

/** Keys that a node can open and another cannot, and the other way round. */
const opening = async ({ keys }: KeyNode, ids: readonly KeyId[]): Promise<readonly boolean[]> =>
  Promise.all(ids.map(async (id) => E.isRight(await keys.open(id)())));

describe('a rotation on one node of a cluster', () => {
  test('P13 makes keys unavailable on one that lacks the next master key, neither erased nor damaged, and lets it make none', async () => {
    const { here, there } = await twoNodes();
    const ids = await takeMany(here.keys, 5);
    await takeMany(there.keys, 1);
    await rightOf(here.keys.rewrap(second));
    await together(there, here);
    expect(await Promise.all(ids.map((id) => there.keys.open(id)()))).toEqual(ids.map(() => foreign));
    expect([await there.keys.take()(), await there.keys.renew('index')()]).toEqual([foreign, foreign]);
    expect(await opening(here, ids)).toEqual(ids.map(() => true));
  });

  test('P13 goes on, on one that was given the next master key beforehand, with that', async () => {
    const { place, here, there } = await twoNodes({ current: first, previous: [second] });
    const before = await takeMany(there.keys, 3);
    await rightOf(here.keys.rewrap(second));
    await together(there, here);
    const ids = [...before, ...(await takeMany(there.keys, 70)), await rightOf(there.keys.renew('index'))];
    const after = await openKeyNode(place, { current: second });
    expect(await opening(after, ids)).toEqual(ids.map(() => true));
    expect((await rightOf(there.keys.epochs())).map(({ id, current }) => [id, current])).toEqual([['second', true]]);
  });

  test('P13 is not undone by one that is started again as before it', async () => {
    const { place, here, there } = await twoNodes({ current: first, previous: [second] });
    await takeMany(there.keys, 1);
    await rightOf(here.keys.rewrap(second));
    const again = await openKeyNode(place, { current: first, previous: [second] });
    const id = await rightOf(again.keys.take());
    expect(await opening(here, [id])).toEqual([true]);
    expect((await rightOf(again.keys.epochs())).map((epoch) => [epoch.id, epoch.current])).toEqual([['second', true]]);
    await expect(openKeyNode(place)).rejects.toThrow('The master key is not the one');
    await rightOf(here.keys.rewrap(first));
    expect(await opening(await openKeyNode(place), [id])).toEqual([true]);
  });

  test.each([
    ['counts', true],
    ['would count on a node that did not heed that: the control', false],
  ])('P13 closes the earlier master key, so that no key that is told of later %s', async (_, isHeeded) => {
    const { place, here, there } = await twoNodes({ current: first, previous: [second] });
    await takeMany(there.keys, 9);
    const { faults, log } = place.server;
    faults.next({ rpc: 'Append', stream: `${place.prefix}folja-keys`, fault: { kind: 'delay', ms: 700 } });
    const taking = there.keys.renew('late')();
    await eventually(() => faults.happened.length === 1);
    await rightOf(here.keys.rewrap(second));
    await together(there, here);
    if (!isHeeded) there.node.db.exec('DELETE FROM closed_epochs');
    const late = await taking;
    const streams = log.records().map(({ stream, type }) => `${stream.slice(place.prefix.length)} ${type}`);
    expect(streams.lastIndexOf('folja-keys key-made')).toBeGreaterThan(
      streams.lastIndexOf('folja-epochs epoch-closed'),
    );
    const after = await openKeyNode(place, { current: second });
    expect(await opening(after, [E.isRight(late) ? late.right : ''])).toEqual([isHeeded]);
  });
});
