import { describe } from 'vitest';
import type { Open } from './builders.ts';
import { appendContract, type ReadModels } from './contractAppend.ts';
import { fleshContract } from './contractFlesh.ts';
import { readContract } from './contractRead.ts';
import { repeatContract } from './contractRepeat.ts';
import { subscribeContract } from './contractSubscribe.ts';

/**
 * What every adapter promises, in one suite: the same tests for each. They differ in one thing. In an embedded store read models move in the
 * append's own transaction, so one that fails undoes the append; on a cluster they follow it, so it is unknown until they do.
 */
export const eventStoreContract = (name: string, open: Open, readModels: ReadModels = 'inside the append'): void => {
  describe(name, () => {
    appendContract(open, readModels);
    repeatContract(open);
    readContract(open);
    fleshContract(open);
    subscribeContract(open);
  });
};
