import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { connectTo } from '../../../src/eventStore/eventStoreDb/connection.ts';
import { aStream, clientOf, credentials } from '../modelServer/clients.ts';
import { aRecord, drivenForTests, nothingUncaught, realServer, someRecords, timed } from './driverBuilders.ts';

const driven = drivenForTests();
nothingUncaught();

const idsIn = async (stream: string, options: Parameters<ReturnType<typeof driven>['cluster']['read']>[1] = {}) => {
  const found = await driven().cluster.read(stream, options);
  return E.isRight(found) ? found.right.map(({ id }) => id) : found.left;
};

describe('a stream of a cluster', () => {
  test('P3 takes records at the revision that is expected, and tells where it is when it is elsewhere', async () => {
    const { cluster } = driven();
    const stream = aStream();
    const [first, second, other] = [aRecord(), aRecord(), aRecord()];
    expect(await cluster.append(stream, 0, [first])).toEqual({ kind: 'conflict', actual: -1 });
    expect(await cluster.append(stream, -1, [first])).toEqual({ kind: 'committed', revision: 0 });
    expect(await cluster.append(stream, -1, [other])).toEqual({ kind: 'conflict', actual: 0 });
    expect(await cluster.append(stream, 0, [second])).toEqual({ kind: 'committed', revision: 1 });
    expect(await cluster.append(stream, 7, [other])).toEqual({ kind: 'conflict', actual: 1 });
    expect(await idsIn(stream)).toEqual([first.id, second.id]);
  });

  test('P4 gives the same answer to the same records, however much has come since', async () => {
    const { cluster } = driven();
    const stream = aStream();
    const records = someRecords(3);
    expect(await cluster.append(stream, -1, records)).toEqual({ kind: 'committed', revision: 2 });
    expect(await cluster.append(stream, 'any', someRecords(4))).toEqual({ kind: 'committed', revision: 6 });
    expect(await cluster.append(stream, -1, records)).toEqual({ kind: 'committed', revision: 2 });
    expect(await idsIn(stream)).toHaveLength(7);
  });

  test('P1 takes all records of an append or none', async () => {
    const { cluster } = driven();
    const stream = aStream();
    const first = aRecord();
    await cluster.append(stream, -1, [first]);
    expect(await cluster.append(stream, -1, [aRecord(), aRecord()])).toMatchObject({ kind: 'conflict' });
    expect(await idsIn(stream)).toEqual([first.id]);
  });

  test('gives records in order, from a revision on and so many as are asked for', async () => {
    const { cluster } = driven();
    const stream = aStream();
    const ids = someRecords(5);
    await cluster.append(stream, -1, ids);
    const all = ids.map(({ id }) => id);
    expect(await idsIn(stream)).toEqual(all);
    expect(await idsIn(stream, { from: 2 })).toEqual(all.slice(2));
    expect(await idsIn(stream, { from: 1, limit: 2 })).toEqual(all.slice(1, 3));
    expect(await idsIn(stream, { from: 9 })).toEqual([]);
    expect(await idsIn(stream, { limit: 0 })).toEqual([]);
    expect(await cluster.last(stream)).toMatchObject({ right: { id: all[4], revision: 4 } });
  });

  test('that does not exist holds nothing', async () => {
    const { cluster } = driven();
    expect(await cluster.read(aStream())).toEqual(E.right([]));
    expect(await cluster.last(aStream())).toEqual(E.right(undefined));
  });

  test.each<{ data: unknown }>([
    { data: {} },
    { data: 'text with åäö, "quotes" and \u2028' },
    { data: [1, null, { deep: [true] }] },
    { data: null },
    { data: 0 },
    { data: { number: 1.5e-7, empty: '' } },
  ])('gives back what was written: $data', async ({ data }) => {
    const { cluster } = driven();
    const stream = aStream();
    const record = { ...aRecord(data), metadata: { folja: 1, of: { some: ['thing'] } } };
    await cluster.append(stream, -1, [record]);
    const found = await cluster.last(stream);
    expect(found).toMatchObject({ right: { ...record, stream, revision: 0 } });
    if (E.isRight(found)) expect(typeof found.right?.place.commit).toBe('bigint');
  });

  test('gives bytes that are no JSON as nothing', async () => {
    const { cluster, connection } = driven();
    const stream = aStream();
    const bare = clientOf(connection);
    const bytes = Uint8Array.from([0xff, 0x00]);
    const event = { id: randomUUID(), type: 'foreign', data: bytes, metadata: bytes } as const;
    await bare.appendToStream(stream, { ...event, contentType: 'application/octet-stream' }, { credentials });
    await bare.dispose();
    const found = await cluster.read(stream);
    expect(found).toMatchObject({ right: [{ type: 'foreign', data: undefined, metadata: undefined }] });
  });

  test('is ended for ever by a tombstone, whether it was there or not', async () => {
    const { cluster } = driven();
    const gone = { kind: 'gone' };
    for (const stream of [aStream(), aStream('keys')]) {
      if (stream.startsWith('program')) await cluster.append(stream, -1, [aRecord()]);
      expect(await cluster.tombstone(stream)).toEqual(E.right(undefined));
      expect(await cluster.tombstone(stream)).toEqual(E.right(undefined));
      expect(await cluster.append(stream, -1, [aRecord()])).toEqual(gone);
      expect(await cluster.append(stream, 'any', [aRecord()])).toEqual(gone);
      expect(await cluster.read(stream)).toEqual(E.left(gone));
      expect(await cluster.last(stream)).toEqual(E.left(gone));
    }
  });

  test('begins where it was truncated, and never further back', async () => {
    const { cluster } = driven();
    const stream = aStream();
    const ids = someRecords(6).map((record) => record.id);
    await cluster.append(
      stream,
      -1,
      ids.map((id) => ({ ...aRecord(), id })),
    );
    expect(await Promise.all([cluster.truncate(stream, 3), cluster.truncate(stream, 4)])).toEqual([
      E.right(undefined),
      E.right(undefined),
    ]);
    expect(await cluster.truncate(stream, 2)).toEqual(E.right(undefined));
    expect(await idsIn(stream)).toEqual(ids.slice(4));
    expect(await cluster.append(stream, 5, [aRecord()])).toEqual({ kind: 'committed', revision: 6 });
  });

  test('keeps what else was said of it when it is truncated', async () => {
    const { cluster, connection } = driven();
    const stream = aStream();
    await cluster.append(stream, -1, someRecords(4));
    const bare = clientOf(connection);
    await bare.setStreamMetadata(stream, { maxCount: 100, note: 'kept' }, { credentials });
    await bare.dispose();
    await cluster.truncate(stream, 2);
    const metadata = await cluster.last(`$$${stream}`);
    expect(metadata).toMatchObject({ right: { data: { $maxCount: 100, note: 'kept', $tb: 2 } } });
  });

  test('does not take more than a server allows at once', async () => {
    const { cluster } = driven();
    const stream = aStream();
    const tooLarge = aRecord('x'.repeat(1_100_000));
    expect(await cluster.append(stream, -1, [tooLarge])).toEqual({ kind: 'unavailable', retry: false });
    expect(await idsIn(stream)).toEqual([]);
    const large = aRecord('x'.repeat(1_000_000));
    expect(await cluster.append(stream, -1, [large])).toEqual({ kind: 'committed', revision: 0 });
    expect(await idsIn(stream)).toEqual([large.id]);
  });
});

