import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../../src/eventStore/eventStoreDb/cluster.ts';
import { left, right } from '../builders.ts';
import { modelCluster } from '../modelServer/cluster.ts';
import type { ModelServer } from '../modelServer/modelServer.ts';
import { aNode, aServer } from './purgingNodes.ts';

const told = ({ log }: ModelServer): readonly string[] =>
  log.records().flatMap(({ type }) => (type.startsWith('scavenge-') ? [type] : []));

const threeServers = async () => {
  const cluster = modelCluster();
  const first = await aServer({ cluster });
  return [first, await aServer({ cluster }), await aServer({ cluster })] as const;
};

/** Another thing that happens right before something is asked of the cluster. */
const before =
  <Name extends keyof Cluster>(name: Name, happens: () => Promise<unknown>) =>
  (cluster: Cluster): Cluster => {
    const asked = cluster[name] as (...given: readonly unknown[]) => Promise<unknown>;
    return { ...cluster, [name]: async (...given: readonly unknown[]) => happens().then(() => asked(...given)) };
  };

describe('a scavenge', () => {
  test('R242 runs on every server, one after the other, until each must have come past what was deleted', async () => {
    const servers = await threeServers();
    const one = await aNode(servers[0]);
    const seen: string[] = [];
    await right(one.sharing.scavenge((done, total) => seen.push(`${done}/${total}`)));
    expect(servers.map(({ calls }) => calls.StartScavenge)).toEqual([3, 3, 3]);
    expect(seen).toEqual(['0/3', '1/3', '2/3', '3/3']);
    expect(told(servers[0])).toEqual(['scavenge-begun', 'scavenge-done']);
  });

  test('is told to every node when it is done', async () => {
    const server = await aServer();
    const [one, two] = [await aNode(server), await aNode(server)];
    let news = 0;
    two.sharing.onErasureNews(() => {
      news += 1;
    });
    await right(one.sharing.scavenge());
    await two.node.follower.until(() => (news > 0 ? true : undefined), 5_000);
    expect(news).toBe(1);
  });
});

describe('a scavenge that is not finished on every server', () => {
  test('is not begun where a server is not there, and is told to nobody', async () => {
    const servers = await threeServers();
    const one = await aNode(servers[0], { deadline: 1_000 });
    await servers[2].close();
    expect(await left(one.sharing.scavenge())).toEqual({ kind: 'unavailable', retry: true });
    expect([told(servers[0]), servers[0].calls.StartScavenge]).toEqual([[], 0]);
  });

  test('is told to nobody where one server failed; again, it is done', async () => {
    const [first, second] = await threeServers();
    const one = await aNode(first);
    second.faults.next({ rpc: 'StartScavenge', fault: { kind: 'scavenge-ends', result: 'Errored' } });
    expect(await left(one.sharing.scavenge())).toEqual({ kind: 'unavailable', retry: true });
    expect(second.faults.happened).toMatchObject([{ rpc: 'StartScavenge', fault: 'scavenge-ends' }]);
    expect(told(first)).toEqual(['scavenge-begun']);
    await right(one.sharing.scavenge());
    expect(told(first)).toEqual(['scavenge-begun', 'scavenge-begun', 'scavenge-done']);
  });

  test('is told to nobody where a server came meanwhile', async () => {
    const cluster = modelCluster();
    const first = await aServer({ cluster });
    let joined: ModelServer | undefined;
    const over = before('scavenging', async () => {
      joined ??= await aServer({ cluster });
    });
    const one = await aNode(first, { over });
    expect(await left(one.sharing.scavenge())).toEqual({ kind: 'unavailable', retry: true });
    expect([told(first), joined?.calls.StartScavenge]).toEqual([['scavenge-begun'], 0]);
  });

  test('ends with the node that waits for it', async () => {
    const server = await aServer();
    const one = await aNode(server, { deadline: 1_000 });
    server.faults.next({ rpc: 'StartScavenge', fault: { kind: 'scavenge-goes-on' } });
    const running = one.sharing.scavenge()();
    while (server.faults.happened.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await one.close();
    expect(await running).toMatchObject({ _tag: 'Left' });
    expect(told(server)).toEqual(['scavenge-begun']);
  });

  test('goes on where a server cannot say for a while how it stands', async () => {
    const server = await aServer();
    let asked = 0;
    const over = (cluster: Cluster): Cluster => ({
      ...cluster,
      scavenging: async (id) => {
        asked += 1;
        return asked < 4 ? E.left({ kind: 'unavailable', retry: true }) : cluster.scavenging(id);
      },
    });
    const one = await aNode(server, { over });
    await right(one.sharing.scavenge());
    expect(asked).toBeGreaterThan(4);
    expect(told(server)).toContain('scavenge-done');
  });

  test('P12 keeps an erasure waiting, whichever node asks (control of what is told)', async () => {
    const server = await aServer();
    const one = await aNode(server);
    const stream = `program-${randomUUID()}`;
    await right(one.events.eraseFlesh(stream));
    server.faults.next({ rpc: 'StartScavenge', fault: { kind: 'scavenge-ends', result: 'Interrupted' } });
    await left(one.sharing.scavenge());
    expect(one.node.tables.isScavenged(stream)).toBe(false);
    await right(one.sharing.scavenge());
    expect(one.node.tables.isScavenged(stream)).toBe(true);
  });
});
