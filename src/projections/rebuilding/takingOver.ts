import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { StoreError } from '../../eventStore/eventStore.ts';
import { inTransaction } from '../../eventStore/transaction.ts';
import type { Pace } from '../following.ts';
import { copyIn } from './passing.ts';

/** Why a rebuild does not go on where it is: what it has built was taken away, or whoever asked for it ends. */
export type Interruption = { readonly kind: 'discarded' } | { readonly kind: 'stopped' };
export type Ending = StoreError | Interruption;

/** A rebuild under way, as those see it who write to the live database. */
export type Live = {
  readonly live: Database;
  /** How long a transaction may keep others from writing, and what is waited for before the next. */
  readonly writing: Pace;
  /** Whether it may go on; asked before each slice. */
  readonly mayGoOn: () => E.Either<Interruption, void>;
};

/** That what was built was taken away, as by a purge: it is to be built again from nothing. */
export const discarded: Interruption = { kind: 'discarded' };

/** How a turn to write is waited for: where much is written, who seldom asks seldom gets one. */
const often = { attempts: 10_000, longestPause: 1 };

/** Says whether the time of a slice is over. */
type IsOver = () => boolean;

const timer = (milliseconds: number): IsOver => {
  const until = performance.now() + milliseconds;
  return () => performance.now() >= until;
};

/** Does some work in one short transaction on the live database, when it is its turn. */
export const slice = async <A>(
  { live, writing, mayGoOn }: Live,
  work: (isOver: IsOver) => E.Either<Ending, A>,
): Promise<E.Either<Ending, A>> => {
  const going = mayGoOn();
  if (E.isLeft(going)) return going;
  await writing.turn();
  const done = await inTransaction(live, () => work(timer(writing.milliseconds)), often);
  return E.isLeft(done) ? done : done.right;
};

/** The same for a copy: nothing is written once it is known to be of no use. */
export const copyingSlice = <A>(
  live: Live,
  copy: number,
  work: (isOver: IsOver) => E.Either<Ending, A>,
): Promise<E.Either<Ending, A>> =>
  slice(live, (isOver) => (copyIn(live.live) === copy ? work(isOver) : E.left(discarded)));
