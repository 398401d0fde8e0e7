import { beforeAll, describe, expect, test } from 'vitest';
import { faults } from '../../faults/catalog.ts';
import { bites, isSurvived, type Tally, type Try } from '../../faults/fault.ts';

const seed = Number(process.env.FOLJA_SEED ?? 1177);
const quiet = (): void => undefined;

const mostRounds = 5;

/** A few tries are few: where the fault did not happen in any, or a control was lucky, others are made from another seed. */
const untilMet = async (run: Try, tries: number, isMet: (tally: Tally) => boolean): Promise<Tally> => {
  let last = await run({ tries, seed, onProgress: quiet });
  for (let round = 1; round < mostRounds && !isMet(last); round += 1)
    last = await run({ tries, seed: seed + round, onProgress: quiet });
  return last;
};

const hasHappened = ({ happened }: Tally): boolean => happened > 0;

test('each fault has an id of its own', () => {
  expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length);
});

/** A few tries of each; `npm run test:faults` has many. */
describe.each(faults)('$id: $name', ({ promises, tries, missing, run, control }) => {
  const lacking = missing();
  beforeAll(() => {
    if (lacking !== undefined) console.warn(`not tried here: it needs ${lacking}`);
    else console.info(`test/faults: FOLJA_SEED=${seed}`);
  });

  test.skipIf(lacking !== undefined)(`${promises.join(' ')} is survived`, async () => {
    const tally = await untilMet(run, tries.short, hasHappened);
    expect(isSurvived(tally), JSON.stringify(tally)).toBe(true);
  });

  test.skipIf(lacking !== undefined)(`control: is not survived without ${control.without}`, async () => {
    const tally = await untilMet(control.run, control.tries.short, bites);
    expect(bites(tally), JSON.stringify(tally)).toBe(true);
  });
});
