import * as E from 'fp-ts/lib/Either.js';
import type { Engine } from '../eventStore/engine.ts';
import type { StoreError } from '../eventStore/eventStore.ts';
import { besideOthers, catchUp, undisturbed } from '../projections/catchingUp.ts';
import { checkpoint } from '../projections/checkpoints.ts';
import type { Progress } from './options.ts';
import { beginThread, shortLog } from './readModelThread.ts';

type Store = Pick<Engine, 'events' | 'readModels' | 'files'>;

const behind = async ({ events, readModels }: Store): Promise<E.Either<StoreError, number>> =>
  E.map((last: number) => last - checkpoint(readModels, 'inline'))(await events.lastPosition()());

/**
 * Brings the read models of a store that is being opened up to the end of its log. Mostly nothing is to be done; where tables of a new version are to be
 * filled from a long log, a thread does it, so that the host goes on and is told how far it has come. What a stop cuts off is gone on with at the next
 * opening, and what a thread leaves undone is done here.
 */
export const bringUp = async (store: Store, onProgress: Progress): Promise<E.Either<StoreError, number>> => {
  const { events, readModels, files } = store;
  const before = await behind(store);
  if (E.isLeft(before)) return before;
  const isLong = before.right > shortLog;
  if (isLong && files !== undefined) await beginThread('follow', files, onProgress).ended;
  const left = await behind(store);
  if (E.isLeft(left)) return left;
  const pace = left.right > shortLog ? besideOthers : undisturbed;
  return catchUp(events, readModels, 'inline', isLong ? onProgress : undefined, pace);
};
