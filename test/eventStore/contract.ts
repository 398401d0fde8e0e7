import { describe } from 'vitest';
import type { Open } from './builders.ts';
import { appendContract } from './contractAppend.ts';
import { fleshContract } from './contractFlesh.ts';
import { readContract } from './contractRead.ts';
import { repeatContract } from './contractRepeat.ts';
import { subscribeContract } from './contractSubscribe.ts';

/** What every adapter promises, in one suite. */
export const eventStoreContract = (name: string, open: Open): void => {
  describe(name, () => {
    appendContract(open);
    repeatContract(open);
    readContract(open);
    fleshContract(open);
    subscribeContract(open);
  });
};
