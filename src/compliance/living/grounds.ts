import type { Folja } from '../../folja.ts';
import type { FoljaOptions } from '../../foljaOptions.ts';

/** What a host's `open` is given: the clock of the run, and where notifications go. */
export type Given = {
  readonly clock: () => Date;
  readonly deliver: NonNullable<FoljaOptions['deliver']>;
};

/** Where one run is lived. */
export type Ground = {
  readonly open: (given: Given) => Promise<Folja>;
  /** Every byte that lies in its files, where they can be looked into. */
  readonly files: () => readonly Buffer[];
  /** Whether what was written is there when it is opened again. */
  readonly outlives: boolean;
  readonly remove: () => void;
};

/** Where runs are lived: each on an empty ground of its own, or on a copy of one that was filled once. */
export type Grounds = {
  readonly fresh: () => Ground;
  /** Fills a ground, and gives as many copies of it as are wanted. */
  readonly copies?: (fill: (ground: Ground) => Promise<void>) => Promise<() => Ground>;
};

/** The grounds of a host: whatever its `open` gives, each time a new one. */
export const groundsOf = (open: Ground['open']): Grounds => ({
  fresh: () => ({ open, files: () => [], outlives: false, remove: () => undefined }),
});
