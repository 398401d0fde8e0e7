import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { Actor, Problem } from '../../src/index.ts';
import { aNodeOf, aServer } from './clusters.ts';
import { at, auditor, expert, maternity, office, region, resident, system, tolvan } from './people.ts';
import type { World } from './world.ts';

type Cluster = NonNullable<World['folja']['cluster']>;

const clusterOf = ({ folja }: World): Cluster => {
  if (folja.cluster === undefined) throw new Error('a node was to have a cluster');
  return folja.cluster;
};

const calls: Readonly<
  Record<keyof Cluster, readonly [action: string, call: (cluster: Cluster, by?: Actor) => Promise<unknown>]>
> = {
  nodes: ['list-nodes', (cluster, by) => cluster.nodes(by)],
  retire: ['retire-node', (cluster, by) => cluster.retire('0195d3a0-0000-7000-8000-000000000099', by)],
  scavenge: ['scavenge', (cluster, by) => cluster.scavenge({}, by)],
};
const methods = Object.entries(calls);

const others: Readonly<Record<string, Actor>> = {
  ...{ office, expert, auditor, resident: resident(tolvan), clock: system('clock') },
  staff: at(maternity, 'da'),
};

const outcomeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    ({ problem }: { readonly problem: Problem }) => (problem.kind === 'refused' ? problem.code : problem.kind),
  );

describe('what is done with the cluster of an opened library', () => {
  test('R248 P14 is known, every method, by the table of these tests', async () => {
    const world = await aNodeOf(await aServer());
    expect(Object.keys(clusterOf(world)).toSorted()).toEqual(Object.keys(calls).toSorted());
  });

  test.each(methods)(
    'R248 R251 PDL 4:2 is for the regional team, and each try is an entry: %s',
    async (_, [action, call]) => {
      const world = await aNodeOf(await aServer());
      const last = async () => (await world.log()).findLast((entry) => entry.action === action);
      for (const [name, by] of Object.entries(others)) {
        expect([name, await outcomeOf(call(clusterOf(world), by))]).toEqual([name, 'not-permitted']);
        expect(await last()).toMatchObject({ outcome: 'refused' });
      }
      expect(await outcomeOf(call(clusterOf(world), region))).toBe('done');
      expect(await last()).toMatchObject({ outcome: 'allowed', actor: 'SE2321000131-regionalteam' });
      expect(await outcomeOf(call(clusterOf(world)))).toBe('done');
      expect(await last()).toMatchObject({ outcome: 'allowed', actor: 'operations' });
    },
  );

  test('lists the machines, says which is this one, and keeps it from retiring itself', async () => {
    const server = await aServer();
    const [one, two] = [await aNodeOf(server), await aNodeOf(server)];
    const nodes = await clusterOf(one).nodes();
    expect(nodes.map(({ isThis }) => isThis).toSorted()).toEqual([false, true]);
    const [mine, other] = [true, false].map((isThis) => nodes.find((node) => node.isThis === isThis)?.nodeId ?? '');
    expect((await clusterOf(two).nodes()).find(({ isThis }) => isThis)?.nodeId).toBe(other);
    expect(await clusterOf(one).retire(mine ?? '')).toBe(false);
    await two.close();
    expect(await clusterOf(one).retire(other ?? '')).toBe(true);
    expect((await clusterOf(one).nodes()).filter(({ retiredAt }) => retiredAt !== undefined)).toHaveLength(1);
  });

  test('is told in a sentence where the id of a node is none, and nothing of it is repeated', async () => {
    const world = await aNodeOf(await aServer());
    await expect(clusterOf(world).retire('Tolvan Tolvansson')).rejects.toThrow(/^The id of a node is not usable/);
    await expect(clusterOf(world).retire('Tolvan Tolvansson')).rejects.not.toThrow(/Tolvan/);
  });

  test('comes to nothing where a server is not there, and says so as data', async () => {
    const server = await aServer();
    const second = await aServer({ cluster: server.cluster });
    const world = await aNodeOf(server, { deadline: 2_000 });
    await second.close();
    expect(await outcomeOf(clusterOf(world).scavenge())).toBe('unavailable');
  });
});

describe('the file of a node with a table that nobody has registered', () => {
  test('P12 E4 is not opened', async () => {
    const server = await aServer();
    const world = await aNodeOf(server);
    await world.close();
    const db = new Sqlite(join(world.directory, 'node.db'));
    db.exec('CREATE TABLE copies (text TEXT)');
    db.close();
    await expect(aNodeOf(server, { directory: world.directory })).rejects.toThrow(
      'The file of read models holds copies, which Folja does not know',
    );
  });

  test('opens when that is gone (control)', async () => {
    const server = await aServer();
    const world = await aNodeOf(server);
    await world.close();
    const again = await aNodeOf(server, { directory: world.directory });
    expect(again.engine.sharing?.nodes()).toHaveLength(1);
  });
});
