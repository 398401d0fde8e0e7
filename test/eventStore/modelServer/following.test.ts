import { randomUUID } from 'node:crypto';
import { eventTypeFilter, type Position, streamNameFilter } from '@eventstore/db-client';
import { describe, expect, test } from 'vitest';
import { append, aStream, collecting, credentials, events, outcomeOf, pause, revisionsIn, until } from './clients.ts';
import { connectedForTests } from './connected.ts';

const connected = connectedForTests();

/** Appends single events to the streams of a family, some of them behind others that nobody asks for; gives their ids in order. */
const aHistory = async (family: string, count: number): Promise<readonly string[]> => {
  const { client } = connected();
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const id = randomUUID();
    if (index % 3 === 1) await append(client, aStream('other'), 'any', events(4));
    await append(client, `${family}-${index % 4}`, 'any', events(id));
    ids.push(id);
  }
  return ids;
};

const follow = (family: string, fromPosition: Position | 'start' | 'end' = 'start', checkpoints: Position[] = []) => {
  const { client } = connected();
  const filter = streamNameFilter({
    prefixes: [family],
    checkpointInterval: 1,
    maxSearchWindow: 8,
    checkpointReached: (_subscription, position) => {
      checkpoints.push(position);
    },
  });
  const subscription = client.subscribeToAll({ fromPosition, filter });
  return { ...collecting(subscription), subscription };
};

describe('a stream with five events', () => {
  test('is read forwards and backwards, from any revision, as far as was asked', async () => {
    const { client } = connected();
    const stream = aStream();
    await append(client, stream, 'no_stream', events(5));
    const read = (options: Parameters<typeof revisionsIn>[2]) => revisionsIn(client, stream, options);
    expect(await read({})).toEqual([0, 1, 2, 3, 4]);
    expect(await read({ fromRevision: 2n, maxCount: 2 })).toEqual([2, 3]);
    expect(await read({ fromRevision: 9n })).toEqual([]);
    expect(await read({ direction: 'backwards', fromRevision: 'end' })).toEqual([4, 3, 2, 1, 0]);
    expect(await read({ direction: 'backwards', fromRevision: 'end', maxCount: 1 })).toEqual([4]);
    expect(await read({ direction: 'backwards', fromRevision: 2n })).toEqual([2, 1, 0]);
    expect(await read({ direction: 'backwards', fromRevision: 9n, maxCount: 2 })).toEqual([4, 3]);
    expect(await read({ direction: 'backwards', fromRevision: 'start' })).toEqual([0]);
    expect(await read({ fromRevision: 'end' })).toBe('unknown');
  });

  test('shows what its metadata leaves', async () => {
    const { client } = connected();
    const stream = aStream();
    await append(client, stream, 'no_stream', events(5));
    await client.setStreamMetadata(stream, { truncateBefore: 2 }, { credentials });
    expect(await revisionsIn(client, stream)).toEqual([2, 3, 4]);
    expect(await revisionsIn(client, stream, { direction: 'backwards', fromRevision: 1n })).toEqual([]);
    await client.setStreamMetadata(stream, { maxCount: 1 }, { credentials });
    expect(await revisionsIn(client, stream)).toEqual([4]);
    await client.setStreamMetadata(stream, { truncateBefore: 10 }, { credentials });
    expect(await revisionsIn(client, stream)).toEqual([]);
    await append(client, stream, 4n);
    expect(await revisionsIn(client, stream)).toEqual([]);
  });

  test('gives data, metadata, type and time of its events as they were written', async () => {
    const { client } = connected();
    const stream = aStream();
    const [event] = events(1);
    if (!event) throw new Error('an event');
    await append(client, stream, 'no_stream', [{ ...event, data: { id: 'åäö' }, metadata: { by: 'someone' } }]);
    for await (const { event: read, commitPosition } of client.readStream(stream)) {
      expect(read).toMatchObject({ id: event.id, type: 'happened', data: { id: 'åäö' }, metadata: { by: 'someone' } });
      expect(Math.abs(Date.now() - (read?.created.getTime() ?? 0))).toBeLessThan(60_000);
      expect(read?.position?.commit).toBe(commitPosition);
    }
  });
});

describe('the whole log', () => {
  test('P7 has positions that rise, and is read from one of them on, or back from before it', async () => {
    const { client } = connected();
    const stream = aStream();
    const { position } = await append(client, stream, 'no_stream', events(3));
    if (!position) throw new Error('a position');
    await append(client, aStream(), 'no_stream', events(2));
    const positions: bigint[] = [];
    for await (const { event } of client.readAll({ fromPosition: position, maxCount: 3 }))
      positions.push(event?.position?.commit ?? 0n);
    expect(positions).toHaveLength(3);
    expect(positions[0]).toBe(position.commit);
    expect([...positions].sort((a, b) => Number(a - b))).toEqual(positions);
    const back: number[] = [];
    for await (const { event } of client.readAll({ fromPosition: position, direction: 'backwards', maxCount: 2 }))
      back.push(Number(event?.revision));
    expect(back).toEqual([1, 0]);
  });

  test('cannot be read at a place where nothing begins, unless that is behind the beginning of the last event', async () => {
    const { client } = connected();
    const { position } = await append(client, aStream(), 'no_stream', events(2));
    const commit = (position?.commit ?? 0n) + 1n;
    const read = async () => {
      for await (const _event of client.readAll({ fromPosition: { commit, prepare: commit }, maxCount: 1 }));
    };
    expect(await outcomeOf(read())).toBe('fine');
    await append(client, aStream(), 'no_stream');
    expect(await outcomeOf(read())).toBe('unknown');
  });

  test('shows a tombstone as an event of its own, and what was before it until a scavenge', async () => {
    const { client } = connected();
    const family = `family-${randomUUID()}`;
    await append(client, `${family}-1`, 'no_stream', events(2));
    await client.tombstoneStream(`${family}-1`);
    const following = follow(family);
    await until(() => following.received.length === 3);
    expect(following.received.map(({ event }) => event?.type)).toEqual(['happened', 'happened', '$streamDeleted']);
    expect(following.received[2]?.event?.revision).toBe(9223372036854775807n);
    await following.subscription.unsubscribe();
  });
});

