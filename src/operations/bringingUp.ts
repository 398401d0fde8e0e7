import * as E from 'fp-ts/lib/Either.js';
import type { Engine } from '../eventStore/engine.ts';
import type { StoreError } from '../eventStore/eventStore.ts';
import { besideOthers, catchUp, undisturbed } from '../projections/catchingUp.ts';
import { checkpoint } from '../projections/checkpoints.ts';
import type { Progress } from './options.ts';
import { beginThread, shortLog } from './readModelThread.ts';

type Store = Pick<Engine, 'events' | 'readModels' | 'files'>;

/**
 * Brings the read models of a store that is being opened up to the end of its log. Mostly nothing is to be done; where tables of a new version are to be
 * filled from a long log, a thread does it, so that the host goes on and is told how far it has come. What a stop cuts off is gone on with at the next
 * opening, and what a thread leaves undone is done here.
 */
export const bringUp = async (store: Store, onProgress: Progress): Promise<E.Either<StoreError, number>> => {
  const { events, readModels, files } = store;
  const last = await events.lastPosition()();
  if (E.isLeft(last)) return last;
  if (last.right - checkpoint(readModels, 'inline') <= shortLog)
    return catchUp(events, readModels, 'inline', undefined, undisturbed);
  if (files !== undefined) await beginThread('follow', files, onProgress).ended;
  return catchUp(events, readModels, 'inline', onProgress, besideOthers);
};
