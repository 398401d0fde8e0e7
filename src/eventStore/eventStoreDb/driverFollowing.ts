import type { AllStreamResolvedEvent, AllStreamSubscription } from '@eventstore/db-client';
import * as E from 'fp-ts/lib/Either.js';
import type { Following, Listener, Place, StoredRecord } from './cluster.ts';
import type { Connection } from './driver.ts';
import { type Course, run, type Source } from './driverCourses.ts';
import { isBehind, recordOf } from './driverRecords.ts';
import { firstBehind } from './driverStreams.ts';

/** What comes to a listener: in order, and nothing twice. */
const inOrder = (after: Place | undefined, listener: Listener) => {
  let last = after;
  return (record: StoredRecord): void => {
    if (last !== undefined && !isBehind(record.place, last)) return;
    last = record.place;
    listener.record(record);
  };
};

type Reason = 'asked' | 'bridging';

/** A subscription that is held back for as long as there is a reason to. */
const gated = () => {
  const reasons = new Set<Reason>();
  let subscription: AllStreamSubscription | undefined;
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
    },
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
  const record = inOrder(after, listener);
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
    const filter = driver.streamNameFilter({ prefixes: [...prefixes] });
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
  };
  const stop = run(connection, { ended: listener.ended, open, take });
  return { stop, pause: () => gate.hold('asked'), resume: () => gate.release('asked') };
};
