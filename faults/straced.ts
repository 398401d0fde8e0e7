import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Random } from '../simulation/random.ts';
import { type Ended, runToEnd, type Started } from './killing.ts';

/** A system call of a script: its name, and the how many-eth of that name it is. */
export type Point = { readonly call: string; readonly number: number };

/** What is done to a call: the process is killed there, or the call fails, once or from there on, or finds no room from there on. */
export type Strike = 'kill' | 'fail' | 'fail for ever' | 'no room';

/** A script whose system calls are struck: calls by name, each with how many of it there are at least about. */
export type Straced = {
  readonly calls: Readonly<Record<string, number>>;
  /** Only calls on these files are counted; all unless told. */
  readonly paths?: readonly string[];
};

/** Lets a process run undisturbed between the calls that are looked at; a signal sent at one of them gets lost with it. */
const quick = '--seccomp-bpf';

let lacking: string | undefined | null = null;

/** What this machine lacks for striking at system calls. */
export const withoutStrace = (): string | undefined => {
  if (lacking === null) {
    const { status } = spawnSync('strace', ['-f', quick, '-o', '/dev/null', 'true'], { stdio: 'ignore' });
    lacking = status === 0 ? undefined : 'strace';
  }
  return lacking;
};

/** Runs a process under strace, and gives what it wrote of the calls. */
const traced = async (
  started: Started,
  paths: readonly string[],
  options: readonly string[],
): Promise<Ended & { readonly log: string }> => {
  const folder = mkdtempSync(join(tmpdir(), 'folja-strace-'));
  const file = join(folder, 'log');
  const where = paths.flatMap((path) => ['-P', path]);
  try {
    const under = ['strace', '-f', '-qqq', '-o', file, ...where, ...options];
    return { ...(await runToEnd({ ...started, under })), log: readFileSync(file, 'latin1') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const callIn = /^(\d+) +([a-z0-9]+)\(/;

/** Every point of a script, from a run in which nothing fails. The calls of each thread are counted by themselves, as strace does. */
export const pointsOf = async (started: Started, { calls, paths = [] }: Straced): Promise<readonly Point[]> => {
  const { log } = await traced(started, paths, [quick, '-e', `trace=${Object.keys(calls).join(',')}`]);
  const counts = new Map<string, number>();
  for (const line of log.split('\n')) {
    const [, thread, call] = callIn.exec(line) ?? [];
    if (call !== undefined) counts.set(`${call} ${thread}`, (counts.get(`${call} ${thread}`) ?? 0) + 1);
  }
  return Object.keys(calls).flatMap((call) => {
    const most = Math.max(0, ...[...counts].flatMap(([key, count]) => (key.startsWith(`${call} `) ? [count] : [])));
    return Array.from({ length: most }, (_, index) => ({ call, number: index + 1 }));
  });
};

/** A point by chance, without a run that counts them: there may be none of that number. */
export const drawnFrom = ({ calls }: Straced, random: Random): Point => {
  const all = Object.values(calls).reduce((sum, count) => sum + count, 0);
  let place = random.between(1, all);
  for (const [call, count] of Object.entries(calls)) {
    if (place <= count) return { call, number: place };
    place -= count;
  }
  throw new RangeError('there is no call to strike at');
};

const how: Readonly<Record<Strike, readonly [effect: string, onwards: string]>> = {
  kill: ['signal=KILL', ''],
  fail: ['error=EIO', ''],
  'fail for ever': ['error=EIO', '+'],
  'no room': ['error=ENOSPC', '+'],
};

/** Runs a process and strikes at a point of it; whether the strike came to pass. */
export const struck = async (
  started: Started,
  { call, number }: Point,
  strike: Strike,
  { paths = [] }: Straced,
): Promise<Ended & { readonly happened: boolean }> => {
  const [effect, onwards] = how[strike];
  const fast = strike === 'kill' ? [] : [quick];
  const options = [...fast, '-e', `trace=${call}`, '-e', `inject=${call}:${effect}:when=${number}${onwards}`];
  const { log, ...ended } = await traced(started, paths, options);
  return { ...ended, happened: strike === 'kill' ? ended.killed : log.includes('(INJECTED)') };
};
