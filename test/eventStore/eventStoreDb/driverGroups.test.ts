import { randomBytes } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { Cluster, Consumer } from '../../../src/eventStore/eventStoreDb/cluster.ts';
import { connectTo } from '../../../src/eventStore/eventStoreDb/connection.ts';
import { pause, until } from '../modelServer/clients.ts';
import { drivenForTests, nothingUncaught, realServer, someRecords, withModel } from './driverBuilders.ts';

const driven = drivenForTests();
nothingUncaught();

const aName = (): string => `g${randomBytes(6).toString('hex')}`;

/** A consumer that keeps what it is given; it is done with each at once, or never. */
const consuming = (isDone: boolean) => {
  const taken: string[] = [];
  const done: (() => void)[] = [];
  let endings = 0;
  const consumer: Consumer = {
    task: (task) => {
      taken.push(task.record.id);
      done.push(task.done);
      if (isDone) task.done();
    },
    ended: () => {
      endings += 1;
    },
  };
  return { consumer, taken: taken as readonly string[], done: done as readonly (() => void)[], endings: () => endings };
};

const written = async (cluster: Cluster, stream: string, count: number): Promise<readonly string[]> => {
  const records = someRecords(count);
  for (const record of records) await cluster.append(stream, 'any', [record]);
  return records.map(({ id }) => id);
};

describe('a group of consumers', () => {
  test('is made once, and is there when it is made again', async () => {
    const { cluster } = driven();
    const group = aName();
    expect(await cluster.addGroup(group, ['program-'])).toEqual(E.right(undefined));
    expect(await cluster.addGroup(group, ['program-'])).toEqual(E.right(undefined));
  });

  test('takes from the beginning of the log what is wanted, each record once', async () => {
    const { cluster } = driven();
    const group = aName();
    const before = await written(cluster, `${group}-1`, 5);
    await written(cluster, `other-${group}`, 5);
    await cluster.addGroup(group, [`${group}-`]);
    const one = consuming(true);
    const stop = cluster.consume(group, one.consumer);
    const after = await written(cluster, `${group}-2`, 5);
    await until(() => one.taken.length === 10);
    await pause(100);
    stop();
    expect(one.taken).toEqual([...before, ...after]);
    expect(one.endings()).toBe(0);
  });

  test('gives each record to one of its consumers, by turns', async () => {
    const { cluster, connection } = driven();
    const second = await connectTo(connection);
    const group = aName();
    await cluster.addGroup(group, [`${group}-`]);
    const [one, two] = [consuming(true), consuming(true)];
    const stops = [cluster.consume(group, one.consumer), second.consume(group, two.consumer)];
    await pause(200);
    const ids = await written(cluster, `${group}-1`, 30);
    await until(() => one.taken.length + two.taken.length === 30);
    await pause(100);
    for (const stop of stops) stop();
    await second.close();
    expect([...one.taken, ...two.taken].toSorted()).toEqual(ids.toSorted());
    expect(one.taken.length).toBeGreaterThan(5);
    expect(two.taken.length).toBeGreaterThan(5);
    expect(two.endings()).toBe(0);
  });

  test('gives to another what one that has left was not done with, and nothing else', async () => {
    const { cluster, connection } = driven();
    const second = await connectTo(connection);
    const group = aName();
    await cluster.addGroup(group, [`${group}-`]);
    const leaving = consuming(false);
    second.consume(group, leaving.consumer);
    await pause(200);
    const ids = await written(cluster, `${group}-1`, 6);
    await until(() => leaving.taken.length === 6);
    leaving.done[0]?.();
    leaving.done[0]?.();
    leaving.done[2]?.();
    await pause(200);
    await second.close();
    expect(leaving.endings()).toBe(1);
    leaving.done[1]?.();
    const staying = consuming(true);
    const stop = cluster.consume(group, staying.consumer);
    await until(() => staying.taken.length >= 4);
    await pause(200);
    stop();
    expect(staying.taken.toSorted()).toEqual(ids.filter((_, index) => index !== 0 && index !== 2).toSorted());
  });

  test('that nobody has made takes nothing, and says so once', async () => {
    const nobody = consuming(true);
    driven().cluster.consume(aName(), nobody.consumer);
    await until(() => nobody.endings() === 1);
    await pause(50);
    expect(nobody.endings()).toBe(1);
    expect(nobody.taken).toEqual([]);
  });

  test('is joined no more on a closed connection', async () => {
    const cluster = await connectTo(driven().connection);
    await cluster.close();
    const late = consuming(true);
    cluster.consume(aName(), late.consumer);
    expect(late.endings()).toBe(0);
    await pause(50);
    expect(late.endings()).toBe(1);
  });
});

describe.skipIf(realServer !== undefined)('F17 a group that meets faults', () => {
  test.each([{ kind: 'cut' as const }, { kind: 'drop' as const }])(
    'gives again what nobody was done with: $kind',
    async ({ kind }) => {
      await withModel(5000, async (cluster, server) => {
        await cluster.addGroup('g', ['program-']);
        const lost = consuming(false);
        cluster.consume('g', lost.consumer);
        const [first = ''] = await written(cluster, 'program-1', 1);
        await until(() => lost.taken.length === 1);
        server.faults.next({ rpc: 'Consume', fault: { kind, after: 3 } });
        const ids = [first, ...(await written(cluster, 'program-1', 5))];
        await until(() => lost.endings() === 1);
        await pause(50);
        expect(server.faults.happened).toMatchObject([{ rpc: 'Consume', fault: kind }]);
        expect(lost.endings()).toBe(1);
        for (const done of lost.done) done();
        const again = consuming(true);
        const stop = cluster.consume('g', again.consumer);
        await until(() => again.taken.length >= 6);
        stop();
        expect([...new Set(again.taken)].toSorted()).toEqual(ids.toSorted());
      });
    },
  );

  test.each(['access-denied', 'unavailable', 'cut-before-commit'] as const)(
    'ends where it cannot begin: %s',
    async (kind) => {
      await withModel(5000, async (cluster, server) => {
        await cluster.addGroup('g', ['program-']);
        server.faults.next({ rpc: 'Consume', fault: { kind } });
        const nobody = consuming(true);
        cluster.consume('g', nobody.consumer);
        await until(() => nobody.endings() === 1);
        expect(server.faults.happened).toMatchObject([{ rpc: 'Consume', fault: kind }]);
      });
    },
  );
});
