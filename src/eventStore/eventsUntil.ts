import { setImmediate as nextTurn } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { EventStore, StoredEvent, StoreError } from './eventStore.ts';

type Reading = TaskEither<StoreError, readonly StoredEvent[]>;

/** Where a log ends for whoever is to see it as it was after a position. */
export const logUntil = (
  { readAll }: Pick<EventStore, 'readAll'>,
  until: number,
): Pick<EventStore, 'readAll' | 'lastPosition'> => ({
  readAll: (after, limit) =>
    after >= until ? async () => E.right([]) : readAll(after, Math.min(limit, until - after)),
  lastPosition: () => async () => E.right(until),
});

/**
 * A log as it was after a position, for read models and histories of then. What lies beside the events is that of today: what was erased is
 * erased in every past. Nothing can be appended to it.
 */
export const eventsUntil = (events: EventStore, until: number): EventStore => {
  const upTo =
    (reading: Reading): Reading =>
    async () =>
      E.map((read: readonly StoredEvent[]) => read.filter(({ position }) => position <= until))(await reading());
  const { knownHead: _, ...reading } = events;
  const log = logUntil(events, until);
  return {
    ...reading,
    append: () => async () => E.left({ kind: 'unavailable', retry: false }),
    read: (stream, from) => upTo(events.read(stream, from)),
    readAll: (after, limit) => async () => {
      // A long history is read in many pages: between two of them others have their turn.
      await nextTurn();
      return log.readAll(after, limit)();
    },
    find: (ids) => upTo(events.find(ids)),
    lastPosition: log.lastPosition,
  };
};
