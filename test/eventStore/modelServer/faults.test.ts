import { streamNameFilter } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  append,
  aStream,
  clientOf,
  collecting,
  credentials,
  events,
  outcomeOf,
  pause,
  revisionsIn,
  until,
} from './clients.ts';
import type { CallFault, Fault, Rpc } from './faults.ts';
import { type ModelServer, modelServer } from './modelServer.ts';

let server: ModelServer;
let client: ReturnType<typeof clientOf>;

beforeEach(async () => {
  server = await modelServer();
  client = clientOf(server.connection);
  // The connection is there before anything is to go wrong within a short time.
  await append(client, aStream('warm'), 'no_stream');
  server.calls.Append = 0;
});

afterEach(async () => {
  await client.dispose();
  await server.close();
  expect(server.errors).toEqual([]);
});

const happened = (): readonly string[] => server.faults.happened.map(({ rpc, fault }) => `${rpc} ${fault}`);
const inLog = (stream: string): number => server.log.lastOf(stream) + 1;

const proposed = (count: number) =>
  events(count).map(({ id, type, data }) => ({
    id,
    type,
    isJson: true,
    data: Buffer.from(JSON.stringify(data)),
    metadata: Buffer.alloc(0),
  }));

const appendWithin = (stream: string, ms: number) =>
  client.appendToStream(stream, events(1), { expectedRevision: 'no_stream', credentials, deadline: ms });

describe('an append that something goes wrong with', () => {
  test.each<[fault: CallFault, outcome: string, isWritten: boolean]>([
    [{ kind: 'cut-before-commit' }, 'unavailable', false],
    [{ kind: 'cut-after-commit' }, 'unavailable', true],
    [{ kind: 'silence' }, 'deadline-exceeded', false],
    [{ kind: 'commit-in-silence' }, 'deadline-exceeded', true],
    [{ kind: 'commit-late', ms: 20 }, 'fine', true],
    [{ kind: 'answer-late', ms: 20 }, 'fine', true],
    [{ kind: 'delay', ms: 20 }, 'fine', true],
    [{ kind: 'not-leader', host: '127.0.0.1', port: 1 }, 'not-leader', false],
    [{ kind: 'no-leader-known' }, 'unknown', false],
    [{ kind: 'unavailable' }, 'unavailable', false],
    [{ kind: 'timeout' }, 'timeout', false],
    [{ kind: 'access-denied' }, 'access-denied', false],
  ])('ends as it should: %o is %s', async (fault, outcome, isWritten) => {
    const stream = aStream();
    server.faults.next({ rpc: 'Append', fault });
    expect(await outcomeOf(appendWithin(stream, fault.kind.includes('silence') ? 150 : 5_000))).toBe(outcome);
    expect(inLog(stream)).toBe(isWritten ? 1 : 0);
    expect(happened()).toEqual([`Append ${fault.kind}`]);
    expect(server.calls.Append).toBe(1);
  });

  test.each<[fault: CallFault, before: number, after: number]>([
    [{ kind: 'commit-late', ms: 250 }, 0, 1],
    [{ kind: 'answer-late', ms: 250 }, 1, 1],
    [{ kind: 'delay', ms: 250 }, 0, 0],
  ])('is written although its caller has gone, or not, as the plan says: %o', async (fault, before, after) => {
    const stream = aStream();
    server.faults.next({ rpc: 'Append', fault });
    const outcome = outcomeOf(appendWithin(stream, 150));
    await until(() => server.faults.happened.length === 1);
    expect(inLog(stream)).toBe(before);
    expect(await outcome).toBe('deadline-exceeded');
    await pause(150);
    await until(() => inLog(stream) === after);
  });

  test('is the one that the plan names: so many, of one stream', async () => {
    server.faults.next({ rpc: 'Append', stream: 'keys-', times: 2, fault: { kind: 'access-denied' } });
    expect(server.faults.waiting()).toBe(2);
    const outcomes: string[] = [];
    for (const prefix of ['keys', 'flesh', 'keys', 'keys'])
      outcomes.push(await outcomeOf(append(client, aStream(prefix), 'no_stream')));
    expect(outcomes).toEqual(['access-denied', 'fine', 'access-denied', 'fine']);
    expect(server.faults.happened.every(({ stream }) => stream.startsWith('keys-'))).toBe(true);
    server.faults.next({ rpc: 'any', fault: { kind: 'unavailable' } });
    server.faults.clear();
    expect(await outcomeOf(append(client, aStream(), 'no_stream'))).toBe('fine');
  });

  test('P4 can be repeated after each of them, and is there once', async () => {
    const kinds: readonly CallFault[] = [
      { kind: 'cut-before-commit' },
      { kind: 'cut-after-commit' },
      { kind: 'commit-in-silence' },
      { kind: 'silence' },
    ];
    for (const fault of kinds) {
      const stream = aStream();
      const event = events(1);
      server.faults.next({ rpc: 'Append', fault });
      const options = { expectedRevision: 'no_stream', credentials, deadline: 150 } as const;
      expect(await outcomeOf(client.appendToStream(stream, event, options))).not.toBe('fine');
      let outcome = '';
      for (let tries = 0; outcome !== 'fine' && tries < 20; tries += 1)
        outcome = await outcomeOf(client.appendToStream(stream, event, { ...options, deadline: 5_000 }));
      expect(outcome).toBe('fine');
      expect(await revisionsIn(client, stream)).toEqual([0]);
    }
    expect(server.faults.happened).toHaveLength(4);
  });
});

