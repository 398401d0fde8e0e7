import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../../src/eventStore/eventStoreDb/cluster.ts';
import { pause, until } from '../modelServer/clients.ts';
import { hearing, nothingUncaught, someRecords, withModel } from './driverBuilders.ts';

nothingUncaught();

const prefixes = ['program-'];

const written = async (cluster: Cluster, count: number): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (const record of someRecords(count)) {
    await cluster.append(`program-${ids.length % 3}`, 'any', [record]);
    ids.push(record.id);
  }
  return ids;
};

describe('F17 a log that is followed through faults', () => {
  test.each([
    { kind: 'drop' as const, after: 0 },
    { kind: 'drop' as const, after: 3 },
    { kind: 'cut' as const, after: 0 },
    { kind: 'cut' as const, after: 3 },
  ])('ends once when its subscription is lost, and loses nothing: $kind after $after', async (fault) => {
    await withModel(5000, async (cluster, server) => {
      const ids = await written(cluster, 6);
      server.faults.next({ rpc: 'Subscribe', fault });
      const heard = hearing();
      cluster.follow(undefined, prefixes, heard.listener);
      await until(() => heard.endings() === 1);
      await pause(100);
      expect(server.faults.happened).toEqual([{ rpc: 'Subscribe', stream: '$all', fault: fault.kind }]);
      expect(heard.endings()).toBe(1);
      expect(heard.heard.at(-1)).toBe('ended');
      expect(heard.ids().length).toBeLessThanOrEqual(fault.after);
      const resumed = hearing();
      const { stop } = cluster.follow(heard.places().at(-1), prefixes, resumed.listener);
      await until(() => heard.ids().length + resumed.ids().length === 6);
      stop();
      expect([...heard.ids(), ...resumed.ids()]).toEqual(ids);
    });
  });

  test('ends when the server does, and when it is lost while nothing is written', async () => {
    await withModel(5000, async (cluster, server) => {
      const heard = hearing();
      cluster.follow(undefined, prefixes, heard.listener);
      const [id] = await written(cluster, 1);
      await until(() => heard.ids().length === 1);
      server.cutAll();
      await until(() => heard.endings() === 1);
      expect(heard.ids()).toEqual([id]);
    });
  });

  test('stays silent with its server, until it is followed anew', async () => {
    await withModel(5000, async (cluster, server) => {
      const ids = await written(cluster, 3);
      server.faults.next({ rpc: 'Subscribe', fault: { kind: 'stall', after: 1 } });
      const heard = hearing();
      const { stop } = cluster.follow(undefined, prefixes, heard.listener);
      await until(() => heard.ids().length === 1);
      await pause(200);
      expect(server.faults.happened).toMatchObject([{ fault: 'stall' }]);
      expect(heard.ids()).toEqual(ids.slice(0, 1));
      expect(E.isRight(await cluster.last('program-0'))).toBe(true);
      stop();
      stop();
      const resumed = hearing();
      const again = cluster.follow(heard.places().at(-1), prefixes, resumed.listener);
      await until(() => resumed.ids().length === 2);
      again.stop();
      expect([...heard.ids(), ...resumed.ids()]).toEqual(ids);
      expect(heard.endings()).toBe(0);
    });
  });

  test('brings once what is sent twice', async () => {
    await withModel(5000, async (cluster, server) => {
      const ids = await written(cluster, 3);
      server.faults.next({ rpc: 'Subscribe', fault: { kind: 'twice', after: 1 } });
      const heard = hearing();
      const { stop } = cluster.follow(undefined, prefixes, heard.listener);
      await until(() => heard.ids().length >= 3);
      await pause(50);
      stop();
      expect(server.faults.happened).toMatchObject([{ fault: 'twice' }]);
      expect(heard.ids()).toEqual(ids);
    });
  });

  test('ends when what stands behind a place cannot be read', async () => {
    await withModel(300, async (cluster, server) => {
      await written(cluster, 2);
      const heard = hearing();
      server.faults.next({ rpc: 'Read', fault: { kind: 'silence' } });
      cluster.follow({ commit: 0n, prepare: 0n }, prefixes, heard.listener);
      await until(() => heard.endings() === 1);
      expect(server.faults.happened).toMatchObject([{ rpc: 'Read', fault: 'silence' }]);
      expect(heard.heard).toEqual(['ended']);
    });
  });

  test.each(['access-denied', 'unavailable', 'cut-before-commit'] as const)(
    'ends where it cannot begin: %s',
    async (kind) => {
      await withModel(5000, async (cluster, server) => {
        server.faults.next({ rpc: 'Subscribe', fault: { kind } });
        const heard = hearing();
        cluster.follow(undefined, prefixes, heard.listener);
        await until(() => heard.endings() === 1);
        expect(server.faults.happened).toMatchObject([{ fault: kind }]);
        expect(heard.heard).toEqual(['ended']);
      });
    },
  );

  test('that was stopped before it began is not heard of', async () => {
    await withModel(5000, async (cluster) => {
      await written(cluster, 2);
      const heard = hearing();
      cluster.follow(undefined, prefixes, heard.listener).stop();
      await pause(100);
      expect(heard.heard).toEqual([]);
    });
  });
});
