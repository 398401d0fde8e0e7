import * as E from 'fp-ts/lib/Either.js';
import type { Core } from '../access/core.ts';
import { dayOf } from '../domain/time.ts';
import type { StoreError } from '../eventStore/eventStore.ts';
import { inTransaction } from '../eventStore/transaction.ts';
import { checkpointIfBegun, setCheckpoint } from '../projections/checkpoints.ts';
import { beginDeadlines } from '../projections/notifications/deadlines.ts';

/**
 * Lets the outbox begin where it has not yet, with the next event and this day: what happened before it was there is told to nobody. To be
 * called before the read models are caught up.
 */
export const beginOutbox = async ({
  events,
  readModels,
  now,
}: Pick<Core, 'events' | 'readModels' | 'now'>): Promise<E.Either<StoreError, void>> => {
  const last = await events.lastPosition()();
  if (E.isLeft(last)) return last;
  return inTransaction(readModels, () => {
    if (checkpointIfBegun(readModels, 'outbox') !== undefined) return;
    setCheckpoint(readModels, 'outbox', last.right);
    beginDeadlines(readModels, dayOf(now().toISOString()));
  });
};
