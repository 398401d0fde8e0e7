import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { endAbandoned } from '../../../src/eventStore/eventStoreDb/abandoned.ts';
import { eventually, left, right } from '../builders.ts';
import { anEvent } from '../events.ts';
import type { ModelServer } from '../modelServer/modelServer.ts';
import { aKey, aNode, aServer, makeKey, sealedIn, type TestNode } from './purgingNodes.ts';

const day = 86_400_000;
const tombstone = 1_000_000;

const lone = ({ node }: TestNode): number =>
  (node.db.prepare('SELECT count(*) AS count FROM lone_flesh').get() as { readonly count: number }).count;

/** Flesh that was written for an event which never came; gives its key. */
const anAbandonedStart = async (server: ModelServer, one: TestNode, stream: string) => {
  const key = aKey();
  await makeKey(one, key);
  const event = anEvent({ type: 'started', flesh: { sealed: key.sealed() } });
  server.faults.next({ rpc: 'Append', stream, times: 1, fault: { kind: 'access-denied' } });
  expect(await left(one.events.append(stream, 'no-stream', [event]))).toMatchObject({ kind: 'unavailable' });
  expect(server.faults.happened.at(-1)).toMatchObject({ rpc: 'Append', stream, fault: 'access-denied' });
  await eventually(() => lone(one) === 1);
  return { key, event };
};

/** A day has passed. */
const aDayLater = ({ node }: TestNode) => endAbandoned(node, Date.now() + day + 1);

const isEnded = ({ log }: ModelServer, stream: string): boolean => log.lastOf(stream) > tombstone;

describe('flesh whose program never started', () => {
  test('P12 is ended after a day with the key that sealed it, and nothing of it is left after a scavenge', async () => {
    const server = await aServer();
    const one = await aNode(server);
    const programId = randomUUID();
    const { key } = await anAbandonedStart(server, one, `program-${programId}`);
    expect(await endAbandoned(one.node)).toEqual({ _tag: 'Right', right: 0 });
    expect([isEnded(server, `flesh-${programId}`), lone(one)]).toEqual([false, 1]);
    expect(await aDayLater(one)).toEqual({ _tag: 'Right', right: 1 });
    expect([isEnded(server, `flesh-${programId}`), isEnded(server, key.stream), lone(one)]).toEqual([true, true, 0]);
    expect(one.node.tables.epochOfKey(key.keyId)).toBeUndefined();
    expect(sealedIn(server, key.keyId)).toBe(1);
    await right(one.sharing.scavenge());
    expect(sealedIn(server, key.keyId)).toBe(0);
  });

  test('P5 cannot start any more: that comes out as an error, in time', async () => {
    const server = await aServer();
    const one = await aNode(server, { deadline: 2_000 });
    const stream = `program-${randomUUID()}`;
    const { event } = await anAbandonedStart(server, one, stream);
    await aDayLater(one);
    const begun = performance.now();
    expect(await left(one.events.append(stream, 'no-stream', [event]))).toEqual({ kind: 'unavailable', retry: false });
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  test('starts within the day, and is then not abandoned (control)', async () => {
    const server = await aServer();
    const one = await aNode(server);
    const stream = `program-${randomUUID()}`;
    const { event, key } = await anAbandonedStart(server, one, stream);
    await right(one.events.append(stream, 'no-stream', [event]));
    expect(await aDayLater(one)).toEqual({ _tag: 'Right', right: 0 });
    expect([isEnded(server, stream.replace('program', 'flesh')), isEnded(server, key.stream)]).toEqual([false, false]);
  });

  test.each(['Tombstone', 'Append'] as const)(
    'P12 is ended by the next run where a stop came between key and flesh: %s',
    async (rpc) => {
      const server = await aServer();
      const one = await aNode(server, { deadline: 400 });
      const programId = randomUUID();
      const { key } = await anAbandonedStart(server, one, `program-${programId}`);
      const stream = rpc === 'Append' ? 'folja-keys' : `flesh-${programId}`;
      const before = server.faults.happened.length;
      server.faults.next({ rpc, stream, times: 50, fault: { kind: 'unavailable' } });
      expect(await aDayLater(one)).toMatchObject({ _tag: 'Left' });
      expect(server.faults.happened.length).toBeGreaterThan(before);
      expect([isEnded(server, key.stream), isEnded(server, `flesh-${programId}`), lone(one)]).toEqual([true, false, 1]);
      server.faults.clear();
      expect(await aDayLater(one)).toEqual({ _tag: 'Right', right: 1 });
      expect([isEnded(server, `flesh-${programId}`), lone(one)]).toEqual([true, 0]);
    },
  );
});

describe('flesh of what is not abandoned', () => {
  test.each(['unit-SE2321000131-A', 'access-0195d3a0-0000-7000-8000-000000000001', 'template-tobakshjalpen'])(
    'is left alone where its stream is needed again: %s',
    async (stream) => {
      const server = await aServer();
      const one = await aNode(server);
      const { event, key } = await anAbandonedStart(server, one, stream);
      expect(await aDayLater(one)).toEqual({ _tag: 'Right', right: 0 });
      expect([isEnded(server, `flesh-${stream}`), isEnded(server, key.stream), lone(one)]).toEqual([false, false, 0]);
      await right(one.events.append(stream, 'no-stream', [event]));
    },
  );

  test('is left alone where the program started with other flesh, and goes with that', async () => {
    const server = await aServer();
    const one = await aNode(server);
    const programId = randomUUID();
    const { key } = await anAbandonedStart(server, one, `program-${programId}`);
    const other = { ...aKey() };
    const event = anEvent({ type: 'started', flesh: { sealed: other.sealed() } });
    await right(one.events.append(`program-${programId}`, 'no-stream', [event]));
    expect(await aDayLater(one)).toEqual({ _tag: 'Right', right: 0 });
    expect([isEnded(server, `flesh-${programId}`), lone(one)]).toEqual([false, 0]);
    await right(one.events.eraseFlesh(`program-${programId}`));
    expect([isEnded(server, `flesh-${programId}`), isEnded(server, key.stream)]).toEqual([true, true]);
  });
});
