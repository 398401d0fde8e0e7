import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { StoreError } from '../eventStore/eventStore.ts';
import { logUntil } from '../eventStore/eventsUntil.ts';
import { catchUp, undisturbed } from './catchingUp.ts';
import { checkpoint } from './checkpoints.ts';
import type { Log, Progress } from './following.ts';
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

/** The outbox is not among them: it is not made from events alone, for what was delivered leaves it. */
const comparedTables = Object.keys(groupedTables);

const versions = (db: Database): string =>
  JSON.stringify(all(db, 'SELECT name, version FROM projections ORDER BY name'));

const isThere = (db: Database, table: string): boolean =>
  all(db, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", table).length > 0;

/** Both groups as far as both have come, and then the one that has come further. */
const catchUpTo = async (
  events: Log,
  { live, beside }: { readonly live: Database; readonly beside: Database },
  onProgress: Progress = () => undefined,
): Promise<E.Either<StoreError, void>> => {
  const [inline, audit] = [checkpoint(live, 'inline'), checkpoint(live, 'audit')];
  const steps = [
    [['inline', 'audit'], Math.min(inline, audit)],
    [['inline'], inline],
    [['audit'], audit],
  ] as const;
  let told = 0;
  const tell = (done: number): void => {
    if (done > told) onProgress(done, Math.max(inline, audit));
    told = Math.max(told, done);
  };
  for (const [groups, position] of steps) {
    const caught = await catchUp(logUntil(events, position), beside, groups, tell, undisturbed);
    if (E.isLeft(caught)) return caught;
  }
  return E.right(undefined);
};

type Value = string | number | Uint8Array | null;
/** A row: its key, and all of it as one text. */
type Row = readonly [text: string, ...key: readonly Value[]];

const keyOf = (db: Database, table: string): readonly string[] =>
  all<{ readonly name: string }>(db, 'SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk', table).map(
    ({ name }) => `"${name}"`,
  );

/** The rows in the order of their key, which an index has: two tables are compared as they are read, and neither is sorted first. */
const rowsOf = (db: Database, table: string, key: readonly string[]): IterableIterator<Row> => {
  const columns = all<{ readonly name: string }>(db, 'SELECT name FROM pragma_table_info(?)', table);
  const row = columns.map(({ name }) => `quote("${name}")`).join(" || ',' || ");
  const order = key.join(', ') || 'text';
  return db
    .prepare<[], Row>('SELECT '.concat([`${row} AS text`, ...key].join(', '), ' FROM ', table, ' ORDER BY ', order))
    .raw()
    .iterate() as IterableIterator<Row>;
};

/** SQLite puts nothing before numbers, these before texts, and these before bytes, which damage may have made of any of them. */
const rank = (value: Value | undefined): number => {
  if (value === null || value === undefined) return 0;
  return ['number', 'string', 'object'].indexOf(typeof value) + 1;
};

const bytesOf = (value: string | Uint8Array): Uint8Array => (typeof value === 'string' ? Buffer.from(value) : value);

const orderOfValues = (one: Value | undefined, other: Value | undefined): number => {
  const ranks = rank(one) - rank(other);
  if (ranks !== 0 || one === null || one === undefined || other === null || other === undefined) return ranks;
  if (typeof one === 'number' || typeof other === 'number') return Math.sign(Number(one) - Number(other));
  return one === other ? 0 : Buffer.compare(bytesOf(one), bytesOf(other));
};

/** A row without a key is told by its text. */
const orderOfRows = ([oneText, ...one]: Row, [otherText, ...other]: Row): number => {
  if (one.length === 0) return orderOfValues(oneText, otherText);
  for (const [index, value] of one.entries()) {
    const order = orderOfValues(value, other[index]);
    if (order !== 0) return order;
  }
  return 0;
};

type Next = IteratorResult<Row, undefined>;

/** Below 0 where the first row comes first, above 0 where the second does; a table that has ended comes last. */
const order = (one: Next, other: Next): number => {
  if (one.done === true) return 1;
  return other.done === true ? -1 : orderOfRows(one.value, other.value);
};

const isOther = (one: Next, other: Next): boolean => one.value?.[0] !== other.value?.[0];

const compareTable = ({ live, beside }: { readonly live: Database; readonly beside: Database }, table: string) => {
  const key = keyOf(beside, table);
  const [made, kept] = [rowsOf(beside, table, key), rowsOf(live, table, key)];
  let [missing, surplus] = [0, 0];
  try {
    let [one, other]: [Next, Next] = [made.next(), kept.next()];
    while (one.done !== true || other.done !== true) {
      const first = order(one, other);
      const differs = isOther(one, other);
      if (first <= 0 && differs) missing += 1;
      if (first >= 0 && differs) surplus += 1;
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
 * Builds all read models from the log, in a database beside, and compares them row by row with the live ones: whoever has changed a view's table
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
