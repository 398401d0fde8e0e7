import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { type Refusal, refused } from '../../domain/decider.ts';
import { type HsaId, Uuid } from '../../domain/identifiers.ts';
import { programStream } from '../../eventStore/streams.ts';
import { erasureOf } from '../../privacy/purge.ts';
import { checkpoint } from '../checkpoints.ts';
import { type PurgedRow, programRow, purgedRow } from '../programs.ts';
import { snapshot, type View } from '../view.ts';

const Query = z.strictObject({ view: z.literal('purge'), programId: Uuid });

/** The purge of a program that the unit owned; a program of the unit that is not purged yet has none, and others are unknown. */
const find = (db: Database, programId: Uuid, unitId: HsaId | undefined): E.Either<Refusal, PurgedRow> => {
  const purged = purgedRow(db, programId);
  if (purged !== undefined && purged.unitId === unitId) return E.right(purged);
  const isOwn = unitId !== undefined && programRow(db, programId)?.unitId === unitId;
  return E.left(refused(isOwn ? 'program-not-ended' : 'unknown-program'));
};

/** What an erasure waits for: somebody who reads the event file at this moment keeps pages of it alive. */
const waiting = { erasure: 'erasure-pending', waitingFor: ['open-reader'] } as const;

/** When and under which decision a program was purged, and whether every trace of it is gone (R240, R246). */
export const purge: View<z.infer<typeof Query>> = {
  query: Query,
  answer: async (asking, { programId }) => {
    const { found, asOf } = snapshot(asking, (db) => ({
      found: find(db, programId, asking.by.unitId),
      asOf: checkpoint(db, 'inline'),
    }));
    if (E.isLeft(found)) return found;
    const { purgedAt, disposalDecision } = found.right;
    const erasure = await erasureOf(asking.core, programStream(programId));
    const state = erasure === 'erased' ? { erasure } : waiting;
    return E.right({ answer: { purgedAt, disposalDecision, ...state }, programs: [programId], asOf });
  },
};
