/** How much is done at once, so that it takes about as long as it may. */
export type Slices = {
  /** How many things the next slice may have. */
  readonly most: () => number;
  /** Begins a slice; what it gives back is told how many things it had. */
  readonly begin: () => (count: number) => void;
  /** Gives the slices from now on twice the time. */
  readonly lengthen: () => void;
};

/** How many things the first slice has for each of its milliseconds, and how many a later one may have: where it lasts longer, fewer commits write less. */
const perMillisecond = 4;
const mostPerMillisecond = 20;
const largest = 500;
const growth = 2;

/** Slices of about so many milliseconds: how long a thing takes is learned from those before, and none is much larger than the last. */
export const slicesOf = (milliseconds: number): Slices => {
  const limit = Math.max(largest, milliseconds * mostPerMillisecond);
  let [most, budget] = [Math.max(1, Math.min(largest, milliseconds * perMillisecond)), milliseconds];
  return {
    most: () => most,
    begin: () => {
      const began = performance.now();
      return (count) => {
        const each = (performance.now() - began) / Math.max(1, count);
        most = Math.max(1, Math.min(limit, most * growth, Math.floor(budget / Math.max(each, Number.EPSILON))));
      };
    },
    lengthen: () => {
      budget *= growth;
    },
  };
};
