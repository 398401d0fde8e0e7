import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { publicText, Slug } from '../../domain/identifiers.ts';
import { addMonths, Day, monthOf } from '../../domain/time.ts';
import { checkpoint } from '../checkpoints.ts';
import { type CountyLine, countedLines, countedMonths } from '../statistics.ts';
import { cut, limitOf, pageOf, paging, readCursor, snapshot, type View } from '../view.ts';

const Query = z.strictObject({
  view: z.literal('statistics'),
  county: publicText(64).optional(),
  templateId: Slug.optional(),
  from: Day.optional(),
  to: Day.optional(),
  ...paging,
});
type Query = z.infer<typeof Query>;

type Month = {
  readonly month: string;
  readonly started: number;
  readonly ended: number;
  readonly ongoing: number;
  readonly messages: number;
};
type Row = CountyLine & Month;

const nextMonth = (month: string): string => monthOf(addMonths(`${month}-01`, 1));

/** Every month from the first in which something happened to the last, with what was ongoing at its end. */
const monthsOf = (counted: ReturnType<typeof countedMonths>): readonly Month[] => {
  const months: Month[] = [];
  for (const { month, started, ended, movedIn, movedOut, messages } of counted) {
    const last = (): Month | undefined => months.at(-1);
    // Months between, in which nothing happened, end as they began.
    for (let before = last(); before !== undefined && nextMonth(before.month) < month; before = last())
      months.push({ month: nextMonth(before.month), started: 0, ended: 0, ongoing: before.ongoing, messages: 0 });
    const ongoing = (last()?.ongoing ?? 0) + started + movedIn - ended - movedOut;
    months.push({ month, started, ended, ongoing, messages });
  }
  return months;
};

/** A month is in when it overlaps the days that are asked for. */
const isIn = ({ month }: Month, { from, to }: Query): boolean =>
  (from === undefined || month >= monthOf(from)) && (to === undefined || month <= monthOf(to));

/** A row with a count that is not nothing and smaller than the policy shows could point at somebody. */
const isLarge = ({ started, ended, ongoing, messages }: Month, smallest: number): boolean =>
  [started, ended, ongoing, messages].every((count) => count === 0 || count >= smallest);

/** A line and a month in one text, for the place where a page ends. */
type Key = { readonly unitId: string; readonly templateId: string; readonly month: string };
const written = ({ unitId, templateId, month }: Key): string => `${unitId} ${templateId} ${month}`;
const readKey = (text: string): Key => {
  const [unitId = '', templateId = '', month = ''] = text.split(' ');
  return { unitId, templateId, month };
};

const isAfter = (line: CountyLine, { month }: Month, after: Key): boolean =>
  line.unitId !== after.unitId || line.templateId !== after.templateId || month > after.month;

const rowsAfter = (db: Database, query: Query, after: Key, smallest: number): readonly Row[] => {
  const rows: Row[] = [];
  for (const line of countedLines(db, query, after)) {
    if (rows.length > limitOf(query)) break;
    const months = monthsOf(countedMonths(db, line)).filter(
      (month) => isIn(month, query) && isLarge(month, smallest) && isAfter(line, month, after),
    );
    rows.push(...months.map((month) => ({ ...line, ...month })));
  }
  return rows.slice(0, limitOf(query) + 1);
};

/** Counts by county, unit, template and month: no persons, and the same after every purge (R281–R283, I27). */
export const statisticsView: View<Query> = {
  query: Query,
  answer: async (asking, query) => {
    const after = readCursor('statistics', query, '');
    if (E.isLeft(after)) return after;
    const { rows, asOf } = snapshot(asking, (db) => ({
      rows: rowsAfter(db, query, readKey(after.right), asking.core.policy.statistics.smallestCount),
      asOf: checkpoint(db, 'inline'),
    }));
    const page = cut('statistics', rows, query, written);
    return E.right({ answer: pageOf(page.rows, page.next, asOf), programs: [], asOf });
  },
};
