import * as E from 'fp-ts/lib/Either.js';
import type { Core } from '../access/core.ts';
import { dayOf } from '../domain/time.ts';
import type { Sharing } from '../eventStore/engine.ts';
import type { StoreError } from '../eventStore/eventStore.ts';
import { inTransaction } from '../eventStore/transaction.ts';
import { checkpointIfBegun, setCheckpoint } from '../projections/checkpoints.ts';
import { beginDeadlines, plansNotedThrough } from '../projections/notifications/deadlines.ts';

/** What the outbox begins with; `sharing` where several nodes have one each. */
export type Beginning = Pick<Core, 'events' | 'readModels' | 'now'> & { readonly sharing?: Sharing | undefined };

/** The nodes of a cluster tell of deadlines since the day that the first of them has told. */
const beginTogether = async ({ readModels, now }: Beginning, sharing: Sharing): Promise<E.Either<StoreError, void>> => {
  if (plansNotedThrough(readModels) !== undefined) return E.right(undefined);
  const told = await sharing.tell({ type: 'notifications-begun', data: { day: dayOf(now().toISOString()) } })();
  return E.map(() => undefined)(told);
};

/**
 * Lets the outbox begin where it has not yet, with the next event and this day: what happened before it was there is told to nobody. To be
 * called before the read models are caught up.
 */
export const beginOutbox = async (beginning: Beginning): Promise<E.Either<StoreError, void>> => {
  const { events, readModels, now, sharing } = beginning;
  if (sharing !== undefined) return beginTogether(beginning, sharing);
  const last = await events.lastPosition()();
  if (E.isLeft(last)) return last;
  return inTransaction(readModels, () => {
    if (checkpointIfBegun(readModels, 'outbox') !== undefined) return;
    setCheckpoint(readModels, 'outbox', last.right);
    beginDeadlines(readModels, dayOf(now().toISOString()));
  });
};
