import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { problemOf } from '../access/rejection.ts';
import type { Engine } from '../eventStore/engine.ts';
import { catchUp } from '../projections/catchingUp.ts';
import { checkpoint } from '../projections/checkpoints.ts';
import { problemError } from './operating.ts';

const Position = z.string().regex(/^\d{1,16}$/);

const doing = 'The wait for a position';

const caughtUpTo = async ({ events, readModels }: Pick<Engine, 'events' | 'readModels'>) => {
  const caught = await catchUp(events, readModels, 'inline');
  if (E.isLeft(caught)) throw problemError(doing, problemOf(caught.left, ''));
};

/** Waits until the views show everything up to a receipt's position; rejects, with the problem as data, where it is none, or the store fails. */
export const reaching =
  ({ events, readModels, sharing }: Engine) =>
  async (position: string): Promise<void> => {
    const read = Position.safeParse(position);
    if (!read.success)
      throw problemError(doing, { kind: 'invalid', issues: [{ path: 'position', code: 'invalid-format' }] });
    const wanted = Number(read.data);
    await sharing?.reached(wanted);
    if (checkpoint(readModels, 'inline') < wanted) await caughtUpTo({ events, readModels });
  };
