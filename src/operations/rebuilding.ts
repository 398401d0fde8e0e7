import * as E from 'fp-ts/lib/Either.js';
import type { Actor } from '../access/actor.ts';
import type { Core } from '../access/core.ts';
import { problemOf } from '../access/rejection.ts';
import type { Engine } from '../eventStore/engine.ts';
import type { StoreError } from '../eventStore/eventStore.ts';
import { besideDatabase, memoryDatabase } from '../eventStore/memoryDatabase.ts';
import { besideOthers } from '../projections/catchingUp.ts';
import { isLeft } from '../projections/rebuilding/emptying.ts';
import { rebuildBeside } from '../projections/rebuilding/rebuild.ts';
import { rebuildInFile } from '../projections/rebuilding/rebuildInFile.ts';
import type { Ending, Interruption } from '../projections/rebuilding/takingOver.ts';
import { beginOperation, problemError } from './operating.ts';
import { type Progress, progressIn } from './options.ts';
import { beginThread, shortLog } from './readModelThread.ts';

const doing = 'The rebuild';

const unavailable: StoreError = { kind: 'unavailable', retry: false };
/** What it failed with stays here: a message may hold anything. */
const failed: E.Either<Ending, never> = E.left({ kind: 'unavailable', retry: true });

/** What stopped is as if the store were closed: it was asked to stop because it is. */
const storeErrorOf = (ending: Ending): StoreError =>
  ending.kind === 'stopped' || ending.kind === 'discarded' ? unavailable : ending;

type Rebuilt = Promise<E.Either<Ending, number | undefined>>;
type Rebuild = (onProgress: Progress) => Rebuilt;
type Rebuilder = { readonly rebuild: Rebuild; readonly stop: () => Promise<void> };

const besides = { reading: besideOthers, writing: besideOthers };

/** A store without a file: in slices between which all others have their turn. */
const inMemory = ({ events, readModels: live }: Core): Rebuilder => {
  let isStopped = false;
  const stopped: E.Either<Interruption, never> = E.left({ kind: 'stopped' });
  const mayGoOn = () => (isStopped ? stopped : E.right(undefined));
  const once = async (onProgress: Progress): Promise<E.Either<Ending, number>> => {
    const side = await memoryDatabase();
    side.pragma('recursive_triggers = ON');
    try {
      return await rebuildBeside({ events, side, live, ...besides, mayGoOn, onProgress });
    } finally {
      side.close();
    }
  };
  return {
    rebuild: async (onProgress) => {
      for (;;) {
        const rebuilt = await once(onProgress);
        if (E.isRight(rebuilt) || rebuilt.left.kind !== 'discarded') return rebuilt;
      }
    },
    stop: async () => {
      isStopped = true;
    },
  };
};

/** A store in a file: in a thread of its own, which also clears up what a stop has left. */
const inFile = ({ events, readModels }: Core, files: NonNullable<Engine['files']>): Rebuilder => {
  const running = new Map<Rebuilt, () => void>();
  let isStopped = false;
  const keep = (ended: Rebuilt, stop: () => void): Rebuilt => {
    const kept = ended.finally(() => running.delete(kept));
    running.set(kept, stop);
    return kept;
  };
  const begin = (...given: Parameters<typeof beginThread>): Rebuilt => {
    const { ended, stop } = beginThread(...given);
    return keep(ended, stop);
  };
  const here = async (onProgress: Progress): Rebuilt => {
    const live = await besideDatabase(files.log);
    try {
      const isToStop = () => isStopped;
      return await rebuildInFile({ events, side: files.side, live, ...besides, isToStop, onProgress });
    } finally {
      live.close();
    }
  };
  if (isLeft(readModels)) void begin('clear', files);
  return {
    rebuild: async (onProgress) => {
      const last = await events.lastPosition()();
      if (E.isLeft(last)) return last;
      return last.right > shortLog ? begin('rebuild', files, onProgress) : keep(here(onProgress), () => undefined);
    },
    stop: async () => {
      isStopped = true;
      for (const stop of running.values()) stop();
      await Promise.allSettled(running.keys());
    },
  };
};

/** One after the other. */
const inTurn = (rebuild: Rebuild): Rebuild => {
  let before: Promise<unknown> = Promise.resolve();
  return (onProgress) => {
    const next = before.then(() => rebuild(onProgress));
    before = next.catch(() => undefined);
    return next;
  };
};

/** Builds all read models anew from the events, beside the live ones, and puts them in place; what a stop has cut off is gone on with. */
export const rebuilding = (core: Core, { files }: Pick<Engine, 'files'>) => {
  const rebuilder = files === undefined ? inMemory(core) : inFile(core, files);
  const rebuild = inTurn(rebuilder.rebuild);
  return {
    rebuild: async (options?: { readonly onProgress?: Progress }, by?: Actor): Promise<{ readonly events: number }> => {
      const onProgress = progressIn(doing, options);
      const begun = await beginOperation(core, 'rebuild', by);
      if (E.isLeft(begun)) throw problemError(doing, begun.left);
      const built = await rebuild(onProgress).catch(() => failed);
      if (E.isLeft(built)) throw problemError(doing, problemOf(storeErrorOf(built.left), ''));
      return { events: built.right || 0 };
    },
    stop: rebuilder.stop,
  };
};
