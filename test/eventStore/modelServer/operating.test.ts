import { randomUUID } from 'node:crypto';
import { type Position, streamNameFilter } from '@eventstore/db-client';
import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import gossipMessages from '@eventstore/db-client/generated/gossip_pb.js';
import operations from '@eventstore/db-client/generated/operations_grpc_pb.js';
import type { ScavengeResp } from '@eventstore/db-client/generated/operations_pb.js';
import messages from '@eventstore/db-client/generated/operations_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { credentials as channel } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
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
import { modelCluster } from './cluster.ts';
import { connectedForTests } from './connected.ts';
import { modelServer } from './modelServer.ts';

const connected = connectedForTests();

const { ScavengeResult } = messages.ScavengeResp;
const address = (connection: string): string => new URL(connection.replace('esdb:', 'http:')).host;

const startScavenge = (connection: string): Promise<ScavengeResp> => {
  const client = new operations.OperationsClient(address(connection), channel.createInsecure());
  const request = new messages.StartScavengeReq();
  const options = new messages.StartScavengeReq.Options();
  options.setThreadCount(1);
  request.setOptions(options);
  return new Promise((resolve, reject) => {
    client.startScavenge(request, (error, response) => {
      client.close();
      if (error) reject(error);
      else resolve(response);
    });
  });
};

const stopScavenge = (connection: string, id: string): Promise<ScavengeResp> => {
  const client = new operations.OperationsClient(address(connection), channel.createInsecure());
  const request = new messages.StopScavengeReq();
  const options = new messages.StopScavengeReq.Options();
  options.setScavengeId(id);
  request.setOptions(options);
  return new Promise((resolve, reject) => {
    client.stopScavenge(request, (error, response) => {
      client.close();
      if (error) reject(error);
      else resolve(response);
    });
  });
};

/** What a scavenge has written about itself, as types and results. */
const reportOf = async (id: string): Promise<readonly string[]> => {
  const said: string[] = [];
  try {
    for await (const { event } of connected().client.readStream(`$scavenges-${id}`)) {
      const data = event?.data;
      const result = typeof data === 'object' && data !== null && 'result' in data ? ` ${data.result}` : '';
      said.push(`${event?.type}${result}`);
    }
  } catch {
    // It has not said anything yet.
  }
  return said;
};

const scavenged = async (): Promise<readonly string[]> => {
  const started = await startScavenge(connected().connection);
  expect(started.getScavengeResult()).toBe(ScavengeResult.STARTED);
  for (let tries = 0; tries < 500; tries += 1) {
    const said = await reportOf(started.getScavengeId());
    if (said.some((line) => line.startsWith('$scavengeCompleted'))) return said;
    await pause(10);
  }
  throw new Error('The scavenge did not end.');
};

/** Everything of a family that is in the log, as stream and revision. */
const whatIsLeft = async (family: string): Promise<readonly string[]> => {
  const left: string[] = [];
  for await (const { event } of connected().client.readAll())
    if (event?.streamId.includes(family))
      left.push(`${event.streamId.replace(family, '')}${event.type === '$streamDeleted' ? 'T' : event.revision}`);
  return left;
};

