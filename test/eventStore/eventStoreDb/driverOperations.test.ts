import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { Member } from '../../../src/eventStore/eventStoreDb/cluster.ts';
import { connectTo } from '../../../src/eventStore/eventStoreDb/connection.ts';
import { pause, until } from '../modelServer/clients.ts';
import { modelCluster } from '../modelServer/cluster.ts';
import { modelServer } from '../modelServer/modelServer.ts';
import { aRecord, drivenForTests, nothingUncaught, realServer, withModel } from './driverBuilders.ts';

const driven = drivenForTests();
nothingUncaught();

const firstMember = async (cluster: ReturnType<typeof driven>['cluster']): Promise<Member> => {
  const members = await cluster.members();
  const [first] = E.isRight(members) ? members.right : [];
  if (first === undefined) throw new Error('The cluster has no members.');
  return first;
};

describe('the servers of a cluster', () => {
  test('are told by any of them', async () => {
    const { cluster, connection } = driven();
    const ports = [...connection.matchAll(/:(\d+)/g)].map(([, port]) => Number(port));
    const members = await cluster.members();
    const found = E.isRight(members) ? members.right : [];
    expect(found.map(({ port }) => port).toSorted()).toEqual(ports.toSorted());
    expect(found.every(({ isAlive }) => isAlive)).toBe(true);
    expect(found.filter(({ isLeader }) => isLeader)).toHaveLength(1);
  });

  test.skipIf(realServer !== undefined)('are all told, with who leads and who does not answer', async () => {
    const shared = modelCluster();
    const servers = [
      await modelServer({ cluster: shared }),
      await modelServer({ cluster: shared }),
      await modelServer({ cluster: shared }),
    ];
    const [first, second, third] = servers.map(({ port }) => port);
    shared.elect(second);
    await servers[2]?.close();
    const cluster = await connectTo(`esdb://127.0.0.1:${first}?tls=false`, { deadline: 3000 });
    const members = await cluster.members();
    expect(E.isRight(members) && members.right).toEqual([
      { host: '127.0.0.1', port: first, isAlive: true, isLeader: false },
      { host: '127.0.0.1', port: second, isAlive: true, isLeader: true },
      expect.objectContaining({ port: third, isAlive: false, isLeader: false }),
    ]);
    await cluster.close();
    for (const server of servers.slice(0, 2)) await server.close();
    expect(servers.flatMap(({ errors }) => errors)).toEqual([]);
  });
});

describe('a scavenge', () => {
  test('of a server is followed by its id to its end', async () => {
    const { cluster } = driven();
    const begun = await cluster.scavenge(await firstMember(cluster));
    if (E.isLeft(begun)) throw new Error(`No scavenge: ${begun.left.kind}`);
    let standing: E.Either<unknown, string> = E.right('running');
    for (let look = 0; look < 100 && E.isRight(standing) && standing.right === 'running'; look += 1) {
      await pause(50);
      standing = await cluster.scavenging(begun.right);
    }
    expect(standing).toEqual(E.right('done'));
  });

  test('of which nothing has been written yet is running', async () => {
    expect(await driven().cluster.scavenging(randomUUID())).toEqual(E.right('running'));
  });

  test('of a server that cannot be reached did not begin', async () => {
    const cluster = await connectTo(driven().connection, { deadline: 500 });
    const nobody: Member = { host: '127.0.0.1', port: 1, isAlive: true, isLeader: false };
    expect(await cluster.scavenge(nobody)).toEqual(E.left({ kind: 'unavailable', retry: true }));
    await cluster.close();
  });
});

describe.skipIf(realServer !== undefined)('a scavenge on a cluster of several servers', () => {
  test('begins on the server that was asked for', async () => {
    const shared = modelCluster();
    const [one, two] = [await modelServer({ cluster: shared }), await modelServer({ cluster: shared })];
    const cluster = await connectTo(one.connection, { deadline: 3000 });
    const other = { host: '127.0.0.1', port: two.port, isAlive: true, isLeader: false };
    const begun = await cluster.scavenge(other);
    expect(E.isRight(begun)).toBe(true);
    expect([one.calls.StartScavenge, two.calls.StartScavenge]).toEqual([0, 1]);
    await cluster.close();
    await one.close();
    await two.close();
  });

  test('that somebody else has begun is not taken for ours', async () => {
    await withModel(500, async (cluster, server) => {
      const member = await firstMember(cluster);
      server.faults.next({ rpc: 'StartScavenge', fault: { kind: 'scavenge-goes-on' } });
      expect(E.isRight(await cluster.scavenge(member))).toBe(true);
      expect(await cluster.scavenge(member)).toEqual(E.left({ kind: 'unavailable', retry: true }));
      expect(server.faults.happened).toHaveLength(1);
    });
  });

  test('that does not succeed is told as failed', async () => {
    await withModel(3000, async (cluster, server) => {
      const fault = { kind: 'scavenge-ends', result: 'Errored' } as const;
      server.faults.next({ rpc: 'StartScavenge', fault });
      const begun = await cluster.scavenge(await firstMember(cluster));
      const id = E.isRight(begun) ? begun.right : '';
      await until(() => server.log.records().some(({ type }) => type === '$scavengeCompleted'));
      expect(await cluster.scavenging(id)).toEqual(E.right('failed'));
    });
  });

  test('removes what was tombstoned', async () => {
    await withModel(3000, async (cluster, server) => {
      const record = aRecord({ text: 'erased' });
      await cluster.append('flesh-1', -1, [record]);
      await cluster.tombstone('flesh-1');
      const isThere = (): boolean => server.log.records().some(({ id }) => id === record.id);
      expect(isThere()).toBe(true);
      await cluster.scavenge(await firstMember(cluster));
      await until(() => !isThere());
    });
  });
});
