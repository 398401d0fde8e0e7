import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { type Refusal, refused } from '../../domain/decider.ts';
import { Uuid } from '../../domain/identifiers.ts';
import { programStream } from '../../eventStore/streams.ts';
import { checkpoint } from '../checkpoints.ts';
import { type PurgedRow, programRow, purgedRow } from '../programs.ts';
import { type Asking, snapshot, type View } from '../view.ts';

const Query = z.strictObject({ view: z.literal('purge'), programId: Uuid });

/** The purge of a program that the unit owned; a program of the unit that is not purged yet has none, and others are unknown. */
const find = ({ rights, by }: Asking, db: Database, programId: Uuid): E.Either<Refusal, PurgedRow> => {
  const { unitId } = by;
  const purged = purgedRow(rights.db, programId);
  if (purged !== undefined && purged.unitId === unitId) return E.right(purged);
  const isOwn = unitId !== undefined && programRow(rights.db, programId)?.unitId === unitId;
  return E.left(refused(isOwn && programRow(db, programId) !== undefined ? 'program-not-ended' : 'unknown-program'));
};

/** When and under which decision a program was purged, and whether every trace of it is gone (R240, R246). */
export const purge: View<z.infer<typeof Query>> = {
  query: Query,
  answer: async (asking, { programId }) => {
    const { found, asOf } = snapshot(asking, (db) => ({
      found: find(asking, db, programId),
      asOf: checkpoint(db, 'inline'),
    }));
    if (E.isLeft(found)) return found;
    const { purgedAt, disposalDecision } = found.right;
    const state = await asking.core.erasing.stateOf(programStream(programId));
    if (E.isLeft(state)) return state;
    const { erasure, waitingFor } = state.right;
    const pending = erasure === 'erased' ? {} : { waitingFor };
    return E.right({ answer: { purgedAt, disposalDecision, erasure, ...pending }, programs: [programId], asOf });
  },
};