describe('a scavenge', () => {
  test('removes what was tombstoned, deleted or truncated, but for tombstones and the last event of a stream', async () => {
    const { client } = connected();
    const family = `family-${randomUUID()}`;
    await append(client, `${family}a`, 'no_stream', events(2));
    await append(client, `${family}b`, 'no_stream', events(3));
    await append(client, `${family}c`, 'no_stream', events(4));
    await append(client, `${family}d`, 'no_stream', events(3));
    await client.tombstoneStream(`${family}a`);
    await client.deleteStream(`${family}b`);
    await client.setStreamMetadata(`${family}c`, { truncateBefore: 2 }, { credentials });
    await client.setStreamMetadata(`${family}d`, { maxCount: 2 }, { credentials });
    await client.setStreamMetadata(`${family}d`, { maxCount: 1 }, { credentials });
    expect((await whatIsLeft(family)).slice(0, 12)).toEqual([
      'a0',
      'a1',
      'b0',
      'b1',
      'b2',
      'c0',
      'c1',
      'c2',
      'c3',
      'd0',
      'd1',
      'd2',
    ]);
    const said = await scavenged();
    expect(said.slice(0, 2)).toEqual(['$scavengeStarted', '$scavengeChunksCompleted']);
    expect(said.at(-1)).toBe('$scavengeCompleted Success');
    expect(await whatIsLeft(family)).toEqual(['b2', 'c2', 'c3', 'd2', 'aT', '$$b0', '$$c0', '$$d1']);
    expect(await revisionsIn(client, `${family}c`)).toEqual([2, 3]);
  });

  test('leaves P4 to what is still there: an append whose events are gone is a conflict', async () => {
    const { client, server } = connected();
    const stream = aStream();
    const first = events(2);
    await append(client, stream, 'no_stream', first);
    await append(client, stream, 1n, events(2));
    await client.setStreamMetadata(stream, { truncateBefore: 3 }, { credentials });
    await scavenged();
    if (!server) return;
    server.log.forget();
    expect(await outcomeOf(append(client, stream, 'no_stream', first))).toBe('wrong-expected-version');
  });

  // Known of the server up to 23.10: it reads one record at the place where a subscription is to go on, and leaves it out, whichever it is.
  test('makes a subscription leave out an event when it goes on from a place that was removed', async () => {
    const { client } = connected();
    const family = `family-${randomUUID()}`;
    const { position } = await append(client, `${family}-gone`, 'no_stream', events(1));
    const kept = events(2);
    await append(client, `${family}-kept`, 'no_stream', kept);
    await client.tombstoneStream(`${family}-gone`);
    const follow = async (fromPosition: Position | undefined): Promise<readonly (string | undefined)[]> => {
      const filter = streamNameFilter({ prefixes: [`${family}-kept`] });
      const subscription = client.subscribeToAll({ fromPosition: fromPosition ?? 'start', filter });
      const { ids, told } = collecting(subscription);
      await until(() => told.includes('caughtUp'));
      await subscription.unsubscribe();
      return ids();
    };
    expect(await follow(position)).toEqual(kept.map(({ id }) => id));
    await scavenged();
    expect(await follow(position)).toEqual(kept.slice(1).map(({ id }) => id));
  });

  test.skipIf(process.env.FOLJA_EVENTSTORE)('runs alone, can be stopped, and can fail', async () => {
    const { connection, server } = connected();
    server?.faults.next({ rpc: 'StartScavenge', fault: { kind: 'scavenge-goes-on' } });
    const first = await startScavenge(connection);
    const second = await startScavenge(connection);
    expect(second.getScavengeResult()).toBe(ScavengeResult.INPROGRESS);
    expect(second.getScavengeId()).toBe(first.getScavengeId());
    await pause(20);
    expect(await reportOf(first.getScavengeId())).toEqual(['$scavengeStarted']);
    await stopScavenge(connection, first.getScavengeId());
    expect((await reportOf(first.getScavengeId())).at(-1)).toBe('$scavengeCompleted Stopped');
    server?.faults.next({ rpc: 'StartScavenge', fault: { kind: 'scavenge-ends', result: 'Errored' } });
    expect((await scavenged()).at(-1)).toBe('$scavengeCompleted Errored');
    expect(server?.faults.happened.map(({ fault }) => fault)).toEqual(['scavenge-goes-on', 'scavenge-ends']);
  });

  test('that does not run cannot be stopped', async () => {
    const stopped = stopScavenge(connected().connection, randomUUID());
    await expect(stopped).rejects.toMatchObject({ code: 5, details: 'Scavenge id was invalid.' });
  });
});

const { VNodeState } = gossipMessages.MemberInfo;

const gossipOf = (connection: string): Promise<ClusterInfo> => {
  const client = new gossip.GossipClient(address(connection), channel.createInsecure());
  return new Promise((resolve, reject) => {
    client.read(new shared.Empty(), (error, info) => {
      client.close();
      if (error) reject(error);
      else resolve(info);
    });
  });
};

