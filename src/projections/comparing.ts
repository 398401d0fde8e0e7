import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { StoreError } from '../eventStore/eventStore.ts';
import { catchUp, type Log, type Progress, undisturbed } from './catchingUp.ts';
import { checkpoint, type Group } from './checkpoints.ts';
import { all } from './projection.ts';
import { groupedTables, prepareReadModels } from './runner.ts';

/** A table whose rows are not those that its events give. */
export type Difference = {
  readonly table: string;
  /** Rows that the events give and the table lacks. */
  readonly missing: number;
  /** Rows of the table that the events do not give. */
  readonly surplus: number;
};

/** What a comparison came to; tables of another version of the library are made anew when that version opens the store. */
export type Comparison =
  | { readonly kind: 'compared'; readonly tables: number; readonly differences: readonly Difference[] }
  | { readonly kind: 'other-version' };

const groups: readonly Group[] = ['inline', 'audit'];

/** The outbox is not among them: it is not made from events alone, for what was delivered leaves it. */
const comparedTables = Object.keys(groupedTables);

const versions = (db: Database): string =>
  JSON.stringify(all(db, 'SELECT name, version FROM projections ORDER BY name'));

const isThere = (db: Database, table: string): boolean =>
  all(db, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", table).length > 0;

/** The log as it was at a position: the live read models may have come no further. */
const until = (events: Log, position: number): Log => ({
  lastPosition: () => async () => E.right(position),
  readAll: (after, limit) => events.readAll(after, Math.min(limit, Math.max(0, position - after))),
});

const catchUpTo = async (
  events: Log,
  { live, beside }: { readonly live: Database; readonly beside: Database },
  onProgress?: Progress,
): Promise<E.Either<StoreError, void>> => {
  for (const group of groups) {
    const caught = await catchUp(until(events, checkpoint(live, group)), beside, group, onProgress, undisturbed);
    if (E.isLeft(caught)) return caught;
  }
  return E.right(undefined);
};

/** Each row as one text, in the order of the texts, so that two tables are compared as they are read. */
const rowsOf = (db: Database, table: string): IterableIterator<string> => {
  const columns = all<{ readonly name: string }>(db, 'SELECT name FROM pragma_table_info(?)', table);
  const row = columns.map(({ name }) => `quote("${name}")`).join(" || ',' || ");
  return db
    .prepare<[], string>('SELECT '.concat(row, ' AS text FROM ', table, ' ORDER BY text'))
    .pluck()
    .iterate();
};

type Next = IteratorResult<string, undefined>;

/** Below 0 where the first row comes first, above 0 where the second does; a table that has ended comes last. */
const order = (one: Next, other: Next): number => {
  if (one.done === true) return 1;
  return other.done === true ? -1 : Buffer.compare(Buffer.from(one.value), Buffer.from(other.value));
};

const compareTable = ({ live, beside }: { readonly live: Database; readonly beside: Database }, table: string) => {
  const [made, kept] = [rowsOf(beside, table), rowsOf(live, table)];
  let [missing, surplus] = [0, 0];
  try {
    let [one, other]: [Next, Next] = [made.next(), kept.next()];
    while (one.done !== true || other.done !== true) {
      const first = order(one, other);
      if (first < 0) missing += 1;
      if (first > 0) surplus += 1;
      if (first <= 0) one = made.next();
      if (first >= 0) other = kept.next();
    }
    return { table, missing, surplus };
  } finally {
    // One that damage has stopped leaves the other open, and its database could not be closed.
    made.return?.();
    kept.return?.();
  }
};

/**
 * Builds all read models from the log, in memory, and compares them row by row with the live ones: whoever has changed a view's table
 * without the events is found (P10). It writes nothing. `events` are to be read over the connection `live`, so that both are seen at
 * one instant.
 */
export const compareWithRebuild = async (
  events: Log,
  live: Database,
  beside: Database,
  onProgress?: Progress,
): Promise<E.Either<StoreError, Comparison>> => {
  prepareReadModels(beside);
  if (!isThere(live, 'projections') || versions(live) !== versions(beside)) return E.right({ kind: 'other-version' });
  const built = await catchUpTo(events, { live, beside }, onProgress);
  if (E.isLeft(built)) return built;
  live.exec('BEGIN');
  try {
    const caught = await catchUpTo(events, { live, beside });
    if (E.isLeft(caught)) return caught;
    const compared = comparedTables.map((table) => compareTable({ live, beside }, table));
    const differences = compared.filter(({ missing, surplus }) => missing + surplus > 0);
    return E.right({ kind: 'compared', tables: compared.length, differences });
  } finally {
    live.exec('COMMIT');
  }
};
