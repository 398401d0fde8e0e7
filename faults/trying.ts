import { type Random, seeded } from '../simulation/random.ts';
import { both, nothingTried, type Tally, type Trying } from './fault.ts';

/** Seeds of tries that lie so far apart that two runs with seeds side by side try other things. */
const apart = 100_003;

const chanceOf = (seed: number, index: number): Random => seeded(seed * apart + index);

/** Tries something as often as is asked for, some at the same time, each with its own chance: the same seed tries the same. */
export const eachTry = async (
  { tries, seed, onProgress }: Trying,
  one: (random: Random, index: number) => Promise<Tally>,
  together = 1,
): Promise<Tally> => {
  let [tally, next, done] = [nothingTried, 0, 0];
  const work = async (): Promise<void> => {
    while (next < tries) {
      const index = next;
      next += 1;
      const came = await one(chanceOf(seed, index), index);
      tally = both(tally, came);
      done += 1;
      onProgress(done, tries);
    }
  };
  await Promise.all(Array.from({ length: Math.min(together, tries) }, work));
  return tally;
};

/** What went wrong in words of our own: nothing of an error's message, which may hold anything. */
export const unlessThrown = async (
  doing: string,
  work: () => Promise<readonly string[]>,
): Promise<readonly string[]> => {
  try {
    return await work();
  } catch (error) {
    return [`${doing} threw ${error instanceof Error ? error.name : typeof error}`];
  }
};
