import { createServer } from 'node:net';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { connectTo } from '../../../src/eventStore/eventStoreDb/connection.ts';
import { aStream, clientOf } from '../modelServer/clients.ts';
import type { CallFault, Rpc } from '../modelServer/faults.ts';
import type { ModelServer } from '../modelServer/modelServer.ts';
import { aRecord, nothingUncaught, timed, withModel } from './driverBuilders.ts';

nothingUncaught();

const deadline = 600;
/** Long after the deadline of a call, and long before anything else would end it. */
const muchLater = 5000;
const unknown = { kind: 'unknown' };
const notNow = { kind: 'unavailable', retry: true };
const notEver = { kind: 'unavailable', retry: false };
const late = 2 * deadline;

const here = ({ port }: ModelServer) => ({ host: '127.0.0.1', port });

describe('F17 an append that meets a fault', () => {
  test.each<{ fault: CallFault | 'not-leader'; outcome: object; isDone: boolean }>([
    { fault: { kind: 'cut-before-commit' }, outcome: unknown, isDone: false },
    { fault: { kind: 'cut-after-commit' }, outcome: unknown, isDone: true },
    { fault: { kind: 'silence' }, outcome: unknown, isDone: false },
    { fault: { kind: 'commit-in-silence' }, outcome: unknown, isDone: true },
    { fault: { kind: 'commit-late', ms: late }, outcome: unknown, isDone: false },
    { fault: { kind: 'answer-late', ms: late }, outcome: unknown, isDone: true },
    { fault: { kind: 'delay', ms: late }, outcome: unknown, isDone: false },
    { fault: { kind: 'timeout' }, outcome: unknown, isDone: false },
    { fault: { kind: 'access-denied' }, outcome: notEver, isDone: false },
    { fault: 'not-leader', outcome: notNow, isDone: false },
    { fault: { kind: 'no-leader-known' }, outcome: notNow, isDone: false },
    { fault: { kind: 'unavailable' }, outcome: notNow, isDone: false },
  ])('P5 settles in time, and is done once when it is made again: $fault', async ({ fault, outcome, isDone }) => {
    await withModel(deadline, async (cluster, server) => {
      const stream = aStream();
      const [before, record] = [aRecord(), aRecord()];
      while ((await cluster.append(stream, -1, [before])).kind !== 'committed');
      const planned = fault === 'not-leader' ? ({ kind: fault, ...here(server) } as const) : fault;
      server.faults.next({ rpc: 'Append', stream, fault: planned });
      const { value, ms } = await timed(cluster.append(stream, 0, [record]));
      expect(value).toEqual(outcome);
      expect(ms).toBeLessThan(muchLater);
      expect(server.faults.happened).toEqual([{ rpc: 'Append', stream, fault: planned.kind }]);
      const written = server.log.records().filter((one) => one.stream === stream);
      expect(written).toHaveLength(isDone ? 2 : 1);
      const again = { kind: 'committed', revision: 1 };
      expect(await cluster.append(stream, 0, [record])).toEqual(again);
      await new Promise((resolve) => setTimeout(resolve, planned.kind.endsWith('late') ? late : 0));
      const found = await cluster.read(stream);
      expect(E.isRight(found) && found.right.map(({ id }) => id)).toEqual([before.id, record.id]);
    });
  });

  test('P5 leaves the appends beside it alone', async () => {
    await withModel(deadline, async (cluster, server) => {
      const streams = Array.from({ length: 20 }, () => aStream());
      while ((await cluster.append(aStream(), -1, [aRecord()])).kind !== 'committed');
      server.faults.next({ rpc: 'Append', stream: streams[7] ?? '', fault: { kind: 'commit-in-silence' } });
      server.faults.next({ rpc: 'Append', stream: streams[11] ?? '', fault: { kind: 'timeout' } });
      const outcomes = await Promise.all(streams.map((stream) => cluster.append(stream, -1, [aRecord()])));
      expect(server.faults.happened).toHaveLength(2);
      expect(outcomes.map(({ kind }) => kind)).toEqual(
        streams.map((_, index) => (index === 7 || index === 11 ? 'unknown' : 'committed')),
      );
    });
  });
});

type Cluster = Parameters<Parameters<typeof withModel>[1]>[0];
type Ask = {
  readonly what: string;
  readonly rpc: Rpc;
  readonly ask: (cluster: Cluster, stream: string, server: ModelServer) => Promise<E.Either<unknown, unknown>>;
};

