import { setImmediate as turnOfOthers } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { StoredEvent, StoreError } from '../eventStore/eventStore.ts';
import { readEvent } from '../eventStore/shapes.ts';
import { inTransaction } from '../eventStore/transaction.ts';
import { checkpoint, type Group } from './checkpoints.ts';
import { followLog, type Log, type Pace, type Progress } from './following.ts';
import { dropIndexes, makeIndexes } from './indexes.ts';
import { apply, readingOnce } from './runner.ts';

/** As long as others wait for the same event loop. */
export const besideOthers: Pace = { milliseconds: 4, turn: turnOfOthers };

/** Where nobody waits yet, as at an opening: few commits, and no turns between. */
export const undisturbed: Pace = { milliseconds: 200, turn: async () => undefined };

/** So many events are sooner followed without the indexes that only views ask, which are then made at once. */
const manyEvents = 1_000;

type Groups = readonly [Group, ...Group[]];

const positionIn = (db: Database, groups: Groups): number => Math.min(...groups.map((group) => checkpoint(db, group)));

/** Applies a slice to each group in one transaction: what another call has applied meanwhile is left out. */
const applyTo =
  (db: Database, groups: Groups) =>
  (events: readonly StoredEvent[], after: number): Promise<E.Either<StoreError, void>> =>
    inTransaction(db, () => {
      const reading = groups.length > 1 ? readingOnce() : readEvent;
      for (const group of groups) {
        const seen = checkpoint(db, group) - after;
        if (seen >= 0) apply(db, group, events.slice(seen), reading);
      }
    });

/** Fills empty tables without the indexes that only views ask, and makes those when it is done, or has failed. */
const filling = async <A>(
  db: Database,
  groups: Groups,
  fill: () => Promise<E.Either<StoreError, A>>,
): Promise<E.Either<StoreError, A>> => {
  const dropped = await inTransaction(db, () => dropIndexes(db, groups));
  if (E.isLeft(dropped)) return dropped;
  const filled = await fill();
  const made = await inTransaction(db, () => makeIndexes(db, groups));
  return E.isLeft(made) && E.isRight(filled) ? made : filled;
};

/**
 * Brings groups of read models up to the end of the log, in slices between which others have their turn. It ends only when there is nothing
 * more at that instant, so that the next append finds them caught up and moves them itself.
 */
export const catchUp = async (
  events: Log,
  db: Database,
  group: Group | Groups,
  onProgress: Progress = () => undefined,
  pace: Pace = besideOthers,
): Promise<E.Either<StoreError, number>> => {
  const groups: Groups = typeof group === 'string' ? [group] : group;
  const follow = () =>
    followLog({
      ...{ events, pace, onProgress },
      position: () => positionIn(db, groups),
      apply: applyTo(db, groups),
      mayGoOn: () => E.right(undefined),
    });
  if (pace !== undisturbed || groups.some((one) => checkpoint(db, one) > 0)) return follow();
  const last = await events.lastPosition()();
  if (E.isLeft(last)) return last;
  return last.right < manyEvents ? follow() : filling(db, groups, follow);
};
