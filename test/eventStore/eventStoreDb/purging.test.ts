import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { PendingErasure } from '../../../src/eventStore/eventStore.ts';
import { eventually, left, right } from '../builders.ts';
import { anEvent } from '../events.ts';
import { aKey, aNode, aPurgedProgram, aServer, holdingBack, makeKey, sealedIn, type TestNode } from './purgingNodes.ts';

const short = ({ node }: TestNode): string => `node-${node.id.slice(0, 8)}`;

/** What a node does in its own file, and in the cluster for all. */
const clean = async ({ events, node }: TestNode, { stream, keyId }: Pick<PendingErasure, 'stream' | 'keyId'>) => {
  expect(await node.cluster.tombstone(`keys-${keyId}`)).toMatchObject({ _tag: 'Right' });
  await right(events.eraseFlesh(stream));
  await right(events.scrub());
  expect(await right(events.remnants({ stream, keyId }))).toBe(0);
};

const waitsOf = async ({ sharing }: TestNode, erasure: PendingErasure): Promise<readonly string[]> => {
  const asked = await sharing.elsewhere(erasure);
  return E.isRight(asked) ? [] : asked.left;
};

describe('an erasure that is finished in the file of one node of two', () => {
  test('P12 R240 R242 waits for the other node and for a scavenge, and then for nothing', async () => {
    const server = await aServer();
    const [one, two] = [await aNode(server), await aNode(server)];
    const erasure = await aPurgedProgram(one, randomUUID());
    expect(await waitsOf(one, erasure)).toEqual(['cluster', short(two), 'scavenge']);
    await clean(one, erasure);
    expect(await waitsOf(one, erasure)).toEqual([short(two), 'scavenge']);
    await eventually(() => two.node.log.tables.lastPosition() === one.node.log.tables.lastPosition());
    await clean(two, erasure);
    expect(await waitsOf(two, erasure)).toEqual(['scavenge']);
    await eventually(() => one.node.tables.uncleaned(erasure.stream).length === 0);
    expect(await waitsOf(one, erasure)).toEqual(['scavenge']);
    expect(sealedIn(server, erasure.keyId)).toBe(1);
    await right(one.sharing.scavenge());
    expect(sealedIn(server, erasure.keyId)).toBe(0);
    expect(server.log.records().filter(({ stream }) => stream === erasure.key.stream)).toHaveLength(1);
    expect(await waitsOf(one, erasure)).toEqual([]);
    await eventually(() => two.node.tables.isScavenged(erasure.stream));
    expect(await waitsOf(two, erasure)).toEqual([]);
    for (const { path } of [one, two])
      expect(readFileSync(path).includes(Buffer.from(`01${erasure.keyId}`, 'hex'))).toBe(false);
  });

  test('P12 is not content with a scavenge that began before the tombstones', async () => {
    const server = await aServer();
    const one = await aNode(server);
    const erasure = await aPurgedProgram(one, randomUUID());
    await right(one.sharing.scavenge());
    await clean(one, erasure);
    expect(await waitsOf(one, erasure)).toEqual(['scavenge']);
    await right(one.sharing.scavenge());
    expect(await waitsOf(one, erasure)).toEqual([]);
  });

  test('tells once that a node is clean, however often it is asked', async () => {
    const server = await aServer();
    const one = await aNode(server);
    const erasure = await aPurgedProgram(one, randomUUID());
    await clean(one, erasure);
    for (let asked = 0; asked < 3; asked += 1) await waitsOf(one, erasure);
    expect(server.log.records().filter(({ type }) => type === 'node-cleaned')).toHaveLength(1);
  });

  test('waits for the cluster while it cannot be told that this node is clean', async () => {
    const server = await aServer();
    const one = await aNode(server, { deadline: 400 });
    const erasure = await aPurgedProgram(one, randomUUID());
    await clean(one, erasure);
    server.faults.next({ rpc: 'Append', stream: 'folja-nodes', times: 20, fault: { kind: 'unavailable' } });
    expect(await waitsOf(one, erasure)).toContain('cluster');
    expect(server.faults.happened.length).toBeGreaterThan(0);
    server.faults.clear();
    expect(await waitsOf(one, erasure)).toEqual(['scavenge']);
  });

  test('P12 destroys with the flesh the keys of attempts that came to nothing, and none with a name', async () => {
    const server = await aServer();
    const one = await aNode(server);
    const programId = randomUUID();
    const [lost, named] = [aKey(), aKey()];
    for (const key of [lost, named]) await makeKey(one, key);
    const naming = { type: 'key-named', data: { name: 'index', keyId: named.keyId } } as const;
    await one.node.cluster.append('folja-keyname-index', -1, [{ id: randomUUID(), metadata: { folja: 1 }, ...naming }]);
    const flesh = { sealed: lost.sealed() };
    expect(await left(one.events.append(`program-${programId}`, 5, [anEvent({ flesh })]))).toBeDefined();
    const record = (sealed: Buffer) => ({
      ...{ id: randomUUID(), type: 'flesh', metadata: { folja: 1 } },
      data: { event: randomUUID(), sealed: sealed.toString('base64') },
    });
    await one.node.cluster.append(`flesh-${programId}`, 'any', [record(lost.sealed()), record(named.sealed())]);
    const erasure = await aPurgedProgram(one, programId);
    await clean(one, erasure);
    expect(server.log.lastOf(lost.stream)).toBeGreaterThan(1_000_000);
    expect(server.log.lastOf(named.stream)).toBe(0);
  });
});

