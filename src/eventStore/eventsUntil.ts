import { setImmediate as nextTurn } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { EventStore, StoredEvent, StoreError } from './eventStore.ts';

type Reading = TaskEither<StoreError, readonly StoredEvent[]>;

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
  return {
    ...reading,
    append: () => async () => E.left({ kind: 'unavailable', retry: false }),
    read: (stream, from) => upTo(events.read(stream, from)),
    readAll: (after, limit) => async () => {
      // A long history is read in many pages: between two of them others have their turn.
      await nextTurn();
      return after >= until ? E.right([]) : upTo(events.readAll(after, limit))();
    },
    find: (ids) => upTo(events.find(ids)),
    lastPosition: () => async () => E.right(until),
  };
};
