import { randomUUID } from 'node:crypto';
import {
  type PersistentAction,
  type PersistentSubscriptionToAllSettings,
  persistentSubscriptionToAllSettingsFromDefaults,
  streamNameFilter,
} from '@eventstore/db-client';
import { describe, expect, test } from 'vitest';
import { append, aStream, clientOf, credentials, events, kindOf, outcomeOf, pause, until } from './clients.ts';
import { connectedForTests } from './connected.ts';

const connected = connectedForTests();

const settings = (changed: Partial<PersistentSubscriptionToAllSettings> = {}): PersistentSubscriptionToAllSettings => ({
  ...persistentSubscriptionToAllSettingsFromDefaults({ startFrom: 'start' }),
  checkPointAfter: 1_000,
  ...changed,
});

/** A group over the streams of a family of its own. */
const aGroup = async (changed: Partial<PersistentSubscriptionToAllSettings> = {}) => {
  const family = `family-${randomUUID()}`;
  const group = `group-${randomUUID()}`;
  const { client } = connected();
  await client.createPersistentSubscriptionToAll(group, settings(changed), {
    filter: streamNameFilter({ prefixes: [family] }),
    credentials,
  });
  return { family, group, stream: `${family}-1` };
};

/** Joins a group; what it is given is done with at once unless it is to be kept. */
const consume = (group: string, answer: 'ack' | 'keep' | PersistentAction = 'ack', bufferSize = 10) => {
  const { connection } = connected();
  const client = clientOf(connection);
  const subscription = client.subscribeToPersistentSubscriptionToAll(group, { bufferSize });
  const tasks: { readonly id: string; readonly retries: number; readonly done: () => Promise<void> }[] = [];
  const ended: string[] = [];
  const state = { isThere: false };
  subscription.on('confirmation', () => {
    state.isThere = true;
  });
  subscription.on('error', (error) => ended.push(kindOf(error)));
  subscription.on('data', (event) => {
    const done = () => subscription.ack(event);
    tasks.push({ id: event.event?.id ?? '', retries: event.retryCount, done });
    if (answer === 'ack') done().catch(() => {});
    else if (answer !== 'keep') subscription.nack(answer, 'a test says so', event).catch(() => {});
  });
  const leave = async (): Promise<void> => {
    await subscription.unsubscribe();
    await client.dispose();
  };
  return {
    tasks,
    ended,
    state,
    leave,
    ids: () => tasks.map(({ id }) => id),
    retries: () => tasks.map((task) => task.retries),
  };
};

const idsOf = (of: ReturnType<typeof events>): readonly string[] => of.map(({ id }) => id);

describe('a group of consumers', () => {
  test('is made once, and is there until it is removed', async () => {
    const { client } = connected();
    const { group } = await aGroup();
    expect(await outcomeOf(client.createPersistentSubscriptionToAll(group, settings()))).toBe(
      'persistent-subscription-exists',
    );
    const info = await client.getPersistentSubscriptionToAllInfo(group);
    expect(info.groupName).toBe(group);
    expect(info.settings.messageTimeout).toBe(30_000);
    const all = await client.listPersistentSubscriptionsToAll();
    expect(all.map(({ groupName }) => groupName)).toContain(group);
    await client.deletePersistentSubscriptionToAll(group);
    expect(await outcomeOf(client.deletePersistentSubscriptionToAll(group))).toBe(
      'persistent-subscription-does-not-exist',
    );
    const consumer = consume(group);
    await until(() => consumer.ended.length === 1);
    expect(consumer.ended).toEqual(['persistent-subscription-does-not-exist']);
  });

  test('ends for its consumers when it is removed', async () => {
    const { client } = connected();
    const { group } = await aGroup();
    const consumer = consume(group);
    await until(() => consumer.state.isThere);
    await client.deletePersistentSubscriptionToAll(group);
    await until(() => consumer.ended.length === 1);
    expect(consumer.ended).toEqual(['persistent-subscription-dropped']);
  });

  test('takes no more consumers than it may have', async () => {
    const { group } = await aGroup({ maxSubscriberCount: 1 });
    const first = consume(group);
    await until(() => first.state.isThere);
    const second = consume(group);
    await until(() => second.ended.length === 1);
    expect(second.ended).toEqual(['maximum-subscribers-reached']);
    await first.leave();
  });
});

