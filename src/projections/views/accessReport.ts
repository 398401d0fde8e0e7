import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import type { HsaId, Uuid } from '../../domain/identifiers.ts';
import { addDays, Day, startOfDay } from '../../domain/time.ts';
import { type AccessRow, accessRows, programsOfEntries } from '../auditSearch.ts';
import { checkpoint } from '../checkpoints.ts';
import { unitRow } from '../units.ts';
import { type Asking, cut, limitOf, pageOf, paging, readCursor, snapshot, type View } from '../view.ts';
import { accessWords, placeWithoutUnit } from './accessWords.ts';
import { goneYears, personIn, upToDate } from './auditSubjects.ts';

const Query = z.strictObject({
  view: z.literal('access-report'),
  from: Day.optional(),
  to: Day.optional(),
  ...paging,
});
type Query = z.infer<typeof Query>;

type Found = { readonly row: AccessRow; readonly unit: string; readonly programs: readonly Uuid[] };

/** What the places where something was done are called; each unit is looked up once. */
const placesIn = (db: Database): ((row: AccessRow) => string) => {
  const units = new Map<HsaId, string>();
  return ({ unitId, kind }) => {
    if (unitId === null) return placeWithoutUnit[kind] ?? '';
    const unit = units.get(unitId) ?? unitRow(db, unitId)?.name ?? unitId;
    units.set(unitId, unit);
    return unit;
  };
};

/** Through the last of the days; the first moment of the next one is out. */
const periodOf = ({ from, to }: Query) => ({
  from: from === undefined ? undefined : startOfDay(from),
  before: to === undefined ? undefined : startOfDay(addDays(to, 1)),
});

const find = (asking: Asking, query: Query, own: readonly Uuid[], before: number) =>
  snapshot(asking, (db) => {
    const whose = { programIds: own, without: goneYears(asking) };
    const rows = accessRows(db, whose, periodOf(query), before, limitOf(query) + 1);
    const page = cut('access-report', rows, query, ({ seq }) => seq);
    const [programsOf, placeOf] = [
      programsOfEntries(
        db,
        page.rows.map(({ seq }) => seq),
        own,
      ),
      placesIn(db),
    ];
    const found = page.rows.map((row): Found => ({ row, unit: placeOf(row), programs: programsOf(row.seq) }));
    return { page: { rows: found, next: page.next }, asOf: checkpoint(db, 'audit') };
  });

const present = ({ row: { at, careProviderId, action }, unit }: Found) => ({
  ...{ at, unit },
  careProvider: careProviderId,
  action: accessWords(action),
});

/**
 * Who has used the resident's own information: when, at which unit of which provider, and for what, newest first (PDL 8:5, R248, R251). It
 * reaches as far back as the log, past a purge too, and names no person.
 */
export const accessReport: View<Query> = {
  query: Query,
  answer: async (asking, query) => {
    const before = readCursor('access-report', query, Number.MAX_SAFE_INTEGER);
    if (E.isLeft(before)) return before;
    const ready = await upToDate(asking);
    if (E.isLeft(ready)) return ready;
    const own = await personIn(asking.core, asking.acting.personalNumber ?? '');
    if (E.isLeft(own)) return own;
    const { page, asOf } = find(asking, query, [...new Set(own.right.programIds)], before.right);
    const programs = [...new Set(page.rows.flatMap((entry) => entry.programs))];
    return E.right({ answer: pageOf(page.rows.map(present), page.next, asOf), programs, asOf });
  },
};
