import { Worker } from 'node:worker_threads';
import * as E from 'fp-ts/lib/Either.js';
import type { Engine } from '../eventStore/engine.ts';
import type { Ending } from '../projections/rebuilding/takingOver.ts';
import type { Progress } from './options.ts';

/** A log of so many events is followed sooner than a thread has begun. */
export const shortLog = 1_000;

/** A thread of its own that works on read models. */
export type Thread = {
  readonly ended: Promise<E.Either<Ending, number | undefined>>;
  /** Asks it to stop, which it does within a moment: what it has done stays, to be gone on with. */
  readonly stop: () => void;
};

type Told =
  | { readonly done: number; readonly total: number }
  | { readonly ended: E.Either<Ending, number | undefined> };

/** The same file, compiled or not. */
const script = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? '../readModelWorker.ts' : '../readModelWorker.js', import.meta.url);

/** Room for what a thread has in hand; its database files have caches of their own. */
const room = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 };

const failed: E.Either<Ending, never> = E.left({ kind: 'unavailable', retry: true });

/** What a thread does: builds all read models anew, clears up what a stop has left of that, fills those that are behind, or those of another time. */
export type Doing = 'rebuild' | 'clear' | 'follow' | 'replay';

/** The log, the file beside it that a thread works in, and with which event it is to end, where that is not the last one. */
type Place = NonNullable<Engine['files']> & { readonly until?: number };

/** Begins a thread on the files of a store. It is given paths only: no key, and nothing of the environment. */
export const beginThread = (
  doing: Doing,
  { log, side, until }: Place,
  onProgress: Progress = () => undefined,
): Thread => {
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(script(), {
    workerData: { doing, log, side, until, stop },
    ...{ env: {}, resourceLimits: room },
  });
  const ended = new Promise<E.Either<Ending, number | undefined>>((resolve) => {
    let result: E.Either<Ending, number | undefined> = failed;
    worker.on('message', (told: Told) => {
      if ('ended' in told) result = told.ended;
      else onProgress(told.done, told.total);
    });
    // What it failed with stays there: a message may hold anything.
    worker.on('error', () => undefined);
    worker.on('exit', () => resolve(result));
  });
  return { ended, stop: () => void Atomics.store(stop, 0, 1) };
};
