/** How much is done at once, so that it takes about as long as it may. */
export type Slices = {
  /** How many things the next slice may have. */
  readonly most: () => number;
  /** Begins a slice; what it gives back is told how many things it had. */
  readonly begin: () => (count: number) => void;
  /** Gives the slices from now on twice the time. */
  readonly lengthen: () => void;
};

/** How many things the first slice has for each of its milliseconds. */
const perMillisecond = 4;
const largest = 500;
const growth = 2;

/** Slices of about so many milliseconds: how long a thing takes is learned from those before, and none is much larger than the last. */
export const slicesOf = (milliseconds: number): Slices => {
  let [most, budget] = [Math.max(1, Math.min(largest, milliseconds * perMillisecond)), milliseconds];
  return {
    most: () => most,
    begin: () => {
      const began = performance.now();
      return (count) => {
        const each = (performance.now() - began) / Math.max(1, count);
        most = Math.max(1, Math.min(largest, most * growth, Math.floor(budget / Math.max(each, Number.EPSILON))));
      };
    },
    lengthen: () => {
      budget *= growth;
    },
  };
};