describe('a subscription to everything, with a filter', () => {
  test('gives what was and what comes, in order, each once', async () => {
    const family = `family-${randomUUID()}`;
    const before = await aHistory(family, 20);
    const following = follow(family);
    await until(() => following.told.includes('caughtUp'));
    expect(following.ids()).toEqual(before);
    const after = await aHistory(family, 20);
    await until(() => following.received.length === 40);
    expect(following.ids()).toEqual([...before, ...after]);
    expect(following.told).toEqual(['confirmation', 'caughtUp']);
    await following.subscription.unsubscribe();
  });

  test('goes on from the position of any of its events without loss or repetition', async () => {
    const family = `family-${randomUUID()}`;
    const ids = await aHistory(family, 24);
    const all = follow(family);
    await until(() => all.received.length === 24);
    await all.subscription.unsubscribe();
    for (const index of [0, 7, 8, 22, 23]) {
      const following = follow(family, all.received[index]?.event?.position);
      await until(() => following.told.includes('caughtUp'));
      await until(() => following.received.length >= 23 - index);
      expect(following.ids()).toEqual(ids.slice(index + 1));
      await following.subscription.unsubscribe();
    }
  });

  test('goes on from any of its checkpoints without loss', async () => {
    const family = `family-${randomUUID()}`;
    const ids = await aHistory(family, 24);
    const checkpoints: Position[] = [];
    const all = follow(family, 'start', checkpoints);
    await until(() => all.received.length === 24);
    await aHistory(family, 3);
    await until(() => all.received.length === 27);
    await all.subscription.unsubscribe();
    expect(checkpoints.length).toBeGreaterThan(3);
    for (const checkpoint of checkpoints.slice(-6)) {
      const position = (index: number): bigint => all.received[index]?.event?.position?.commit ?? 0n;
      const missing = ids.filter((_id, index) => position(index) > checkpoint.commit);
      const following = follow(family, checkpoint);
      await until(() => missing.every((id) => following.ids().includes(id)));
      await following.subscription.unsubscribe();
    }
  });

  test('gives only what comes when it begins at the end', async () => {
    const family = `family-${randomUUID()}`;
    await aHistory(family, 3);
    const following = follow(family, 'end');
    await until(() => following.told.includes('caughtUp'));
    await pause(20);
    const ids = await aHistory(family, 3);
    await until(() => following.received.length >= 3);
    expect(following.ids()).toEqual(ids);
    await following.subscription.unsubscribe();
  });

  test('chooses by pattern, or by type', async () => {
    const { client } = connected();
    const family = `family-${randomUUID()}`;
    await aHistory(family, 8);
    const filters = [
      streamNameFilter({ regex: `^${family}-[12]$` }),
      eventTypeFilter({ prefixes: [`type-${family}`] }),
      eventTypeFilter({ regex: `^type-${family}$` }),
    ];
    const typed = events(1).map((event) => ({ ...event, type: `type-${family}` }));
    await append(client, aStream(), 'any', typed);
    const followings = filters.map((filter) => {
      const subscription = client.subscribeToAll({ filter });
      return { ...collecting(subscription), subscription };
    });
    await until(() => followings.every(({ told }) => told.includes('caughtUp')));
    expect(followings.map(({ received }) => received.length)).toEqual([4, 1, 1]);
    for (const { subscription } of followings) await subscription.unsubscribe();
  });
});

describe('a subscription to a stream', () => {
  test('begins after a revision, waits for a stream that is not there, and ends when the stream is tombstoned', async () => {
    const { client } = connected();
    const stream = aStream();
    const early = collecting(client.subscribeToStream(stream));
    await until(() => early.told.includes('confirmation'));
    await append(client, stream, 'no_stream', events(3));
    await until(() => early.received.length === 3);
    const late = collecting(client.subscribeToStream(stream, { fromRevision: 1n }));
    await until(() => late.told.includes('caughtUp'));
    expect(late.revisions()).toEqual([2]);
    await client.tombstoneStream(stream);
    await until(() => late.ended.length === 1 && early.ended.length === 1);
    expect(late.ended).toEqual(['stream-deleted']);
    expect(late.received.map(({ event }) => event?.type)).toEqual(['happened', '$streamDeleted']);
  });
});
