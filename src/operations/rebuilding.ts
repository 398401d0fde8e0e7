import * as E from 'fp-ts/lib/Either.js';
import type { Actor } from '../access/actor.ts';
import type { Core } from '../access/core.ts';
import { problemOf } from '../access/rejection.ts';
import { memoryDatabase } from '../eventStore/memoryDatabase.ts';
import { rebuild } from '../projections/runner.ts';
import { beginOperation, problemError } from './operating.ts';
import { type Progress, progressIn } from './options.ts';

const doing = 'The rebuild';

/** Builds all read models anew from the events, beside the live ones, and puts them in place. */
export const rebuilding =
  (core: Core) =>
  async (options?: { readonly onProgress?: Progress }, by?: Actor): Promise<{ readonly events: number }> => {
    const onProgress = progressIn(doing, options);
    const begun = await beginOperation(core, 'rebuild', by);
    if (E.isLeft(begun)) throw problemError(doing, begun.left);
    const beside = await memoryDatabase();
    try {
      const built = await rebuild(core.events, core.readModels, beside, onProgress);
      if (E.isLeft(built)) throw problemError(doing, problemOf(built.left, ''));
      return { events: built.right };
    } finally {
      beside.close();
    }
  };
