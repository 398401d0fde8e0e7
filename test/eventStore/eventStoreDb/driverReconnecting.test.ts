import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { connectTo } from '../../../src/eventStore/eventStoreDb/connection.ts';
import { aStream, until } from '../modelServer/clients.ts';
import { modelCluster } from '../modelServer/cluster.ts';
import { modelServer } from '../modelServer/modelServer.ts';
import { aRecord, hearing, nothingUncaught, timed, withModel } from './driverBuilders.ts';

nothingUncaught();

describe('F17 a server that comes back', () => {
  test('is used again by the next call, however long it was away', async () => {
    const first = await modelServer();
    const { port, cluster: log } = first;
    const cluster = await connectTo(first.connection, { deadline: 2000 });
    const stream = aStream();
    expect(await cluster.append(stream, -1, [aRecord()])).toMatchObject({ kind: 'committed' });
    let current = first;
    for (const [round, downFor] of [200, 4000].entries()) {
      await current.close();
      const kinds: string[] = [];
      for (const end = performance.now() + downFor; performance.now() < end; await pause(20)) {
        kinds.push((await cluster.append(stream, round, [aRecord()])).kind);
      }
      // The first may have been on its way when the connection was cut.
      expect(new Set(kinds.slice(1))).toEqual(new Set(['unavailable']));
      current = await modelServer({ port, cluster: log });
      expect(await cluster.append(stream, round, [aRecord()])).toEqual({ kind: 'committed', revision: round + 1 });
      expect(await cluster.last(stream)).toMatchObject({ right: { revision: round + 1 } });
    }
    await cluster.close();
    await current.close();
    expect([...first.errors, ...current.errors]).toEqual([]);
  });

  test('answers a read that began while it was away', async () => {
    const first = await modelServer();
    const { port, cluster: log } = first;
    const cluster = await connectTo(first.connection, { deadline: 5000 });
    const stream = aStream();
    await cluster.append(stream, -1, [aRecord()]);
    await first.close();
    const reading = cluster.read(stream);
    await pause(700);
    const second = await modelServer({ port, cluster: log });
    expect(await reading).toMatchObject({ right: [{ revision: 0 }] });
    await cluster.close();
    await second.close();
  });
});

describe('F17 a cluster of three servers', () => {
  const three = async () => {
    const shared = modelCluster();
    const servers = [
      await modelServer({ cluster: shared }),
      await modelServer({ cluster: shared }),
      await modelServer({ cluster: shared }),
    ];
    const ports = servers.map(({ port }) => port);
    const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
    const close = async (): Promise<void> => {
      for (const server of servers) await server.close();
      expect(servers.flatMap(({ errors }) => errors)).toEqual([]);
    };
    return { shared, servers, ports, hosts, close };
  };

  test('takes appends wherever its leader is', async () => {
    const { shared, servers, ports, hosts, close } = await three();
    const cluster = await connectTo(`esdb://${hosts}?tls=false&discoveryInterval=20`, { deadline: 3000 });
    const stream = aStream();
    for (const [revision, port] of [...ports, ...ports].entries()) {
      shared.elect(port);
      const record = aRecord();
      let outcome = await cluster.append(stream, revision - 1, [record]);
      for (let tried = 0; tried < 5 && outcome.kind !== 'committed'; tried += 1) {
        expect(outcome).toEqual({ kind: 'unavailable', retry: true });
        outcome = await cluster.append(stream, revision - 1, [record]);
      }
      expect(outcome).toEqual({ kind: 'committed', revision });
      expect(await cluster.last(stream)).toMatchObject({ right: { id: record.id } });
    }
    expect(servers.every(({ calls }) => calls.Append > 0)).toBe(true);
    await cluster.close();
    await close();
  });

  test('goes on when its leader is lost, as does a log that is followed', async () => {
    const { shared, servers, ports, hosts, close } = await three();
    const cluster = await connectTo(`esdb://${hosts}?tls=false&discoveryInterval=20`, { deadline: 5000 });
    const stream = aStream();
    const heard = hearing();
    cluster.follow(undefined, ['program-'], heard.listener);
    await cluster.append(stream, -1, [aRecord()]);
    await until(() => heard.ids().length === 1);
    await servers[0]?.close();
    shared.elect(ports[1]);
    const record = aRecord();
    await until(() => heard.endings() === 1);
    const resumed = hearing();
    const { stop } = cluster.follow(heard.places().at(-1), ['program-'], resumed.listener);
    let outcome = await cluster.append(stream, 0, [record]);
    for (let tried = 0; tried < 5 && outcome.kind !== 'committed'; tried += 1)
      outcome = await cluster.append(stream, 0, [record]);
    expect(outcome).toEqual({ kind: 'committed', revision: 1 });
    if (resumed.endings() === 0) await until(() => resumed.ids().length === 1 || resumed.endings() === 1);
    stop();
    await cluster.close();
    await close();
  });

  test('without a leader takes nothing, and says so in time', async () => {
    const { shared, hosts, close } = await three();
    shared.elect(undefined);
    const cluster = await connectTo(`esdb://${hosts}?tls=false&discoveryInterval=20&nodePreference=follower`, {
      deadline: 500,
    });
    const appended = await timed(cluster.append(aStream(), -1, [aRecord()]));
    expect(appended.value).toEqual({ kind: 'unavailable', retry: true });
    expect(await cluster.read(aStream())).toEqual(E.left({ kind: 'unavailable', retry: true }));
    expect(appended.ms).toBeLessThan(4000);
    await cluster.close();
    await close();
  });
});

describe('a connection that is closed while calls are under way', () => {
  test('settles them at once: what was sent is unknown', async () => {
    await withModel(60_000, async (cluster, server) => {
      server.faults.next({ rpc: 'any', times: 3, fault: { kind: 'silence' } });
      const calls = Promise.all([
        cluster.append(aStream(), -1, [aRecord()]),
        cluster.read(aStream()),
        cluster.tombstone(aStream()),
      ]);
      await until(() => server.faults.happened.length === 3);
      const { value, ms } = await timed(cluster.close().then(() => calls));
      const refused = E.left({ kind: 'unavailable', retry: false });
      expect(value).toEqual([{ kind: 'unknown' }, refused, refused]);
      expect(ms).toBeLessThan(5000);
    });
  });
});
