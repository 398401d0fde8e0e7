/** Puts mistakes into the library one at a time, and prints which compliance rule, or which test, finds each: `npm run test:mutants`. */
import { progressOn } from '../scripts/progress.ts';
import { mutants } from './catalog.ts';
import { hunt, huntAll, huntByTests } from './hunting.ts';
import { help, readOptions } from './options.ts';
import { isCaught, isQuiet, summaryOf, tableOf } from './report.ts';

const options = readOptions(
  process.argv.slice(2),
  mutants.map(({ id }) => id),
);
if (typeof options === 'string') {
  console.error(options);
  process.exitCode = 2;
} else if (options.help) {
  console.log(help);
} else {
  const { runs, seed, only, json } = options;
  console.log(`FOLJA_SEED=${seed}, at most ${runs} runs each`);
  const chosen = mutants.filter(({ id }) => only.length === 0 || only.includes(id));
  const control = await hunt(undefined, { runs: Math.min(runs, 20), seed });
  const tests = [...new Set(chosen.flatMap((mutant) => mutant.tests ?? []))];
  const ofTests = tests.length === 0 ? undefined : await huntByTests(undefined, tests);
  const caught = await huntAll(chosen, { runs, seed }, progressOn(process.stderr, 'mutants'));
  if (json) console.log(JSON.stringify({ control, ofTests, caught }, undefined, 2));
  else console.log(`${tableOf(caught)}\n${summaryOf(caught, control, ofTests)}`);
  const holds = [control, ...(ofTests === undefined ? [] : [ofTests])].every(isQuiet);
  if (!holds || !caught.every(isCaught)) process.exitCode = 1;
}
