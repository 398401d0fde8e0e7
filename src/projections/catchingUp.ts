import { setImmediate as turnOfOthers } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, StoreError } from '../eventStore/eventStore.ts';
import { inTransaction } from '../eventStore/transaction.ts';
import { checkpoint, type Group } from './checkpoints.ts';
import { apply } from './runner.ts';
import { type Slices, slicesOf } from './slices.ts';

/** What read models are made from. */
export type Log = Pick<EventStore, 'readAll' | 'lastPosition'>;

/** Told how many events are done with, of how many. */
export type Progress = (done: number, total: number) => void;

/** How long a slice may hold the event loop, and what is waited for between two. */
export type Pace = { readonly milliseconds: number; readonly turn: () => Promise<unknown> };

/** As long as others wait for the same event loop. */
export const besideOthers: Pace = { milliseconds: 4, turn: turnOfOthers };

/** Where nobody waits yet, as at an opening: few commits, and no turns between. */
export const undisturbed: Pace = { milliseconds: 200, turn: async () => undefined };

/** Applies the next slice of the log in one transaction with its checkpoint; false when there is none. */
const step = async (
  events: Log,
  db: Database,
  group: Group,
  slices: Slices,
): Promise<E.Either<StoreError, boolean>> => {
  const at = checkpoint(db, group);
  const next = await events.readAll(at, slices.most())();
  if (E.isLeft(next) || next.right.length === 0) return E.map(() => false)(next);
  const took = slices.begin();
  const applied = await inTransaction(db, () => {
    // Another call may have moved on meanwhile: then this slice has been applied already.
    if (checkpoint(db, group) === at) apply(db, group, next.right);
  });
  took(next.right.length);
  return E.map(() => true)(applied);
};

/**
 * Brings a group of read models up to the end of the log, in slices between which others have their turn. It ends only when there is nothing
 * more at that instant, so that the next append finds them caught up and moves them itself; slices grow where the log grows faster than it
 * is followed.
 */
export const catchUp = async (
  events: Log,
  db: Database,
  group: Group,
  onProgress: Progress = () => undefined,
  { milliseconds, turn }: Pace = besideOthers,
): Promise<E.Either<StoreError, number>> => {
  const slices = slicesOf(milliseconds);
  for (let behind = Number.POSITIVE_INFINITY; ; ) {
    const last = await events.lastPosition()();
    if (E.isLeft(last)) return last;
    const left = last.right - checkpoint(db, group);
    if (left <= 0) return E.right(checkpoint(db, group));
    if (left >= behind) slices.lengthen();
    if (behind < Number.POSITIVE_INFINITY) await turn();
    behind = left;
    const moved = await step(events, db, group, slices);
    if (E.isLeft(moved)) return moved;
    if (!moved.right) return E.right(checkpoint(db, group));
    onProgress(checkpoint(db, group), last.right);
  }
};
