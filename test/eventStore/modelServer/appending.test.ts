import { randomUUID } from 'node:crypto';
import { WrongExpectedVersionError } from '@eventstore/db-client';
import { describe, expect, test } from 'vitest';
import { append, aStream, credentials, events, kindOf, outcomeOf, revisionsIn } from './clients.ts';
import { connectedForTests } from './connected.ts';

const connected = connectedForTests();

/** Revision and position of an append that must succeed. */
const written = async (...of: Parameters<typeof append>) => {
  const { success, nextExpectedRevision, position } = await append(...of);
  return { success, revision: Number(nextExpectedRevision), commit: position?.commit };
};

const conflict = async (...of: Parameters<typeof append>): Promise<unknown> => {
  try {
    return await append(...of);
  } catch (error) {
    return error instanceof WrongExpectedVersionError ? `${error.actualVersion}` : kindOf(error);
  }
};

describe('an append that expects a revision', () => {
  test('is taken exactly after it, and nowhere else', async () => {
    const { client } = connected();
    const stream = aStream();
    expect(await conflict(client, stream, 0n)).toBe('no_stream');
    expect((await written(client, stream, 'no_stream', events(3))).revision).toBe(2);
    expect(await conflict(client, stream, 'no_stream')).toBe('2');
    expect(await conflict(client, stream, 1n)).toBe('2');
    expect(await conflict(client, stream, 3n)).toBe('2');
    expect((await written(client, stream, 2n)).revision).toBe(3);
    expect(await revisionsIn(client, stream)).toEqual([0, 1, 2, 3]);
  });

  test('P4 is a success with the first result when the same ids lie there, however much was written since', async () => {
    const { client, server } = connected();
    const stream = aStream();
    const first = events(2);
    const second = events(2);
    const one = await written(client, stream, 'no_stream', first);
    const two = await written(client, stream, 1n, second);
    await append(client, stream, 3n);
    server?.log.forget();
    expect(await written(client, stream, 'no_stream', first)).toEqual(one);
    expect(await written(client, stream, 1n, second)).toEqual(two);
    expect(await revisionsIn(client, stream)).toEqual([0, 1, 2, 3, 4]);
  });

  test('is a success for the first of several events alone, with the revision of that one', async () => {
    const { client } = connected();
    const stream = aStream();
    const [first, second, third] = events(3);
    if (!first || !second || !third) throw new Error('three events');
    await append(client, stream, 'no_stream', [first, second]);
    expect((await written(client, stream, 'no_stream', [first])).revision).toBe(0);
    expect((await written(client, stream, 0n, [second])).revision).toBe(1);
    // More than was written: the first are there, the last is not.
    expect(await conflict(client, stream, 'no_stream', [first, second, third])).toBe('1');
    expect(await conflict(client, stream, 'no_stream', [first, third])).toBe('1');
    expect(await conflict(client, stream, 'no_stream', [third, second])).toBe('1');
    expect(await revisionsIn(client, stream)).toEqual([0, 1]);
  });

  test('compares ids, and nothing of what the events hold', async () => {
    const { client } = connected();
    const stream = aStream();
    const [event] = events(1);
    if (!event) throw new Error('an event');
    await append(client, stream, 'no_stream', [event]);
    const other = { ...event, data: { id: 'another' }, type: 'something-else' };
    expect((await written(client, stream, 'no_stream', [other])).revision).toBe(0);
  });

  test('takes the id of an event in another stream', async () => {
    const { client } = connected();
    const id = randomUUID();
    expect((await written(client, aStream(), 'no_stream', events(id))).revision).toBe(0);
    expect((await written(client, aStream(), 'no_stream', events(id))).revision).toBe(0);
  });

  test('P3 has one winner when many expect the same', async () => {
    const { client } = connected();
    const stream = aStream();
    const results = await Promise.all(Array.from({ length: 20 }, () => outcomeOf(append(client, stream, 'no_stream'))));
    expect(results.filter((result) => result === 'fine')).toHaveLength(1);
    expect(results.filter((result) => result === 'wrong-expected-version')).toHaveLength(19);
    expect(await revisionsIn(client, stream)).toEqual([0]);
  });
});

describe('an append that expects nothing, or only that there is a stream', () => {
  test('is taken wherever the stream ends', async () => {
    const { client } = connected();
    const stream = aStream();
    expect(await conflict(client, stream, 'stream_exists')).toBe('no_stream');
    expect((await written(client, stream, 'any', events(2))).revision).toBe(1);
    expect((await written(client, stream, 'stream_exists')).revision).toBe(2);
    expect((await written(client, stream, 'any')).revision).toBe(3);
  });

  test('is a success where the server remembers all its ids, and a conflict where it remembers only the first', async () => {
    const { client } = connected();
    const stream = aStream();
    const [first, second, third] = events(3);
    if (!first || !second || !third) throw new Error('three events');
    const one = await written(client, stream, 'any', [first, second]);
    expect(await written(client, stream, 'any', [first, second])).toEqual(one);
    expect(await written(client, stream, 'stream_exists', [first, second])).toEqual(one);
    expect(await conflict(client, stream, 'any', [first, third])).toBe('1');
    expect((await written(client, stream, 'any', [third, first])).revision).toBe(3);
  });

  test.skipIf(process.env.FOLJA_EVENTSTORE)('is written again by a server that has forgotten', async () => {
    const { client, server } = connected();
    const stream = aStream();
    const event = events(1);
    await append(client, stream, 'any', event);
    server?.log.forget();
    expect((await written(client, stream, 'any', event)).revision).toBe(1);
  });
});

