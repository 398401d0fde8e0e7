import { beforeAll, describe, expect, test } from 'vitest';
import { faults } from '../../faults/catalog.ts';
import { bites, isSurvived } from '../../faults/fault.ts';

const seed = Number(process.env.FOLJA_SEED ?? 1177);
const quiet = (): void => undefined;

/** A few tries of each; `npm run test:faults` has many. */
describe.each(faults)('$id: $name', ({ promises, tries, missing, run, control }) => {
  const lacking = missing();
  beforeAll(() => {
    if (lacking !== undefined) console.warn(`not tried here: it needs ${lacking}`);
    else console.info(`test/faults: FOLJA_SEED=${seed}`);
  });

  test.skipIf(lacking !== undefined)(`${promises.join(' ')} is survived`, async () => {
    const tally = await run({ tries: tries.short, seed, onProgress: quiet });
    expect(isSurvived(tally), JSON.stringify(tally)).toBe(true);
  });

  test.skipIf(lacking !== undefined)(`control: is not survived without ${control.without}`, async () => {
    const tally = await control.run({ tries: control.tries.short, seed, onProgress: quiet });
    expect(bites(tally), JSON.stringify(tally)).toBe(true);
  });
});
