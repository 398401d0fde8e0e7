import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { HsaId } from '../../domain/identifiers.ts';
import { checkpoint } from '../checkpoints.ts';
import { type LogCheckRow, logCheckRows } from '../logChecks.ts';
import { cut, limitOf, pageOf, paging, readCursor, snapshot, type View } from '../view.ts';

const Query = z.strictObject({ view: z.literal('log-checks'), careProviderId: HsaId.optional(), ...paging });
type Query = z.infer<typeof Query>;

const present = ({ position: _, reference, ...check }: LogCheckRow) => ({
  ...check,
  ...(reference === null ? {} : { reference }),
});

/** The spot checks that were made of the log, with what came of them, the newest first (HSLF-FS 2016:40 4 kap. 9 §). */
export const logChecksView: View<Query> = {
  query: Query,
  answer: async (asking, query) => {
    const before = readCursor('log-checks', query, Number.MAX_SAFE_INTEGER);
    if (E.isLeft(before)) return before;
    const { found, asOf } = snapshot(asking, (db) => ({
      found: logCheckRows(db, query.careProviderId, before.right, limitOf(query) + 1),
      asOf: checkpoint(db, 'inline'),
    }));
    const page = cut('log-checks', found, query, ({ position }) => position);
    return E.right({ answer: pageOf(page.rows.map(present), page.next, asOf), programs: [], asOf });
  },
};
