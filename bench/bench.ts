import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { progressOn } from '../scripts/progress.ts';
import { apart } from './apart.ts';
import { machineNow, sqliteVersion } from './machine.ts';
import { type Options, readOptions } from './options.ts';
import { missingStores, type Part, planFor } from './plan.ts';
import type { Tell } from './rounds.ts';
import { type Row, sections } from './rows.ts';
import { judged, printed, type Report } from './table.ts';
import { inDirectory } from './works/directory.ts';

const help = `Measures what the library costs, each work beside its floor in the same run.

  npm run bench                     stores of 1 000 and 10 000 programs, 11 rounds
  npm run bench -- --quick          stores of 100 and 1 000, 3 rounds: under a minute
  npm run bench -- --full           100 000 programs as well: minutes to fill them, and 5 GB of disk
  npm run bench -- --only events,commands
                                    some parts: ${sections.join(', ')}
  npm run bench -- --keep DIR       fills the stores in DIR, where they are not there yet, and leaves them
  npm run bench -- --from DIR       uses those in DIR; lives and purges change them
  npm run bench -- --sizes 500,5000 --rounds 5 --seed 42
                                    other stores, fewer rounds, other programs
  npm run bench -- --json FILE      writes everything that was measured as JSON`;

const here = new URL('benchProcess.ts', import.meta.url);

/** Does a part in a process of its own; its rows get the memory of that process, unless they tell of another. */
const rowsOf = async ({ task, params }: Part, tell: Tell): Promise<readonly Row[]> => {
  const { result, peakBytes } = await apart<object, readonly Row[]>(here, { task, params }, tell);
  return result.map((row) => ({ peakBytes, ...row }));
};

/** Does all parts, one after the other. One that fails is told, and the others go on: a long run is not lost. */
const run = async (options: Options, directory: string): Promise<Report> => {
  const machine = machineNow(sqliteVersion());
  const parts = planFor(options, directory);
  const progress = progressOn(process.stderr, 'bench');
  const rows: Row[] = [];
  const failed: { part: string; why: string }[] = [];
  for (const [index, part] of parts.entries()) {
    progress(index, parts.length, part.says);
    try {
      rows.push(...(await rowsOf(part, (done, total) => progress(index + done / total, parts.length, part.says))));
    } catch (error) {
      failed.push({ part: part.says, why: error instanceof Error ? error.message : String(error) });
    }
  }
  progress(parts.length, parts.length);
  const { seed, rounds } = options;
  return { machine, loadAfter: loadavg()[0] ?? Number.NaN, seed, rounds, rows: judged(rows), failed };
};

const measure = async (options: Options): Promise<void> => {
  const { kept, json } = options;
  const [missing] = missingStores(options);
  if (missing !== undefined) {
    console.error(`There is no filled store of ${missing.programs} programs in the directory: fill it with --keep.`);
    process.exitCode = 2;
    return;
  }
  const report = await inDirectory((own) => {
    // Every process loads the same files: compiled once, as they are in the package.
    process.env.NODE_COMPILE_CACHE = join(own, 'compiled');
    return run(options, kept?.directory ?? own);
  });
  console.log(printed(report));
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, undefined, 2)}\n`);
  if (report.failed.length > 0) process.exitCode = 1;
};

const options = readOptions(process.argv.slice(2));
if (E.isLeft(options)) {
  console.error(options.left);
  process.exitCode = 2;
} else if (options.right.help) console.log(help);
else await measure(options.right);
