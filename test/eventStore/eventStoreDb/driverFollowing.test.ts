import { randomBytes } from 'node:crypto';
import db, { type AllStreamResolvedEvent } from '@eventstore/db-client';
import { describe, expect, test } from 'vitest';
import type { Place } from '../../../src/eventStore/eventStoreDb/cluster.ts';
import { connectTo } from '../../../src/eventStore/eventStoreDb/connection.ts';
import { clientOf, credentials, pause, until } from '../modelServer/clients.ts';
import { aRecord, drivenForTests, hearing, nothingUncaught, realServer, someRecords } from './driverBuilders.ts';

const driven = drivenForTests();
nothingUncaught();

/** A beginning of stream names that no other test uses. */
const aPrefix = (): string => `p${randomBytes(6).toString('hex')}-`;

const written = async (prefix: string, count: number, other?: string): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (const record of someRecords(count)) {
    await driven().cluster.append(`${prefix}${ids.length % 3}`, 'any', [record]);
    if (other !== undefined) await driven().cluster.append(`${other}1`, 'any', [aRecord()]);
    ids.push(record.id);
  }
  return ids;
};

const isAfter = (one: Place, other: Place): boolean =>
  one.commit > other.commit || (one.commit === other.commit && one.prepare > other.prepare);

const expectRising = (places: readonly Place[]): void => {
  const falls = places.filter((place, index) => index > 0 && !isAfter(place, places[index - 1] ?? place));
  expect(falls).toEqual([]);
};

describe('a log that is followed', () => {
  test('brings all that is wanted in order, what is there and what comes', async () => {
    const [prefix, another, other] = [aPrefix(), aPrefix(), aPrefix()];
    const before = await written(prefix, 10, other);
    const heard = hearing();
    const { stop } = driven().cluster.follow(undefined, [prefix, another], heard.listener);
    await until(() => heard.ids().length === 10);
    const after = [...(await written(prefix, 5, other)), ...(await written(another, 2))];
    await until(() => heard.ids().length === 17);
    stop();
    await written(prefix, 1);
    await pause(100);
    expect(heard.ids()).toEqual([...before, ...after]);
    expect(heard.records()[4]).toMatchObject({ stream: `${prefix}1`, revision: 1, data: { number: 4 }, type: 'tried' });
    expectRising(heard.places());
    expect(heard.endings()).toBe(0);
  });

  test('brings what comes behind a place, from each of its places', async () => {
    const prefix = aPrefix();
    const ids = await written(prefix, 6, aPrefix());
    const whole = hearing();
    const first = driven().cluster.follow(undefined, [prefix], whole.listener);
    await until(() => whole.ids().length === 6);
    first.stop();
    const places: readonly Place[] = whole.records().map(({ place }) => place);
    const courses = places.map((place) => {
      const heard = hearing();
      return { heard, ...driven().cluster.follow(place, [prefix], heard.listener) };
    });
    const more = await written(prefix, 3);
    for (const [index, { heard, stop }] of courses.entries()) {
      await until(() => heard.ids().length === 8 - index);
      expect(heard.ids()).toEqual([...ids, ...more].slice(index + 1));
      stop();
    }
  });

  test('finds what is wanted behind much that is not', async () => {
    const [prefix, other] = [aPrefix(), aPrefix()];
    for (let batch = 0; batch < 30; batch += 1) await driven().cluster.append(`${other}1`, 'any', someRecords(50));
    const heard = hearing();
    const following = driven().cluster.follow(undefined, [prefix], heard.listener);
    const [wanted] = await written(prefix, 1);
    await until(() => heard.ids().length === 1);
    following.stop();
    expect(heard.ids()).toEqual([wanted]);
  });

  test('tells of the end of a stream at the largest revision', async () => {
    const prefix = aPrefix();
    await written(prefix, 1);
    await driven().cluster.tombstone(`${prefix}0`);
    const heard = hearing();
    const { stop } = driven().cluster.follow(undefined, [prefix], heard.listener);
    await until(() => heard.ids().length === 2);
    stop();
    expect(heard.records()[1]).toMatchObject({ type: '$streamDeleted', revision: Number.MAX_SAFE_INTEGER });
  });

  test('waits while it is paused, and then brings everything', async () => {
    const prefix = aPrefix();
    const ids = someRecords(3000);
    for (let from = 0; from < 3000; from += 100) {
      await driven().cluster.append(`${prefix}1`, 'any', ids.slice(from, from + 100));
    }
    const heard = hearing();
    const following = driven().cluster.follow(undefined, [prefix], heard.listener);
    await until(() => heard.ids().length > 0);
    following.pause();
    const atPause = heard.ids().length;
    await pause(300);
    expect(heard.ids().length - atPause).toBeLessThan(1000);
    const held = heard.ids().length;
    await pause(100);
    expect(heard.ids()).toHaveLength(held);
    following.resume();
    await until(() => heard.ids().length === 3000);
    following.stop();
    expect(heard.ids()).toEqual(ids.map(({ id }) => id));
    expectRising(heard.places());
  });

  test('that is followed on a closed connection ends, once', async () => {
    const cluster = await connectTo(driven().connection);
    const [running, late] = [hearing(), hearing()];
    cluster.follow(undefined, [aPrefix()], running.listener);
    await pause(50);
    await cluster.close();
    cluster.follow(undefined, [aPrefix()], late.listener);
    expect(late.heard).toEqual([]);
    await pause(50);
    expect(late.heard).toEqual(['ended']);
    expect(running.heard.at(-1)).toBe('ended');
    expect(running.endings()).toBe(1);
  });
});

describe.skipIf(realServer !== undefined)('a log of which a scavenge has removed a part', () => {
  const idsAfter = async (place: Place, prefix: string): Promise<readonly string[]> => {
    const bare = clientOf(driven().connection);
    const ids: string[] = [];
    const filter = db.streamNameFilter({ prefixes: [prefix] });
    const subscription = bare.subscribeToAll({ credentials, fromPosition: place, filter });
    subscription.on('error', () => undefined);
    subscription.on('data', ({ event }: AllStreamResolvedEvent) => ids.push(event?.id ?? ''));
    await pause(150);
    await subscription.unsubscribe();
    await bare.dispose();
    return ids;
  };

  test('brings what comes behind a place whose record is gone, where the client passes over it', async () => {
    const { cluster, server } = driven();
    const [prefix, doomed] = [aPrefix(), `flesh-${aPrefix()}`];
    await cluster.append(doomed, -1, [aRecord()]);
    const ids = await written(prefix, 3);
    const [gone] = server()
      .log.records()
      .filter(({ stream }) => stream === doomed);
    const place = { commit: BigInt(gone?.position ?? 0), prepare: BigInt(gone?.position ?? 0) };
    expect(await idsAfter(place, prefix)).toEqual(ids);

    await cluster.tombstone(doomed);
    server().log.scavenge();
    expect(await idsAfter(place, prefix)).toEqual(ids.slice(1));

    const heard = hearing();
    const { stop } = cluster.follow(place, [prefix], heard.listener);
    const more = await written(prefix, 1);
    await until(() => heard.ids().length === 4);
    stop();
    expect(heard.ids()).toEqual([...ids, ...more]);
    expectRising(heard.places());
  });
});
