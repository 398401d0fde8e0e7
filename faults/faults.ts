/** Tries every fault as often as is needed before a change is taken in, and prints what came of it: `npm run test:faults`. */

import { progressOn } from '../scripts/progress.ts';
import { faults } from './catalog.ts';
import { help, readOptions } from './options.ts';
import { lineOf, type Result, resultOf, tableOf, verdictOf } from './report.ts';

const options = readOptions(process.argv.slice(2));
if (typeof options === 'string') {
  console.error(options);
  process.exitCode = 2;
} else if (options.help) {
  console.log(help);
} else {
  console.log(`FOLJA_SEED=${options.seed}`);
  const results: Result[] = [];
  for (const fault of faults.filter(({ id }) => options.only.length === 0 || options.only.includes(id))) {
    const result = await resultOf(fault, options, (what) => progressOn(process.stderr, what));
    results.push(result);
    // A run is long: what is known by then is not lost when it is stopped.
    console.error(lineOf(result));
  }
  if (options.json) console.log(JSON.stringify(results, undefined, 2));
  else console.log(`${tableOf(results)}\n${verdictOf(results)}`);
  if (results.some(({ verdict }) => verdict === 'failed')) process.exitCode = 1;
}
