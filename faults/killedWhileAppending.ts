import { existsSync } from 'node:fs';
import type { Random } from '../simulation/random.ts';
import { untilItBites } from './biting.ts';
import { type Fault, type Tally, type Try, tallyOf } from './fault.ts';
import { acknowledgedIn } from './killedAtWrites.ts';
import { runKilled } from './killing.ts';
import { found } from './looking.ts';
import { aFolder, aStore } from './region.ts';
import { eachTry } from './trying.ts';

/** How often one store is killed in before another takes its place, so that its log does not grow for ever. */
const kills = 20;
const [longestOpening, longestAppending, mostAppends] = [700, 12, 20];
const whileOpening = 0.1;
const endless = 100_000;

type Folder = ReturnType<typeof aFolder>;

const tryOn = async ({ path }: Folder, known: string[], random: Random, without: string): Promise<Tally> => {
  const isOpening = !existsSync(path) || random.happens(whileOpening);
  const moment = isOpening
    ? { after: random.between(0, longestOpening) }
    : { after: random.between(0, longestAppending), line: /open|done/, times: random.between(1, mostAppends) };
  const told = { path, count: endless, without };
  const { killed, lines } = await runKilled({ file: 'appendingProcess.ts', told }, moment);
  known.push(...acknowledgedIn(lines));
  return tallyOf({ happened: killed, ...(await found(path, known)) });
};

/** One store after the other, each killed in again and again; the first kill of every other one is in its making. */
const killing =
  (without: string): Try =>
  async (trying) => {
    let folder: Folder | undefined;
    let known: string[] = [];
    let broken = false;
    try {
      return await eachTry(trying, async (random, index) => {
        if (folder === undefined || broken || index % kills === 0) {
          folder?.remove();
          folder = index % (2 * kills) === kills ? aFolder() : await aStore();
          known = [];
        }
        const tally = await tryOn(folder, known, random, without);
        broken = tally.survived < tally.happened;
        return tally;
      });
    } finally {
      folder?.remove();
    }
  };

/** A process dies at any moment while it appends, through the library and through the port. */
export const killedWhileAppending: Fault = {
  id: 'F1',
  name: 'the process is killed at any moment while it opens the store and appends, and the store is opened again',
  promises: ['P1', 'P2', 'P6', 'P7', 'P9', 'P15'],
  tries: { short: 2, full: 200 },
  missing: () => undefined,
  run: killing('nothing'),
  control: {
    without: 'a transaction around each append',
    tries: { short: 10, full: 20 },
    run: untilItBites(killing('transactions')),
  },
};