describe('a server', () => {
  test('that is alone says that it leads', async () => {
    const { connection } = connected();
    const members = (await gossipOf(connection)).getMembersList();
    expect(members.map((member) => [member.getState(), member.getIsAlive()])).toEqual([[VNodeState.LEADER, true]]);
    expect(`${members[0]?.getHttpEndPoint()?.getAddress()}:${members[0]?.getHttpEndPoint()?.getPort()}`).toBe(
      address(connection),
    );
  });

  test('says which things can be asked of it', async () => {
    const { connection } = connected();
    const client = new features.ServerFeaturesClient(address(connection), channel.createInsecure());
    const supported = await new Promise<readonly string[]>((resolve, reject) => {
      client.getSupportedMethods(new shared.Empty(), (error, methods) => {
        client.close();
        if (error) reject(error);
        else
          resolve(
            methods.getMethodsList().map((method) => {
              const path = `${method.getServiceName()}/${method.getMethodName()}`;
              return [path, ...method.getFeaturesList()].join(' ').replace('event_store.client.', '');
            }),
          );
      });
    });
    expect(supported).toEqual(
      expect.arrayContaining([
        'streams.streams/append',
        'streams.streams/read position events',
        'streams.streams/batchappend deadline_duration',
        'persistent_subscriptions.persistentsubscriptions/create stream all',
        'operations.operations/startscavenge',
      ]),
    );
  });
});

describe('three servers over one log', () => {
  test('are found by a client, which goes to the one that leads, and to another when that leads', async () => {
    const cluster = modelCluster();
    const servers = await Promise.all(Array.from({ length: 3 }, () => modelServer({ cluster })));
    const [first, second] = servers;
    if (!first || !second) throw new Error('servers');
    const leader = servers.find(({ port }) => port === cluster.leader()?.port);
    const other = servers.find((server) => server !== leader);
    const client = clientOf(`esdb://${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}?tls=false`);
    const stream = aStream();
    await client.appendToStream(stream, events(1), {
      expectedRevision: 'no_stream',
      credentials,
      requiresLeader: true,
    });
    expect(leader?.calls.Append).toBe(1);
    cluster.elect(other?.port);
    const again = () =>
      client.appendToStream(stream, events(1), { expectedRevision: 0n, credentials, requiresLeader: true });
    expect(await outcomeOf(again())).toBe('not-leader');
    expect(await outcomeOf(again())).toBe('fine');
    expect(other?.calls.Append).toBe(1);
    const states = (await gossipOf(first.connection)).getMembersList().map((member) => member.getState());
    expect(states.filter((state) => state === VNodeState.LEADER)).toHaveLength(1);
    expect(states.filter((state) => state === VNodeState.FOLLOWER)).toHaveLength(2);
    cluster.elect(undefined);
    expect(await outcomeOf(again())).toBe('unknown');
    await client.dispose();
    for (const server of servers) await server.close();
    expect(servers.flatMap(({ errors }) => errors)).toEqual([]);
  });

  test('refuse what only the one that leads can do, and do the rest', async () => {
    const cluster = modelCluster();
    const leading = await modelServer({ cluster });
    const following = await modelServer({ cluster });
    const client = clientOf(following.connection);
    const stream = aStream();
    expect(await outcomeOf(append(client, stream, 'no_stream'))).toBe('fine');
    expect(await revisionsIn(client, stream)).toEqual([0]);
    expect(await revisionsIn(client, stream, { requiresLeader: true })).toBe('not-leader');
    await client.dispose();
    const asking = clientOf(following.connection);
    expect(await outcomeOf(asking.getPersistentSubscriptionToAllInfo('group'))).toBe('unavailable');
    expect(await outcomeOf(asking.deletePersistentSubscriptionToAll('group'))).toBe('not-leader');
    await asking.dispose();
    for (const server of [leading, following]) await server.close();
    expect([...leading.errors, ...following.errors]).toEqual([]);
  });
});
