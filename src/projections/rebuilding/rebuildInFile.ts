import { setTimeout as wait } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { openRebuildFile, type RebuildFile } from '../../eventStore/rebuildFile.ts';
import { type Rebuilding, rebuildBeside } from './rebuild.ts';
import type { Ending, Interruption } from './takingOver.ts';

/** A rebuild of the read models of a store in a file. */
export type RebuildingInFile = Omit<Rebuilding, 'side' | 'mayGoOn'> & {
  /** The file in which they are built: it stays where the rebuild is stopped. */
  readonly side: string;
  readonly isToStop: () => boolean;
};

const stopped: E.Either<Interruption, never> = E.left({ kind: 'stopped' });

const rebuildIn = (file: RebuildFile, { isToStop, ...given }: RebuildingInFile): Promise<E.Either<Ending, number>> => {
  const mayGoOn = (): E.Either<Interruption, void> => {
    if (isToStop()) return stopped;
    return file.isThere() ? E.right(undefined) : E.left({ kind: 'discarded' });
  };
  return rebuildBeside({ ...given, side: file.db, mayGoOn });
};

const betweenLooks = 50;

/**
 * Builds the read models in a file anew, and goes on where an earlier rebuild was stopped. One at a time: who comes later waits until the other has
 * ended, or its process. A purge takes away what was built, and it begins again from nothing.
 */
export const rebuildInFile = async (given: RebuildingInFile): Promise<E.Either<Ending, number>> => {
  while (!given.isToStop()) {
    const file = await openRebuildFile(given.side);
    if (file === undefined) {
      await wait(betweenLooks);
      continue;
    }
    try {
      const rebuilt = await rebuildIn(file, given);
      const kind = E.isLeft(rebuilt) ? rebuilt.left.kind : 'done';
      if (kind === 'stopped' || kind === 'unavailable') file.close();
      else file.discard();
      if (kind !== 'discarded') return rebuilt;
    } catch (error) {
      // Nobody goes on with what may be damaged.
      file.discard();
      throw error;
    }
  }
  return stopped;
};
