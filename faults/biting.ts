import { both, nothingTried, type Tally, type Try } from './fault.ts';

/** Up to so many tries are a look whether a control bites at all; more tell how often it does. */
const few = 12;
const apart = 7_919;

/** Tries without a protection until the fault is not survived, where few tries are asked for: not every moment of a fault does harm. */
export const untilItBites =
  (run: Try): Try =>
  async (trying): Promise<Tally> => {
    if (trying.tries > few) return run(trying);
    let tally = nothingTried;
    for (let number = 0; number < trying.tries; number += 1) {
      const came = await run({ ...trying, tries: 1, seed: trying.seed + number * apart });
      tally = both(tally, came);
      trying.onProgress(number + 1, trying.tries);
      if (came.survived < came.happened) break;
    }
    return tally;
  };