describe('a stream that was deleted softly', () => {
  test('is not found, and comes back behind what was in it by whoever expects no stream', async () => {
    const { client } = connected();
    const stream = aStream();
    await append(client, stream, 'no_stream', events(3));
    await client.deleteStream(stream);
    expect(await revisionsIn(client, stream)).toBe('stream-not-found');
    expect(await conflict(client, stream, 'stream_exists')).toBe('stream-deleted');
    expect((await written(client, stream, 'no_stream', events(2))).revision).toBe(4);
    expect(await revisionsIn(client, stream)).toEqual([3, 4]);
    expect((await client.getStreamMetadata(stream)).metadata).toEqual({ truncateBefore: 3 });
  });

  test('is brought back too by who expects its last revision, or nothing', async () => {
    const { client } = connected();
    for (const expected of [1n, 'any'] as const) {
      const stream = aStream();
      await append(client, stream, 'no_stream', events(2));
      await client.deleteStream(stream);
      expect((await written(client, stream, expected)).revision).toBe(2);
      expect(await revisionsIn(client, stream)).toEqual([2]);
    }
  });

  test('takes the same append again as a repetition, without a position', async () => {
    const { client } = connected();
    const stream = aStream();
    const first = events(2);
    await append(client, stream, 'no_stream', first);
    await client.deleteStream(stream);
    expect(await written(client, stream, 'no_stream', first)).toEqual({
      success: true,
      revision: 1,
      commit: undefined,
    });
    expect(await revisionsIn(client, stream)).toBe('stream-not-found');
  });

  test('must exist, and be where it is expected', async () => {
    const { client } = connected();
    const stream = aStream();
    expect(await outcomeOf(client.deleteStream(stream))).toBe('wrong-expected-version');
    await append(client, stream, 'no_stream', events(2));
    expect(await outcomeOf(client.deleteStream(stream, { expectedRevision: 0n }))).toBe('wrong-expected-version');
    expect(await outcomeOf(client.deleteStream(stream, { expectedRevision: 1n }))).toBe('fine');
    expect(await outcomeOf(client.deleteStream(stream))).toBe('fine');
  });
});

describe('a stream that was tombstoned', () => {
  test('takes nothing and gives nothing, ever again', async () => {
    const { client } = connected();
    const stream = aStream();
    const first = events(2);
    await append(client, stream, 'no_stream', first);
    await client.tombstoneStream(stream);
    for (const expected of ['no_stream', 'any', 'stream_exists', 1n, 0n] as const)
      expect(await conflict(client, stream, expected, first)).toBe('stream-deleted');
    expect(await revisionsIn(client, stream)).toBe('stream-deleted');
    expect(await outcomeOf(client.tombstoneStream(stream))).toBe('stream-deleted');
    expect(await outcomeOf(client.deleteStream(stream))).toBe('stream-deleted');
    expect(await outcomeOf(client.getStreamMetadata(stream))).toBe('stream-deleted');
    expect(await outcomeOf(client.setStreamMetadata(stream, { maxCount: 1 }, { credentials }))).toBe('stream-deleted');
  });

  test('need not have existed, and may have been deleted before', async () => {
    const { client } = connected();
    const [never, deleted, here] = [aStream(), aStream(), aStream()];
    expect(await outcomeOf(client.tombstoneStream(never))).toBe('fine');
    expect(await conflict(client, never, 'no_stream')).toBe('stream-deleted');
    await append(client, deleted, 'no_stream');
    await client.deleteStream(deleted);
    expect(await outcomeOf(client.tombstoneStream(deleted))).toBe('fine');
    await append(client, here, 'no_stream');
    expect(await outcomeOf(client.tombstoneStream(here, { expectedRevision: 3n }))).toBe('wrong-expected-version');
    expect(await outcomeOf(client.tombstoneStream(here, { expectedRevision: 'no_stream' }))).toBe(
      'wrong-expected-version',
    );
    expect(await outcomeOf(client.tombstoneStream(here, { expectedRevision: 0n }))).toBe('fine');
  });
});

describe('an append that is too large', () => {
  test('is refused as a whole, by the size of its data alone', async () => {
    const { client } = connected();
    const stream = aStream();
    const large = events(2).map((event) => ({ ...event, data: { id: 'x'.repeat(600_000) } }));
    expect(await conflict(client, stream, 'no_stream', large)).toBe('maximum-append-size-exceeded');
    expect(await revisionsIn(client, stream)).toBe('stream-not-found');
    const metadata = { text: 'x'.repeat(1_200_000) };
    const heavy = events(1).map((event) => ({ ...event, metadata }));
    expect((await written(client, stream, 'no_stream', heavy)).revision).toBe(0);
  });
});

describe('an append without events', () => {
  test('says where the stream is', async () => {
    const { client } = connected();
    const stream = aStream();
    await append(client, stream, 'no_stream', events(2));
    expect((await written(client, stream, 1n, [])).revision).toBe(1);
    expect(await conflict(client, stream, 0n, [])).toBe('1');
  });
});
