import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { publicText } from '../../domain/identifiers.ts';
import { checkpoint } from '../checkpoints.ts';
import { unitsOf } from '../staff.ts';
import { searchUnits, type UnitRow, unitRow } from '../units.ts';
import { cut, limitOf, pageOf, paging, readCursor, snapshot, type View } from '../view.ts';

const Query = z.strictObject({
  view: z.literal('units'),
  search: publicText(200).optional(),
  mine: z.boolean().optional(),
  ...paging,
});
type Query = z.infer<typeof Query>;

const present = ({ unitId, name, kind, operator, active, validTo }: UnitRow) => ({
  ...{ unitId, name, kind, operator },
  active: active === 1,
  ...(validTo === null ? {} : { validTo }),
});

const own = (db: Database, hsaId: string, after: string, limit: number): readonly UnitRow[] =>
  unitsOf(db, hsaId, after, limit).flatMap(({ unitId }) => unitRow(db, unitId) ?? []);

/** Units by name or HSA-id, or those where the asker is active staff: for choosing one (R064) and for a handover (R191). */
export const unitsView: View<Query> = {
  query: Query,
  beforeUnitIsChosen: ({ mine }) => mine === true,
  answer: async (asking, query) => {
    const after = readCursor('units', query, '');
    if (E.isLeft(after)) return after;
    const limit = limitOf(query) + 1;
    const { rows, asOf } = snapshot(asking, (db) => ({
      rows:
        query.mine === true
          ? own(db, asking.by.hsaId ?? '', after.right, limit)
          : searchUnits(db, query.search ?? '', after.right, limit),
      asOf: checkpoint(db, 'inline'),
    }));
    const page = cut('units', rows, query, ({ unitId }) => unitId);
    return E.right({ answer: pageOf(page.rows.map(present), page.next, asOf), programs: [], asOf });
  },
};
