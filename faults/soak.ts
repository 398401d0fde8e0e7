/** Uses one store from several processes for some time, and looks whether everything held: `npm run soak`. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { progressOn } from '../scripts/progress.ts';
import { help, type Options, readOptions } from './soak/options.ts';
import { soaked } from './soak/soaking.ts';
import { holds, tableOf } from './soak/table.ts';

const soak = async (options: Options): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'folja-soak-'));
  try {
    if (!options.json) console.log(`FOLJA_SEED=${options.seed}`);
    const found = await soaked(options, folder, progressOn(process.stderr, 'Soaking'));
    console.log(options.json ? JSON.stringify(found, undefined, 2) : tableOf(found));
    return holds(found) ? 0 : 1;
  } finally {
    if (options.keep) console.error(`The files are in ${folder}.`);
    else rmSync(folder, { recursive: true });
  }
};

const options = readOptions(process.argv.slice(2));
if (typeof options === 'string') {
  console.error(options);
  process.exitCode = 2;
} else if (options.help) console.log(help);
else process.exitCode = await soak(options);
