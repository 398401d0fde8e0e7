import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import type { Uuid } from '../../domain/identifiers.ts';
import { type Day, dayOf, daysBetween } from '../../domain/time.ts';
import { checkpoint } from '../checkpoints.ts';
import { countDuties } from '../duties.ts';
import { type EndedProgram, programsToPurge } from '../programLists.ts';
import { cut, limitOf, pageOf, paging, readCursor, snapshot, type View } from '../view.ts';
import { held } from './shared.ts';

const Query = z.strictObject({ view: z.literal('purge-list'), ...paging });
type Query = z.infer<typeof Query>;

const present = (
  { programId, startedAt, endedAt, readableUntil }: EndedProgram,
  duties: ReadonlyMap<Uuid, number>,
  today: Day,
) => {
  const endedOn = dayOf(endedAt ?? startedAt);
  return {
    ...{ programId, endedOn },
    days: daysBetween(endedOn, today),
    openDuties: duties.get(programId) ?? 0,
    ...(readableUntil === null ? {} : { readableUntil }),
  };
};

/** Ended and not purged programs of the unit, the longest ended first, so that no purge is forgotten (R241, R243). */
export const purgeList: View<Query> = {
  query: Query,
  answer: async (asking, query) => {
    const { unitId = '' } = asking.by;
    const after = readCursor('purge-list', query, 0);
    if (E.isLeft(after)) return after;
    const { found, duties, asOf } = snapshot(asking, (db) => {
      const rows = programsToPurge(db, held(asking, { unitId }), after.right, limitOf(query) + 1);
      const shown = rows.slice(0, limitOf(query)).map(({ programId }) => programId);
      return { found: rows, duties: countDuties(db, shown, asking.core.policy), asOf: checkpoint(db, 'inline') };
    });
    const page = cut('purge-list', found, query, ({ endedPosition }) => endedPosition ?? 0);
    const rows = page.rows.map((row) => present(row, duties, asking.today));
    return E.right({
      answer: pageOf(rows, page.next, asOf),
      programs: rows.map(({ programId }) => programId),
      asOf,
    });
  },
};
