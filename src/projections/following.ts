import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, StoredEvent, StoreError } from '../eventStore/eventStore.ts';
import { type Slices, slicesOf } from '../eventStore/slices.ts';

/** What read models are made from. */
export type Log = Pick<EventStore, 'readAll' | 'lastPosition'>;

/** Told how many events are done with, of how many. */
export type Progress = (done: number, total: number) => void;

/** How long a slice may hold the event loop, and what is waited for between two. */
export type Pace = { readonly milliseconds: number; readonly turn: () => Promise<unknown> };

/** Read models that follow a log. */
export type Following<Interruption> = {
  readonly events: Log;
  readonly pace: Pace;
  /** How far they have come. */
  readonly position: () => number;
  /** Applies events from a position on in one transaction; what others have applied meanwhile is left out. */
  readonly apply: (events: readonly StoredEvent[], after: number) => Promise<E.Either<StoreError, void>>;
  /** Asked before each slice. */
  readonly mayGoOn: () => E.Either<Interruption, void>;
  /** Told before the first slice and after each. */
  readonly onProgress: Progress;
};

/** Applies the next slice of the log; false when there is none. */
const step = async (
  { events, position, apply }: Following<unknown>,
  slices: Slices,
): Promise<E.Either<StoreError, boolean>> => {
  const after = position();
  const next = await events.readAll(after, slices.most())();
  if (E.isLeft(next) || next.right.length === 0) return E.map(() => false)(next);
  const took = slices.begin();
  const applied = await apply(next.right, after);
  took(next.right.length);
  return E.map(() => true)(applied);
};

/**
 * Brings read models up to the end of the log, in slices between which others have their turn; gives the position to which they have come. It ends
 * only when there is nothing more at that instant; slices grow where the log grows faster than it is followed.
 */
export const followLog = async <Interruption = never>(
  following: Following<Interruption>,
): Promise<E.Either<StoreError | Interruption, number>> => {
  const { events, pace, position, mayGoOn, onProgress } = following;
  const slices = slicesOf(pace.milliseconds);
  for (let behind = Number.POSITIVE_INFINITY; ; ) {
    const going = mayGoOn();
    if (E.isLeft(going)) return going;
    const last = await events.lastPosition()();
    if (E.isLeft(last)) return last;
    const at = position();
    onProgress(at, last.right);
    const left = last.right - at;
    if (left <= 0) return E.right(at);
    if (left >= behind) slices.lengthen();
    if (behind < Number.POSITIVE_INFINITY) await pace.turn();
    behind = left;
    const moved = await step(following, slices);
    if (E.isLeft(moved)) return moved;
    if (!moved.right) return E.right(position());
  }
};