describe('what an erasure may wait for', () => {
  test('is news on every node, wherever it was told or done', async () => {
    const server = await aServer();
    const [one, two] = [await aNode(server), await aNode(server)];
    let heard = 0;
    const unlisten = two.sharing.onErasureNews(() => {
      heard += 1;
    });
    const isHeard = async (work: () => Promise<unknown>, isNews = true): Promise<void> => {
      const before = heard;
      await work();
      const { commit } = one.node.tables.place() ?? { commit: 0n };
      await eventually(() => (two.node.tables.place()?.commit ?? -1n) >= commit);
      expect(heard > before).toBe(isNews);
    };
    await isHeard(() => right(one.events.append('unit-SE2321000131-A', 'any', [anEvent()])), false);
    const erasure = await aPurgedProgram(one, randomUUID());
    await isHeard(() => clean(one, erasure));
    await isHeard(() => waitsOf(one, erasure));
    await isHeard(() => right(one.sharing.scavenge()));
    await isHeard(() => aNode(server));
    await isHeard(() => right(one.events.append('access-one', 'any', [anEvent({ type: 'log-year-disposed' })])));
    unlisten();
    await isHeard(() => aPurgedProgram(one, randomUUID()), false);
  });
});

describe('a node that is gone', () => {
  test('P12 is retired by another, and no erasure waits for it; opened again, it is waited for', async () => {
    const server = await aServer();
    const [one, two] = [await aNode(server), await aNode(server)];
    const erasure = await aPurgedProgram(one, randomUUID());
    await two.close();
    await clean(one, erasure);
    expect(await waitsOf(one, erasure)).toEqual([short(two), 'scavenge']);
    expect(await right(one.sharing.retire(two.node.id))).toBe(true);
    expect(await right(one.sharing.retire(two.node.id))).toBe(true);
    expect(await waitsOf(one, erasure)).toEqual(['scavenge']);
    expect(one.sharing.nodes()).toMatchObject([
      { nodeId: one.node.id, isThis: true },
      { nodeId: two.node.id, isThis: false, retiredAt: expect.any(String) },
    ]);
    await aNode(server, { path: two.path });
    await eventually(() => one.node.tables.uncleaned(erasure.stream).includes(two.node.id));
    expect(one.sharing.nodes().map(({ retiredAt }) => retiredAt)).toEqual([undefined, undefined]);
  });

  test('is none that is asked itself, and none that nobody knows', async () => {
    const one = await aNode(await aServer());
    expect(await right(one.sharing.retire(one.node.id))).toBe(false);
    expect(await right(one.sharing.retire(randomUUID()))).toBe(false);
  });

  test('is not gone when it follows: it says so, and is waited for', async () => {
    const server = await aServer();
    const [one, two] = [await aNode(server), await aNode(server)];
    const opened = server.log.records().filter(({ type }) => type === 'node-opened').length;
    expect(await right(one.sharing.retire(two.node.id))).toBe(true);
    await eventually(() => one.sharing.nodes().every(({ retiredAt }) => retiredAt === undefined));
    expect(server.log.records().filter(({ type }) => type === 'node-opened')).toHaveLength(opened + 1);
  });
});

describe('a late append to a program that is erased', () => {
  test('P12 E8 of a node that lags is refused, and leaves nothing in any file or stream', async () => {
    const server = await aServer();
    const one = await aNode(server);
    const line = holdingBack();
    const lagging = await aNode(server, { deadline: 1_500, over: line.over });
    const programId = randomUUID();
    const late = aKey();
    const flesh = { sealed: late.sealed() };
    const stream = `program-${programId}`;
    await right(one.events.append(stream, 'no-stream', [anEvent({ type: 'started' })]));
    await eventually(() => lagging.node.log.tables.headOf(stream) === 0);
    line.hold();
    await right(one.events.append(stream, 0, [anEvent({ type: 'purged' })], { erasure: { keyId: late.keyId } }));
    await clean(one, { stream, keyId: late.keyId });
    expect(lagging.node.log.tables.headOf(stream)).toBe(0);
    const append = lagging.events.append(stream, 0, [anEvent({ flesh })]);
    expect(await left(append)).toEqual({ kind: 'unavailable', retry: true });
    expect(line.release()).toBeGreaterThan(0);
    await eventually(() => lagging.node.log.tables.headOf(stream) === 1);
    expect(await left(append)).toMatchObject({ kind: 'revision-conflict', actual: 1 });
    expect(sealedIn(server, late.keyId)).toBe(0);
  });
});
