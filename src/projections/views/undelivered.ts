import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { checkpoint } from '../checkpoints.ts';
import { type OutboxRow, undeliveredRows } from '../notifications/outbox.ts';
import { cut, limitOf, pageOf, paging, readCursor, snapshot, type View } from '../view.ts';

const Query = z.strictObject({ view: z.literal('undelivered'), ...paging });
type Query = z.infer<typeof Query>;

const shown = (
  { id, hsaId, unitId, programId, channel, about, createdAt, attempts, state }: OutboxRow,
  isOwn: boolean,
) => ({
  id,
  to: hsaId === null ? 'resident' : 'staff',
  ...(hsaId === null ? {} : { hsaId }),
  unitId,
  ...(isOwn && programId !== null ? { programId } : {}),
  ...{ channel, about, since: createdAt, attempts, state },
});

/**
 * Notifications that were tried and have not got through, the oldest first (R172): those of the unit, with the program, for its resident
 * administrators; those of all units, without it, for the regional team.
 */
export const undelivered: View<Query> = {
  query: Query,
  answer: async (asking, query) => {
    const { unitId } = asking.by;
    const after = readCursor('undelivered', query, 0);
    if (E.isLeft(after)) return after;
    const { found, asOf } = snapshot(asking, (db) => ({
      found: undeliveredRows(db, asking.at, { after: after.right, limit: limitOf(query) + 1, unitId }),
      asOf: checkpoint(db, 'inline'),
    }));
    const page = cut('undelivered', found, query, ({ seq }) => seq);
    const isOwn = asking.by.kind === 'staff';
    const named = page.rows.flatMap(({ programId }) => (isOwn && programId !== null ? [programId] : []));
    return E.right({
      answer: pageOf(
        page.rows.map((row) => shown(row, isOwn)),
        page.next,
        asOf,
      ),
      programs: [...new Set(named)],
      asOf,
    });
  },
};
