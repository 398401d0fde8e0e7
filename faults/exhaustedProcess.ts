/** Appends until it is stopped, with few files to open, little memory, or in a thread that is ended; says what each append came to. */

import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Appending, appendAt } from './appending.ts';
import { withLibrary } from './looking.ts';
import { weakened } from './weakened.ts';

type Told = {
  readonly path: string;
  readonly how: 'files' | 'memory' | 'thread';
  readonly count: number;
  /** How many milliseconds after it has opened the store a thread is ended. */
  readonly after?: number;
  readonly without?: string;
};

const told = (isMainThread ? JSON.parse(process.argv[2] ?? '{}') : workerData) as Told;
const { path, how, count, after = 0, without = 'nothing' } = told;

const say = (said: string | object): void =>
  void writeSync(1, `${typeof said === 'string' ? said : JSON.stringify(said)}\n`);

const append = async (appending: Appending, times: number): Promise<void> => {
  for (let number = 0; number < times; number += 1) say(await appendAt(appending, number));
};

/** Opens files until there are no more to be had. */
const takeFiles = (): readonly number[] => {
  const taken: number[] = [];
  try {
    for (;;) taken.push(openSync('/dev/null', 'r'));
  } catch (error) {
    say((error as NodeJS.ErrnoException).code ?? '');
  }
  return taken;
};

/** While there is no file to open, what is open goes on; a second opening says so in a sentence. */
const withoutFiles = async (appending: Appending): Promise<void> => {
  await append(appending, count);
  const taken = takeFiles();
  await append(appending, count);
  const again = await withLibrary(path, async () => 'open');
  for (const file of taken) closeSync(file);
  say({ again });
  await append(appending, count);
};

const hoard: unknown[] = [];

/** Keeps ever more in memory, until there is none left in the middle of an append. */
const withoutMemory = async (appending: Appending): Promise<void> => {
  setInterval(() => hoard.push(Array.from({ length: 50_000 }, (_, index) => ({ index }))), 1);
  await append(appending, count);
};

const works = {
  files: withoutFiles,
  memory: withoutMemory,
  thread: (appending: Appending) => append(appending, count),
} as const;

const work = (): Promise<unknown> =>
  withLibrary(
    path,
    async (appending) => {
      say('open');
      parentPort?.postMessage('open');
      await works[how](appending);
    },
    weakened[without],
  );

/** Ends a thread while it appends, and goes on in this one with another connection to the same file. */
const endThread = async (): Promise<void> => {
  const thread = new Worker(new URL(import.meta.url), { workerData: told });
  await once(thread, 'message');
  await wait(after);
  await thread.terminate();
  say('ended');
  await withLibrary(path, (appending) => append(appending, 3));
};

if (how === 'thread' && isMainThread) await endThread();
else await work();
say('closed');