describe('the records of a group', () => {
  test('fall to its consumers in turn, each record to one of them', async () => {
    const { client } = connected();
    const { group, stream } = await aGroup();
    const [one, two] = [consume(group), consume(group)];
    await until(() => one.state.isThere && two.state.isThere);
    const written = events(10);
    await append(client, aStream('other'), 'any', events(5));
    await append(client, stream, 'no_stream', written);
    await until(() => one.tasks.length + two.tasks.length >= 10);
    await pause(30);
    expect([...one.ids(), ...two.ids()].sort()).toEqual([...idsOf(written)].sort());
    expect(one.tasks.length).toBe(5);
    expect([...one.retries(), ...two.retries()]).toEqual(Array.from({ length: 10 }, () => 0));
    await one.leave();
    await two.leave();
  });

  test('that a consumer had when its connection was lost fall to another', async () => {
    const { client } = connected();
    const { group, stream } = await aGroup();
    const written = events(4);
    await append(client, stream, 'no_stream', written);
    const lost = consume(group, 'keep');
    await until(() => lost.tasks.length === 4);
    await lost.tasks[0]?.done();
    await pause(50);
    const heir = consume(group);
    await until(() => heir.state.isThere);
    expect(heir.tasks).toEqual([]);
    await lost.leave();
    await until(() => heir.tasks.length >= 3);
    await pause(30);
    expect(heir.ids()).toEqual(idsOf(written).slice(1));
    expect(heir.retries()).toEqual([1, 1, 1]);
    await heir.leave();
  });

  test('are held back from a consumer that has as many as it can take', async () => {
    const { client } = connected();
    const { group, stream } = await aGroup();
    await append(client, stream, 'no_stream', events(5));
    const consumer = consume(group, 'keep', 2);
    await until(() => consumer.tasks.length === 2);
    await pause(50);
    expect(consumer.tasks).toHaveLength(2);
    await consumer.tasks[1]?.done();
    await until(() => consumer.tasks.length === 3);
    await consumer.leave();
  });

  test('are given again after their time, and parked when that was often enough', async () => {
    const { client } = connected();
    const { group, stream } = await aGroup({ messageTimeout: 100, maxRetryCount: 2 });
    const consumer = consume(group, 'keep');
    await append(client, stream, 'no_stream', events(1));
    await until(() => consumer.tasks.length === 3, 8_000);
    expect(consumer.retries()).toEqual([0, 1, 2]);
    const parked = async () => (await client.getPersistentSubscriptionToAllInfo(group)).stats.parkedMessageCount;
    for (let tries = 0; tries < 300 && (await parked()) === 0n; tries += 1) await pause(10);
    expect(await parked()).toBe(1n);
    await client.replayParkedMessagesToAll(group);
    await until(() => consumer.tasks.length === 4);
    await consumer.leave();
  });

  test('are given again, parked or left out as a consumer says', async () => {
    const { client } = connected();
    for (const [action, times] of [
      ['retry', 3],
      ['park', 1],
      ['skip', 1],
    ] as const) {
      const { group, stream } = await aGroup({ maxRetryCount: 2 });
      await append(client, stream, 'no_stream', events(1));
      const consumer = consume(group, action);
      await until(() => consumer.tasks.length === times);
      await pause(50);
      expect([action, consumer.tasks.length]).toEqual([action, times]);
      await consumer.leave();
    }
  });

  test('begin behind what was done when the group goes on after a pause', async () => {
    const { client } = connected();
    const { group, stream } = await aGroup();
    const written = events(3);
    await append(client, stream, 'no_stream', written);
    const first = consume(group);
    await until(() => first.tasks.length === 3);
    await pause(50);
    await first.leave();
    const more = events(2);
    await append(client, stream, 2n, more);
    const second = consume(group);
    await until(() => second.tasks.length >= 2);
    await pause(30);
    expect(second.ids()).toEqual(idsOf(more));
    await second.leave();
  });

  test.skipIf(process.env.FOLJA_EVENTSTORE)(
    'are given again from the checkpoint on when another server leads',
    async () => {
      const { client, server } = connected();
      const { group, stream } = await aGroup({ checkPointUpperBound: 2, checkPointLowerBound: 1 });
      const written = events(5);
      await append(client, stream, 'no_stream', written);
      const first = consume(group);
      await until(() => first.tasks.length === 5);
      await pause(20);
      const port = server?.port;
      server?.cluster.elect(undefined);
      await until(() => first.ended.length === 1);
      expect(first.ended).toEqual(['persistent-subscription-dropped']);
      server?.cluster.elect(port);
      const second = consume(group);
      await until(() => second.tasks.length >= 1);
      expect(idsOf(written).slice(4)).toEqual(second.ids());
      await second.leave();
    },
  );
});
