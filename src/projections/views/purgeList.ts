import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { dayOf, daysBetween } from '../../domain/time.ts';
import { checkpoint } from '../checkpoints.ts';
import { openDuties } from '../duties.ts';
import { programsToPurge } from '../programs.ts';
import { cut, limitOf, pageOf, paging, readCursor, snapshot, type View } from '../view.ts';
import { held } from './shared.ts';

const Query = z.strictObject({ view: z.literal('purge-list'), ...paging });
type Query = z.infer<typeof Query>;

/** Ended and not purged programs of the unit, the longest ended first, so that no purge is forgotten (R241, R243). */
export const purgeList: View<Query> = {
  query: Query,
  answer: async (asking, query) => {
    const { unitId = '' } = asking.by;
    const after = readCursor('purge-list', query, 0);
    if (E.isLeft(after)) return after;
    const { found, asOf } = snapshot(asking, (db) => ({
      found: programsToPurge(db, held(asking, { unitId }), after.right, limitOf(query) + 1).map((row) => ({
        key: row.endedPosition ?? 0,
        row: {
          programId: row.programId,
          endedOn: dayOf(row.endedAt ?? row.startedAt),
          days: daysBetween(dayOf(row.endedAt ?? row.startedAt), asking.today),
          openDuties: openDuties(db, row.programId, asking.core.policy).length,
          ...(row.readableUntil === null ? {} : { readableUntil: row.readableUntil }),
        },
      })),
      asOf: checkpoint(db, 'inline'),
    }));
    const page = cut('purge-list', found, query, ({ key }) => key);
    const rows = page.rows.map(({ row }) => row);
    return E.right({
      answer: pageOf(rows, page.next, asOf),
      programs: rows.map(({ programId }) => programId),
      asOf,
    });
  },
};
