import { untilItBites } from './biting.ts';
import { type Fault, type Try, tallyOf } from './fault.ts';
import { acknowledgedIn } from './killedAtWrites.ts';
import { runKilledInTime } from './killing.ts';
import { aBigStore } from './longStore.ts';
import { found } from './looking.ts';
import { withoutStrace } from './straced.ts';
import { atPoints, type Script } from './striking.ts';
import { eachTry } from './trying.ts';

const [longest, mostWorks, together] = [40, 6, 2];
const begun = /^(writing|emptying)/;

const killing: Try = (trying) =>
  eachTry(
    trying,
    async (random) => {
      const { path, remove } = await aBigStore();
      const known: string[] = [];
      try {
        const moment = { after: random.between(0, longest), line: begun, times: random.between(1, mostWorks) };
        const started = { file: 'maintainingProcess.ts', told: { path } };
        const { happened } = await runKilledInTime(
          () => started,
          moment,
          (lines) => {
            known.push(...acknowledgedIn(lines));
            return begun.test(lines.at(-1) ?? '');
          },
        );
        return tallyOf({ happened, ...(await found(path, known)) });
      } finally {
        remove();
      }
    },
    together,
  );

/** Without a journal harm is done only while the file itself is written, which takes an instant: so it is struck there. */
const unjournaled: Script = {
  calls: { pwrite64: 1_100 },
  strikes: ['kill'],
  beside: ['unit.db'],
  aStore: aBigStore,
  started: ({ path }) => ({ file: 'maintainingProcess.ts', told: { path, without: 'journals' } }),
  look: ({ path }, { lines }) => found(path, acknowledgedIn(lines)),
};

/** A process dies while a file is written anew or the write-ahead log is emptied. */
export const killedWhileMaintaining: Fault = {
  id: 'F14',
  name: 'the process is killed while it writes the events or the keys anew (VACUUM), or empties the write-ahead log',
  promises: ['P1', 'P2', 'P12'],
  tries: { short: 1, full: 100 },
  missing: withoutStrace,
  run: killing,
  control: {
    without: 'a journal',
    tries: { short: 10, full: 20 },
    run: untilItBites(atPoints(unjournaled, Number.POSITIVE_INFINITY)),
  },
};
