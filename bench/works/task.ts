import type { Filled } from '../places.ts';
import type { Tell } from '../rounds.ts';
import type { Row } from '../rows.ts';

/** How much of each work of an event store is done in a round. */
export type Amounts = { readonly commits: number; readonly replayed: number; readonly caughtUp: number };

/** What a part of the bench is to measure, as its process is told. */
export type Params = {
  readonly rounds: number;
  /** True where less of everything is done. */
  readonly isQuick: boolean;
  readonly seed: number;
  /** The smallest store, and the one that is compared with it; none where a part makes its own. */
  readonly stores: readonly Filled[];
  /** True for the first of several that compare with the smallest: it tells the rows of that, too. */
  readonly isFirst?: boolean;
  /** Which of the works of a part, and how many at once. */
  readonly work?: string;
  readonly atOnce?: number;
  /** How much of a work of the event store is done in a round, where not as usual. */
  readonly amounts?: Amounts;
};

/** Measures a part of the bench. */
export type Task = (params: Params, tell: Tell) => Promise<readonly Row[]>;