const circular: { self?: unknown } = {};
circular.self = circular;

describe('records that are no JSON', () => {
  test.each([{ data: undefined }, { data: 1n }, { data: circular }, { data: () => 1 }])(
    'are not sent: %s',
    async ({ data }) => {
      const { cluster } = driven();
      const stream = aStream();
      const refused = { kind: 'unavailable', retry: false };
      expect(await cluster.append(stream, -1, [aRecord(), { ...aRecord(), data }])).toEqual(refused);
      expect(await cluster.append(stream, -1, [{ ...aRecord(), metadata: data }])).toEqual(refused);
      expect(await idsIn(stream)).toEqual([]);
    },
  );
});

describe.skipIf(realServer !== undefined)('the way of an append', () => {
  test('P5 is never that of batches, which the client takes when it is left to itself', async () => {
    const { cluster, server, connection } = driven();
    const { calls } = server();
    const before = { ...calls };
    await cluster.append(aStream(), -1, [aRecord()]);
    await cluster.append(aStream(), 'any', [aRecord()]);
    await cluster.truncate(aStream(), 1);
    expect(calls.Append - before.Append).toBe(3);
    expect(calls.BatchAppend).toBe(before.BatchAppend);
    const bare = clientOf(connection);
    const event = { id: randomUUID(), type: 'tried', contentType: 'application/json', data: {}, metadata: {} } as const;
    await bare.appendToStream(aStream(), event);
    await bare.dispose();
    expect(calls.BatchAppend).toBe(before.BatchAppend + 1);
  });
});

describe('a connection that was closed', () => {
  test('gives answers at once, and none of them from a server', async () => {
    const { connection } = driven();
    const cluster = await connectTo(connection, { deadline: 60_000 });
    await cluster.append(aStream(), -1, [aRecord()]);
    const { ms } = await timed(Promise.all([cluster.close(), cluster.close()]));
    expect(ms).toBeLessThan(5000);
    const refused = { kind: 'unavailable', retry: false };
    const answers = await timed(
      Promise.all([
        cluster.append(aStream(), -1, [aRecord()]),
        ...[cluster.read(aStream()), cluster.last(aStream()), cluster.tombstone(aStream())],
        ...[cluster.truncate(aStream(), 1), cluster.addGroup('g', ['x-']), cluster.members()],
        ...[cluster.scavenge({ host: '127.0.0.1', port: 1, isAlive: true, isLeader: true }), cluster.scavenging('x')],
      ]),
    );
    expect(answers.value).toEqual([refused, ...Array.from({ length: 8 }, () => E.left(refused))]);
    expect(answers.ms).toBeLessThan(1000);
  });
});
