import type { AllStreamResolvedEvent, AllStreamSubscription } from '@eventstore/db-client';
import * as E from 'fp-ts/lib/Either.js';
import type { Following, Listener, Place, StoredRecord } from './cluster.ts';
import type { Connection } from './driver.ts';
import { type Course, run, type Source } from './driverCourses.ts';
import { isBehind, recordOf } from './driverRecords.ts';
import { firstBehind } from './driverStreams.ts';

/** How many records of others a server looks through before it says how far it has come. */
const window = 500;

/** What comes to a listener: in order, and nothing twice. */
const inOrder = (after: Place | undefined, listener: Listener) => {
  let last = after;
  const isNew = (place: Place): boolean => {
    const isLater = last === undefined || isBehind(place, last);
    if (isLater) last = place;
    return isLater;
  };
  return {
    record: (record: StoredRecord): void => {
      if (isNew(record.place)) listener.record(record);
    },
    passed: (place: Place): void => {
      if (isNew(place)) listener.passed(place);
    },
  };
};

type Reason = 'asked' | 'bridging';

/** A subscription that is held back for as long as there is a reason to. */
const gated = () => {
  const reasons = new Set<Reason>();
  let subscription: AllStreamSubscription | undefined;
  let emptied: (() => void) | undefined;
  const isEmpty = (): boolean => !reasons.has('bridging') && subscription?.readableLength === 0;
  const look = (): void => {
    if (isEmpty()) emptied?.();
  };
  return {
    opened: (opened: AllStreamSubscription): void => {
      subscription = opened;
      if (reasons.size > 0) opened.pause();
    },
    hold: (reason: Reason): void => {
      reasons.add(reason);
      subscription?.pause();
    },
    release: (reason: Reason): void => {
      reasons.delete(reason);
      if (reasons.size === 0) subscription?.resume();
      look();
    },
    /** To be called after each record that was taken. */
    look,
    /** Waits until what has come so far has been taken. */
    empty: (): Promise<void> =>
      new Promise((resolve) => {
        emptied = resolve;
        look();
      }),
  };
};

/**
 * Follows what is written to streams, from a place on.
 *
 * A server up to 23.10 begins behind the first record that it finds at or after the place: that is the one at the place, or, where a scavenge has
 * removed that, one which nobody was given. So the first record behind the place is read by itself, before what the subscription brings.
 */
export const followWith = (
  connection: Connection,
  after: Place | undefined,
  prefixes: readonly string[],
  listener: Listener,
): Following => {
  const { driver, client, credentials } = connection;
  const { record, passed } = inOrder(after, listener);
  const gate = gated();
  const bridge = async (place: Place, course: Course): Promise<void> => {
    const next = await firstBehind(connection, place);
    if (course.isOver()) return;
    if (E.isLeft(next)) return course.over(listener.ended);
    const { right: found } = next;
    if (found !== undefined && prefixes.some((prefix) => found.stream.startsWith(prefix))) record(found);
    gate.release('bridging');
  };
  const open = (course: Course): Source<AllStreamResolvedEvent> => {
    const filter = driver.streamNameFilter({
      prefixes: [...prefixes],
      maxSearchWindow: window,
      checkpointInterval: 1,
      checkpointReached: async (_, place) => {
        // A place is not passed before the records in front of it, which may still wait in the subscription.
        await gate.empty();
        if (!course.isOver()) passed(place);
      },
    });
    const subscription = client.subscribeToAll({ ...credentials, fromPosition: after ?? 'start', filter });
    if (after !== undefined) {
      gate.hold('bridging');
      subscription.once('confirmation', () => void bridge(after, course));
    }
    gate.opened(subscription);
    return subscription;
  };
  const take = ({ event }: AllStreamResolvedEvent): void => {
    if (event !== undefined) record(recordOf(event));
    gate.look();
  };
  const stop = run(connection, { ended: listener.ended, open, take });
  return { stop, pause: () => gate.hold('asked'), resume: () => gate.release('asked') };
};
