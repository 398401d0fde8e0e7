import type { PersistentSubscriptionToAllResolvedEvent } from '@eventstore/db-client';
import * as E from 'fp-ts/lib/Either.js';
import type { Consumer, Stop } from './cluster.ts';
import type { Connection } from './driver.ts';
import { ignore, type Outcome, persistently } from './driverCalls.ts';
import { type Course, run, type Source } from './driverCourses.ts';
import { isThere } from './driverErrors.ts';
import { recordOf } from './driverRecords.ts';

/** How many records a consumer may hold that it is not done with. */
const mostAtOnce = 512;

/** Takes records as one of a group. */
export const consumeWith = (connection: Connection, group: string, { task, ended }: Consumer): Stop => {
  const { client, credentials } = connection;
  type Subscription = ReturnType<typeof client.subscribeToPersistentSubscriptionToAll>;
  let subscription: Subscription | undefined;
  const open = (): Source<PersistentSubscriptionToAllResolvedEvent> => {
    subscription = client.subscribeToPersistentSubscriptionToAll(group, {
      ...credentials,
      requiresLeader: true,
      bufferSize: mostAtOnce,
    });
    return subscription;
  };
  const take = (item: PersistentSubscriptionToAllResolvedEvent, course: Course): void => {
    let isDone = false;
    const done = (): void => {
      if (!isDone && !course.isOver()) subscription?.ack(item).catch(ignore);
      isDone = true;
    };
    if (item.event === undefined) done();
    else task({ record: recordOf(item.event), done });
  };
  return run(connection, { ended, open, take });
};

const aDay = 24 * 60 * 60 * 1000;

/** Whoever has a record keeps it until its connection is lost; nothing is set aside for having been tried too often. */
const groupSettings = {
  startFrom: 'start',
  messageTimeout: aDay,
  maxRetryCount: 1_000_000_000,
  consumerStrategyName: 'RoundRobin',
  checkPointAfter: 1000,
  checkPointLowerBound: 1,
  checkPointUpperBound: 100,
} as const;

const made: Outcome<void> = E.right(undefined);

/** Makes a group of consumers, unless it is there. */
export const addGroupWith = (
  connection: Connection,
  group: string,
  prefixes: readonly string[],
): Promise<Outcome<void>> => {
  const { driver, client, credentials } = connection;
  const settings = driver.persistentSubscriptionToAllSettingsFromDefaults(groupSettings);
  const filter = driver.streamNameFilter({ prefixes: [...prefixes] });
  return persistently(connection, (deadline) => {
    const options = { ...credentials, requiresLeader: true, deadline, filter };
    const created = client.createPersistentSubscriptionToAll(group, settings, options);
    return {
      result: created.then(
        () => made,
        (error) => (isThere(error) ? made : Promise.reject(error)),
      ),
    };
  });
};
