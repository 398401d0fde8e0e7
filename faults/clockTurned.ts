import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../simulation/random.ts';
import { aChild } from './child.ts';
import { type Fault, type Tally, tallyOf } from './fault.ts';
import { found } from './looking.ts';
import { aStore, clock as beginning } from './region.ts';
import { eachTry, unlessThrown } from './trying.ts';
import { type Lived, liveUnder, type TurnedClock } from './underClock.ts';

const aClock = (): TurnedClock => {
  let now = beginning();
  const read = (): Date => new Date(now);
  const turnTo = (at: Date): void => {
    now = at;
  };
  return { now: read, turnTo, option: { clock: read } };
};

const memory = '/dev/shm';

/** A store where syncing costs nothing, for nothing is lost here: in memory where the machine has such files. */
const aStoreInMemory = async (): Promise<{ readonly path: string; readonly remove: () => void }> => {
  const store = await aStore();
  if (!existsSync(memory)) return store;
  const folder = mkdtempSync(join(memory, 'folja-fault-'));
  cpSync(store.folder, folder, { recursive: true });
  store.remove();
  return { path: join(folder, 'unit.db'), remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** The whole store is looked at after some of the lives; what concerns the clock, during each. */
const lookedAtEvery = 10;

const aTry = async (random: Random, index: number, byTime: boolean): Promise<Tally> => {
  const { path, remove } = await aStoreInMemory();
  let lived: Lived = { turns: 0, acknowledged: [], failures: [] };
  const thrown = await unlessThrown('a life under a turned clock', async () => {
    lived = await liveUnder(aClock(), path, random, byTime);
    return lived.failures;
  });
  const nothingFound = { lost: 0, torn: 0, failures: [] };
  const after = index % lookedAtEvery === 0 ? await found(path, lived.acknowledged) : nothingFound;
  remove();
  return tallyOf({ ...after, happened: lived.turns > 0, failures: [...thrown, ...after.failures] });
};

/** The clock that the library is given goes where it likes. */
export const clockTurned: Fault = {
  id: 'F12',
  name: 'the clock goes back three days or years, on ten years, over leap days and changes to summer time, or stands still',
  promises: ['P8'],
  tries: { short: 4, full: 1_000 },
  missing: () => undefined,
  run: (trying) => eachTry(trying, (random, index) => aTry(random, index, false)),
  control: {
    without: 'the order of positions: sorted by time',
    tries: { short: 1, full: 50 },
    run: (trying) => eachTry(trying, (random, index) => aTry(random, index, true)),
  },
};

/** The library that makes up the clock of a process that is loaded with it; the one for several threads. */
const fakedBy = (): string | undefined => {
  try {
    const found = execFileSync('faketime', ['now', 'printenv', 'LD_PRELOAD'], { stdio: ['ignore', 'pipe', 'ignore'] });
    return found.toString().trim().replace('libfaketime.so', 'libfaketimeMT.so');
  } catch {
    return undefined;
  }
};

const aLife = async (path: string, clockFile: string, random: Random, byTime: boolean): Promise<Lived | undefined> => {
  writeFileSync(clockFile, '@2026-03-02 08:00:00\n');
  const told = { path, clockFile, seed: random.between(0, 1_000_000), byTime };
  // Timers go on as they are: only the time of day is made up.
  const made = { FAKETIME_TIMESTAMP_FILE: clockFile, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' };
  const env = { ...made, DONT_FAKE_MONOTONIC: '1', LD_PRELOAD: fakedBy() ?? '', TZ: 'UTC' };
  const child = aChild('clockTurnedProcess.ts', { args: [JSON.stringify(told)], env });
  const end = await child.ended;
  const [line] = child.lines;
  return end === 0 && line !== undefined ? (JSON.parse(line) as Lived) : undefined;
};

const aRealTry = async (random: Random, byTime: boolean): Promise<Tally> => {
  const { path, folder, remove } = await aStore();
  const lived = await aLife(path, join(folder, 'clock'), random, byTime);
  if (lived === undefined) {
    remove();
    return tallyOf({ happened: true, failures: ['a process with a turned clock failed'] });
  }
  const { lost, torn, failures } = await found(path, lived.acknowledged);
  remove();
  return tallyOf({ happened: lived.turns > 0, lost, torn, failures: [...lived.failures, ...failures] });
};

/** The clock of the machine itself goes where it likes, and the library is given no other. */
export const machineClockTurned: Fault = {
  id: 'F21',
  name: 'the clock of the machine itself is turned while the library runs (libfaketime)',
  promises: ['P8'],
  tries: { short: 1, full: 10 },
  missing: () => (fakedBy() === undefined ? 'faketime' : undefined),
  run: (trying) => eachTry(trying, (random) => aRealTry(random, false)),
  control: {
    without: 'the order of positions: sorted by time',
    tries: { short: 1, full: 3 },
    run: (trying) => eachTry(trying, (random) => aRealTry(random, true)),
  },
};
