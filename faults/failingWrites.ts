import { appendAt, type Outcome } from './appending.ts';
import { untilItBites } from './biting.ts';
import type { Fault } from './fault.ts';
import type { Ended } from './killing.ts';
import { type Found, found, withLibrary } from './looking.ts';
import { aStore } from './region.ts';
import { type Strike, withoutStrace } from './straced.ts';
import { atPoints, type Script } from './striking.ts';

const appends = 3;
const most = 700;
const honest = ['done', 'unknown', 'unavailable'];

const saidIn = (lines: readonly string[]): readonly Outcome[] =>
  lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Outcome);

/** What was said of appends, and of those that were sent again, while a call failed. */
const answerFailures = (said: readonly Outcome[], { lines }: Ended, strike: Strike): readonly string[] => {
  const last = new Map(said.map(({ id, outcome }) => [id, outcome]));
  const isTaken = strike !== 'fail' || [...last.values()].every((outcome) => outcome === 'done');
  return [
    ...said.filter(({ outcome }) => !honest.includes(outcome)).map(({ outcome }) => `a failed append was ${outcome}`),
    ...(isTaken ? [] : ['an append was not taken when it was sent again']),
    ...(lines.includes('closed') || lines.includes('not open') ? [] : ['the process ended by itself']),
  ];
};

/** Sends every append once more, to the library on a disk that works. */
const sendAgain = async (path: string, ids: readonly string[]): Promise<readonly string[]> => {
  const sent = await withLibrary(path, async (opened) => {
    const outcomes: string[] = [];
    for (const [number, id] of ids.entries()) outcomes.push((await appendAt(opened, number, id)).outcome);
    return outcomes;
  });
  if (typeof sent === 'string') return [`it does not open: ${sent}`];
  return sent.filter((outcome) => outcome !== 'done').map((outcome) => `an append that was sent again was ${outcome}`);
};

const together = (one: Found, other: Found, failures: readonly string[]): Found => ({
  lost: one.lost + other.lost,
  torn: one.torn + other.torn,
  failures: [...one.failures, ...other.failures, ...failures],
});

const look: Script['look'] = async ({ path }, ended, strike) => {
  const said = saidIn(ended.lines);
  const acknowledged = said.flatMap(({ id, outcome }) => (outcome === 'done' ? [id] : []));
  const before = await found(path, acknowledged);
  const ids = [...new Set(said.map(({ id }) => id))];
  const again = await sendAgain(path, ids);
  return together(before, await found(path, ids), [...answerFailures(said, ended, strike), ...again]);
};

/** Some appends, while calls are struck: what they came to is held against what is there afterwards. */
export const failingScript = (
  without: string,
  repeats: number,
  strikes: readonly Strike[] = ['fail', 'fail for ever'],
): Script => ({
  calls: { pwrite64: 200, write: 3, fsync: 10, fdatasync: 0 },
  strikes,
  beside: ['unit.db', 'unit.db-wal', 'unit.keys.db', 'unit.keys.db-journal', 'unit.anchors/latest'],
  aStore,
  started: ({ path }) => ({ file: 'appendingProcess.ts', told: { path, count: appends, repeats, without } }),
  look,
});

/** A write or a sync fails, once or from then on, while appends are made. */
export const failingWrites: Fault = {
  id: 'F5',
  name: `a write or a sync fails with an error of the disk, once or for ever, while ${appends} appends are made`,
  promises: ['P1', 'P2', 'P4', 'P5'],
  tries: { short: 2, full: most },
  missing: withoutStrace,
  run: atPoints(failingScript('nothing', 2), most),
  control: {
    without: 'the truth about a failed commit',
    tries: { short: 10, full: 30 },
    run: untilItBites(atPoints(failingScript('truth', 0), most)),
  },
};