const questions: readonly Ask[] = [
  { what: 'read', rpc: 'Read', ask: (cluster, stream) => cluster.read(stream) },
  { what: 'last', rpc: 'Read', ask: (cluster, stream) => cluster.last(stream) },
  { what: 'tombstone', rpc: 'Tombstone', ask: (cluster, stream) => cluster.tombstone(stream) },
  { what: 'truncate', rpc: 'Read', ask: (cluster, stream) => cluster.truncate(stream, 1) },
  { what: 'addGroup', rpc: 'CreateGroup', ask: (cluster, stream) => cluster.addGroup(stream, ['program-']) },
  { what: 'members', rpc: 'Gossip', ask: (cluster) => cluster.members() },
  { what: 'scavenging', rpc: 'Read', ask: (cluster, stream) => cluster.scavenging(stream) },
  {
    what: 'scavenge',
    rpc: 'StartScavenge',
    ask: (cluster, _, server) => cluster.scavenge({ ...here(server), isAlive: true, isLeader: true }),
  },
];

describe.each(questions)('F17 the call $what', ({ what, rpc, ask }) => {
  test('settles in time where nobody answers', async () => {
    await withModel(deadline, async (cluster, server) => {
      server.faults.next({ rpc, fault: { kind: 'silence' } });
      const { value, ms } = await timed(ask(cluster, aStream(), server));
      expect(server.faults.happened.map(({ fault }) => fault)).toEqual(['silence']);
      expect(value).toEqual(E.left(notNow));
      expect(ms).toBeLessThan(muchLater);
      expect(E.isRight(await ask(cluster, aStream(), server))).toBe(true);
    });
  });

  test('is made again after what passes by, until its time is over', async () => {
    await withModel(5000, async (cluster, server) => {
      const faults: readonly CallFault[] = [
        { kind: 'cut-before-commit' },
        { kind: 'unavailable' },
        { kind: 'no-leader-known' },
        // What was begun and not answered is not ours to follow: the next attempt would meet it.
        { kind: what === 'scavenge' ? 'timeout' : 'cut-after-commit' },
      ];
      for (const fault of faults) server.faults.next({ rpc, fault });
      expect(E.isRight(await ask(cluster, aStream(), server))).toBe(true);
      expect(server.faults.happened.map(({ fault }) => fault)).toEqual(faults.map(({ kind }) => kind));
    });
  });

  test('is not made again where it is not allowed', async () => {
    await withModel(5000, async (cluster, server) => {
      server.faults.next({ rpc, fault: { kind: 'access-denied' } });
      expect(await ask(cluster, aStream(), server)).toEqual(E.left(notEver));
      expect(server.faults.happened).toHaveLength(1);
      expect(server.calls[rpc]).toBe(1);
    });
  });
});

describe('F17 an answer that never comes', () => {
  test('keeps a call of the client waiting that is made without a bound', async () => {
    await withModel(deadline, async (_, server) => {
      server.faults.next({ rpc: 'Read', fault: { kind: 'silence' } });
      const bare = clientOf(server.connection);
      const reading = bare.readStream(aStream());
      const ended = new Promise((resolve) => reading.on('end', resolve).on('error', resolve));
      const patience = new Promise((resolve) => setTimeout(() => resolve('waits'), 3 * deadline));
      expect(await Promise.race([ended, patience])).toBe('waits');
      expect(server.faults.happened).toHaveLength(1);
      await reading.cancel();
      await bare.dispose();
    });
  });
});

describe('F17 a cluster that cannot be reached', () => {
  const callsOf = async (connection: string) => {
    const cluster = await connectTo(connection, { deadline });
    const appended = await timed(cluster.append(aStream(), -1, [aRecord()]));
    const read = await timed(cluster.read(aStream()));
    const closed = await timed(cluster.close());
    expect(Math.max(appended.ms, read.ms, closed.ms)).toBeLessThan(muchLater);
    expect(read.value).toEqual(E.left(notNow));
    return appended.value;
  };

  test('did not take an append where nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await new Promise((resolve) => server.close(resolve));
    expect(await callsOf(`esdb://127.0.0.1:${port}?tls=false`)).toEqual(notNow);
    expect(await callsOf(`esdb://127.0.0.1:${port},localhost:${port}?tls=false`)).toEqual(notNow);
    expect(await callsOf(`esdb+discover://127.0.0.1:${port}?tls=false&maxDiscoverAttempts=1`)).toEqual(notNow);
  });

  test.each([
    { how: 'says nothing', answer: '' },
    { how: 'speaks another language', answer: 'HTTP/1.1 400 Bad Request\r\n\r\n' },
  ])('may have taken an append where a server $how', async ({ answer }) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      if (answer !== '') socket.end(answer);
    });
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    expect(['unknown', 'unavailable']).toContain((await callsOf(`esdb://127.0.0.1:${port}?tls=false`)).kind);
    expect(await callsOf(`esdb://127.0.0.1:${port},127.0.0.1:${port}?tls=false`)).toEqual(notNow);
    server.close();
  });
});
