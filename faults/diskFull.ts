import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../simulation/random.ts';
import type { Outcome } from './appending.ts';
import { aChild } from './child.ts';
import { aDisk, type Disk, withoutDisks } from './disk.ts';
import { failingScript } from './failingWrites.ts';
import { both, type Fault, type Tally, type Try, tallyOf } from './fault.ts';
import { found } from './looking.ts';
import { aStore } from './region.ts';
import { withoutStrace } from './straced.ts';
import { atPoints } from './striking.ts';
import { eachTry } from './trying.ts';

const disks = 20;
const points = 400;
const kib = 1_024;
/** How much room is left at first, by the number of the disk: from none to what some appends need. */
const roomOf = (index: number): number => (index % disks) ** 2 * 2 * kib;
/** What a store that could not even be opened gets, before its disk is full again. */
const someRoom = 200 * kib;
/** By default, and so few that a commit has written before it ends. */
const pages = [-2_000, 10];

const honest = ['done', 'revision-conflict', 'unavailable', 'unknown'];

type Said = {
  readonly before: readonly Outcome[];
  readonly after: readonly Outcome[];
  readonly told: readonly string[];
};

/** What was said while there was room, and was less and less, and what after it was given back. */
const saidIn = (lines: readonly string[]): Said => {
  const outcomes = (some: readonly string[]): readonly Outcome[] =>
    some.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Outcome);
  const end = lines.indexOf('full');
  const told = lines.filter((line) => line.startsWith('[')).flatMap((line) => JSON.parse(line) as readonly string[]);
  return { before: outcomes(lines.slice(0, end)), after: outcomes(lines.slice(end)), told };
};

const answerFailures = ({ before, after, told }: Said, end: string | undefined): readonly string[] => [
  ...told,
  ...before.filter(({ outcome }) => !honest.includes(outcome)).map(({ outcome }) => `on a full disk it was ${outcome}`),
  ...(after.every(({ outcome }) => outcome === 'done') ? [] : ['an append was not taken when there was room again']),
  ...(end === 'closed' ? [] : ['the process did not come to its end']),
];

const fillOn = async (disk: Disk, index: number, without: string): Promise<Tally> => {
  const path = join(disk.folder, 'unit.db');
  disk.leave(roomOf(index));
  const told = JSON.stringify({ path, pages: pages[index % pages.length], without });
  const child = aChild('fillingProcess.ts', { args: [told] });
  child.onLine((line) => {
    if (line !== 'full' && line !== 'not open') return;
    disk.giveBack();
    if (line === 'not open') disk.leave(someRoom);
    child.say('there is room');
  });
  await child.ended;
  disk.giveBack();
  const said = saidIn(child.lines);
  const done = [...said.before, ...said.after].filter(({ outcome }) => outcome === 'done').map(({ id }) => id);
  const { failures, ...counts } = await found(path, done);
  const happened = child.lines.includes('not open') || said.after.length > 1;
  return tallyOf({ happened, ...counts, failures: [...answerFailures(said, child.lines.at(-1)), ...failures] });
};

const onDisk =
  (without: string) =>
  async (_: Random, index: number): Promise<Tally> => {
    const [disk, store] = [aDisk(index % 4 < 2 ? 'ext4' : 'tmpfs'), await aStore()];
    try {
      cpSync(store.folder, disk.folder, { recursive: true });
      return await fillOn(disk, index, without);
    } finally {
      disk.remove();
      store.remove();
    }
  };

/** Disks of so many sizes, and every call that may find no room; fewer of both where less is asked for. */
const filling: Try = async ({ tries, seed, onProgress }) => {
  const onDisks = Math.min(disks, Math.ceil(tries / 2));
  const filled = await eachTry({ tries: onDisks, seed, onProgress }, (random, index) =>
    onDisk('nothing')(random, index + random.between(0, onDisks < disks ? disks : 0)),
  );
  const atCalls = tries - onDisks;
  if (atCalls === 0) return filled;
  const struck = atPoints(failingScript('nothing', 1, ['no room']), points);
  return both(filled, await struck({ tries: atCalls, seed, onProgress }));
};

/** There is no room, and then there is. */
export const diskFull: Fault = {
  id: 'F4',
  name: 'the disk is full, whatever is being written, with appends in flight; then there is room again',
  promises: ['P1', 'P2', 'P4', 'P5'],
  tries: { short: 2, full: disks + points },
  missing: () => withoutDisks() ?? withoutStrace(),
  run: filling,
  control: {
    without: 'the truth about a failed commit',
    tries: { short: 1, full: 6 },
    run: (trying) => eachTry(trying, (random, index) => onDisk('truth')(random, index + 10)),
  },
};
