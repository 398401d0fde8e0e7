import { describe, expect, test, vi } from 'vitest';
import { all } from '../../src/projections/projection.ts';
import { aMinute, type World } from '../library/world.ts';
import { rejects } from './fixtures.ts';
import { aSharedHost, messageBy, rowsOf, settled, someNodes, tickUntil, twoNodes } from './nodes.ts';

const anHour = 60 * aMinute;

const heldOn = ({ engine }: World): number =>
  all(engine.readModels, `SELECT 1 FROM outbox WHERE held = 1 AND state = 'waiting'`).length;

/** A node to which five notifications have fallen, and that cannot hand them over; and another, to which nothing has. */
const aBurdenedNode = async (answer: () => unknown = rejects) => {
  const nodes = await someNodes();
  const host = aSharedHost((_, node) => (node === 'one' ? answer() : undefined));
  const one = await nodes.open('one', { deliver: host.deliverAt('one') });
  for (let number = 0; number < 5; number += 1) await messageBy(one);
  return { nodes, host, one };
};

describe('a node of a cluster to which notifications have fallen', () => {
  test('P9 R172 leaves them to the other when its connection is cut, under the same ids, and lets go of them', async () => {
    const { nodes, host, one } = await aBurdenedNode();
    await tickUntil([one], () => expect(host.given).toHaveLength(5));
    const ids = host.ids().toSorted();
    expect(heldOn(one)).toBe(5);
    const other = await nodes.open('other', { deliver: host.deliverAt('other') });
    await other.folja.tick();
    expect(host.given).toHaveLength(5);
    nodes.server.faults.next({ rpc: 'Consume', stream: '$all', times: 1, fault: { kind: 'cut', after: 0 } });
    await vi.waitFor(() => expect(nodes.server.faults.happened).toMatchObject([{ rpc: 'Consume' }]));
    await vi.waitFor(() => expect(heldOn(one)).toBe(0));
    await settled([one, other]);
    nodes.clock.later(anHour);
    await tickUntil([one, other], () => undefined);
    const taken = host.given.filter(({ node }) => node === 'other').map(({ id }) => id);
    expect(taken.toSorted()).toEqual(ids);
    expect(rowsOf(one)).toEqual(rowsOf(other));
  });

  test('P9 R172 leaves them to the other when it is closed in the middle, under the same ids', async () => {
    const { nodes, host, one } = await aBurdenedNode(() => new Promise(() => undefined));
    const other = await nodes.open('other', { deliver: host.deliverAt('other') });
    let ticked = one.folja.tick();
    await vi.waitFor(async () => {
      if (host.given.length === 0) ticked = one.folja.tick();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(host.given).toHaveLength(5);
    });
    const ids = host.ids().toSorted();
    await one.close();
    expect((await ticked).delivered).toBe(0);
    await settled([other]);
    expect(
      host.given
        .filter(({ node }) => node === 'other')
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(ids);
    expect(rowsOf(other).map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => 'delivered'));
  });

  test('P9 R172 keeps them while it is alone, and hands them over when its connection is there again', async () => {
    let isOut = true;
    const { nodes, host, one } = await aBurdenedNode(() => (isOut ? rejects() : undefined));
    await tickUntil([one], () => expect(host.given).toHaveLength(5));
    nodes.server.cutAll();
    isOut = false;
    nodes.clock.later(anHour);
    await settled([one]);
    expect(new Set(host.ids()).size).toBe(5);
    expect(host.given).toHaveLength(10);
  });

  test('P9 R172 has only to tell what it had handed over before it was closed', async () => {
    const { nodes, host, one } = await aBurdenedNode(() => undefined);
    // Nobody is told: the node is closed with everything handed over and nothing settled.
    nodes.server.faults.next({ rpc: 'Append', stream: 'folja-settled', times: 100, fault: { kind: 'unavailable' } });
    await tickUntil([one], () => expect(host.given).toHaveLength(5));
    await one.close();
    expect(nodes.server.faults.happened.length).toBeGreaterThan(0);
    nodes.server.faults.clear();
    const again = await nodes.open('one', { deliver: host.deliverAt('one') });
    const third = await nodes.open('third');
    await settled([again, third]);
    expect(host.given).toHaveLength(5);
    expect(rowsOf(third)).toEqual(rowsOf(again));
  });
});

describe('a node that has handed over, and cannot tell the others', () => {
  test.each(['unavailable', 'timeout'] as const)(
    'P9 R172 tells them later, and hands over nothing twice, when the cluster says %s',
    async (kind) => {
      const { nodes, host, one, both } = await twoNodes();
      nodes.server.faults.next({ rpc: 'Append', stream: 'folja-settled', times: 3, fault: { kind } });
      for (let number = 0; number < 3; number += 1) await messageBy(one);
      await settled(both);
      expect(nodes.server.faults.happened).toHaveLength(3);
      expect(host.given).toHaveLength(3);
      expect(new Set(host.ids()).size).toBe(3);
    },
  );

  test.each(['cut-before-commit', 'cut-after-commit'] as const)(
    'P9 R172 tells them all the same, under the same ids at most, when it meets %s',
    async (kind) => {
      const { nodes, host, one, both } = await twoNodes();
      nodes.server.faults.next({ rpc: 'Append', stream: 'folja-settled', times: 1, fault: { kind } });
      for (let number = 0; number < 3; number += 1) await messageBy(one);
      await settled(both);
      expect(nodes.server.faults.happened).toMatchObject([{ fault: kind }]);
      expect(new Set(host.ids()).size).toBe(3);
      await tickUntil(both, () => undefined);
      expect(rowsOf(both[0])).toEqual(rowsOf(both[1]));
    },
  );
});