const readThrough = async (stream: string): Promise<void> => {
  for await (const _event of client.readStream(stream));
};

describe('any other call that something goes wrong with', () => {
  test.each<[rpc: Rpc, call: (stream: string) => Promise<unknown>]>([
    ['Read', (stream) => readThrough(stream)],
    ['Delete', (stream) => client.deleteStream(stream)],
    ['Tombstone', (stream) => client.tombstoneStream(stream)],
    ['GroupInfo', () => client.getPersistentSubscriptionToAllInfo('no-group')],
    ['DeleteGroup', () => client.deletePersistentSubscriptionToAll('no-group')],
  ])('%s is refused, and then answered', async (rpc, call) => {
    const stream = aStream();
    await append(client, stream, 'no_stream');
    server.faults.next({ rpc, fault: { kind: 'access-denied' } });
    expect(await outcomeOf(call(stream))).toBe('access-denied');
    expect(await outcomeOf(call(stream))).not.toBe('access-denied');
    expect(happened()).toEqual([`${rpc} access-denied`]);
    expect(server.calls[rpc]).toBe(2);
  });

  test('Features can be refused, and the client asks again', async () => {
    server.faults.next({ rpc: 'Features', fault: { kind: 'unavailable' } });
    expect(await outcomeOf(client.appendToStream(aStream(), events(1)))).toContain('UNAVAILABLE');
    expect(await outcomeOf(client.appendToStream(aStream(), events(1)))).toBe('fine');
    expect(happened()).toEqual(['Features unavailable']);
  });
});

describe('a running subscription that something goes wrong with', () => {
  const filter = streamNameFilter({ prefixes: ['program-'] });
  const follow = () => collecting(client.subscribeToAll({ filter }));
  const running = async (fault: Fault) => {
    const following = follow();
    await until(() => following.told.includes('caughtUp'));
    const stream = aStream();
    server.faults.next({ rpc: 'Subscribe', stream: '$all', fault });
    await append(client, stream, 'no_stream', events(3));
    return following;
  };

  test.each<[fault: Fault, revisions: readonly number[], ended: readonly string[]]>([
    [{ kind: 'drop', after: 2 }, [0, 1], ['timeout']],
    [{ kind: 'drop', after: 0 }, [], ['timeout']],
    [{ kind: 'cut', after: 0 }, [], ['unavailable']],
    [{ kind: 'stall', after: 1 }, [0], []],
    [{ kind: 'twice', after: 1 }, [0, 1, 1, 2], []],
  ])('ends as it should: %o gives %o', async (fault, revisions, ended) => {
    const following = follow();
    await until(() => following.told.includes('caughtUp'));
    server.faults.next({ rpc: 'Subscribe', stream: '$all', fault });
    // Not through a client: all clients of a process share one connection to a server, and lose it together.
    server.log.append(aStream(), 'no_stream', proposed(3));
    await until(() => server.faults.happened.length === 1 && following.ended.length === ended.length);
    await pause(30);
    expect(following.revisions()).toEqual(revisions);
    expect(following.ended).toEqual(ended);
    expect(happened()).toEqual([`Subscribe ${fault.kind}`]);
  });

  test('is befallen at once by a fault that waits for no event', async () => {
    const following = follow();
    await until(() => following.told.includes('caughtUp'));
    server.faults.next({ rpc: 'Subscribe', fault: { kind: 'drop', after: 0 } });
    await until(() => following.ended.length === 1);
    expect(following.received).toEqual([]);
  });

  test('loses nothing when it goes on where it was: without that, it does', async () => {
    const first = await running({ kind: 'drop', after: 1 });
    await until(() => first.ended.length === 1);
    const position = first.received.at(-1)?.event?.position ?? 'start';
    const second = collecting(client.subscribeToAll({ filter, fromPosition: position }));
    await until(() => second.told.includes('caughtUp'));
    expect([...first.revisions(), ...second.revisions()]).toEqual([0, 1, 2]);
    const careless = collecting(client.subscribeToAll({ filter, fromPosition: 'end' }));
    await until(() => careless.told.includes('caughtUp'));
    expect([...first.revisions(), ...careless.revisions()]).toEqual([0]);
  });
});

describe('a server', () => {
  test('cuts all connections at once, and takes new ones', async () => {
    const following = collecting(client.subscribeToAll());
    await until(() => following.told.includes('caughtUp'));
    server.cutAll();
    await until(() => following.ended.length === 1);
    expect(following.ended).toEqual(['unavailable']);
    let outcome = '';
    for (let tries = 0; outcome !== 'fine' && tries < 5; tries += 1)
      outcome = await outcomeOf(append(client, aStream(), 'any'));
    expect(outcome).toBe('fine');
  });

  test('starts again on its port with what it had, but for ids that nothing but memory held', async () => {
    const stream = aStream();
    const event = events(1);
    await append(client, stream, 'no_stream', event);
    await server.close();
    expect(await outcomeOf(append(client, stream, 0n))).toBe('unavailable');
    server = await modelServer({ port: server.port, cluster: server.cluster });
    let outcome = '';
    for (let tries = 0; outcome !== 'fine' && tries < 100; tries += 1) {
      outcome = await outcomeOf(append(client, stream, 'no_stream', event));
      await pause(20);
    }
    expect(outcome).toBe('fine');
    expect(await revisionsIn(client, stream)).toEqual([0]);
  });
});
