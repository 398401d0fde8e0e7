import Sqlite from 'better-sqlite3';
import { untilItBites } from './biting.ts';
import { type Fault, type Try, tallyOf } from './fault.ts';
import { runKilledInTime, type Started } from './killing.ts';
import { aLongStore } from './longStore.ts';
import { found } from './looking.ts';
import { eachTry } from './trying.ts';

const together = 2;
/** About as long as they take, in milliseconds. */
const longest = { 'catching up': 250, rebuilding: 500 };
type Way = keyof typeof longest;

/** Read models of an earlier version are emptied at the next open, and are then behind. */
const leaveBehind = (path: string): void => {
  const db = new Sqlite(path);
  db.exec('UPDATE projections SET version = 0');
  db.close();
};

const killing =
  (without: string, ways: readonly Way[]): Try =>
  (trying) =>
    eachTry(
      trying,
      async (random, index) => {
        const { path, remove } = await aLongStore();
        const how = ways[index % ways.length] ?? 'rebuilding';
        try {
          const moment = { after: random.between(0, longest[how]), line: /begun/ };
          const start = (): Started => {
            if (how === 'catching up') leaveBehind(path);
            return { file: 'catchingUpProcess.ts', told: { path, how, without } };
          };
          const { happened } = await runKilledInTime(start, moment, (lines) => !lines.includes('done'));
          return tallyOf({ happened, ...(await found(path, [])) });
        } finally {
          remove();
        }
      },
      together,
    );

/** A process dies while read models follow the log. */
export const killedWhileCatchingUp: Fault = {
  id: 'F15',
  name: 'the process is killed while read models catch up with the log, or are built anew',
  promises: ['P9', 'P10'],
  tries: { short: 2, full: 200 },
  missing: () => undefined,
  run: killing('nothing', ['catching up', 'rebuilding']),
  control: {
    without: 'a transaction of rows and checkpoint',
    tries: { short: 10, full: 20 },
    run: untilItBites(killing('a transaction with the checkpoint', ['catching up'])),
  },
};
