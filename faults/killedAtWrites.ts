import type { Outcome } from './appending.ts';
import { untilItBites } from './biting.ts';
import type { Fault } from './fault.ts';
import { found } from './looking.ts';
import { aStore } from './region.ts';
import { withoutStrace } from './straced.ts';
import { atPoints, type Script } from './striking.ts';

const appends = 6;
const most = 600;

/** The ids of the appends that a process said were done. */
export const acknowledgedIn = (lines: readonly string[]): readonly string[] =>
  lines
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Outcome)
    .flatMap(({ id, outcome }) => (outcome === 'done' ? [id] : []));

const script = (without: string): Script => ({
  calls: { pwrite64: 330, fsync: 16, fdatasync: 0, ftruncate: 3, unlink: 2 },
  strikes: ['kill'],
  aStore,
  started: ({ path }) => ({ file: 'appendingProcess.ts', told: { path, count: appends, without } }),
  look: ({ path }, { lines }) => found(path, acknowledgedIn(lines)),
});

/** A process dies at each of its writes. */
export const killedAtWrites: Fault = {
  id: 'F2',
  name: `the process is killed at a write, a sync, a truncation or a removal of a file, while it makes ${appends} appends`,
  promises: ['P1', 'P2', 'P6', 'P7', 'P9'],
  tries: { short: 2, full: most },
  missing: withoutStrace,
  run: atPoints(script('nothing'), most),
  control: {
    without: 'a transaction around each append',
    tries: { short: 10, full: 30 },
    run: untilItBites(atPoints(script('transactions'), most)),
  },
};
