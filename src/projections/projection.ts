import type { Database, Statement } from 'better-sqlite3';
import type { StoredEvent } from '../eventStore/eventStore.ts';
import type { DataOf, EventType } from '../eventStore/shapes.ts';
import type { Registered } from '../privacy/registered.ts';

/** An event of one type as read models see it: the skeleton only. */
export type Recorded<Type extends EventType> = Omit<StoredEvent, 'type' | 'data'> & {
  readonly type: Type;
  readonly data: DataOf<Type>;
};

/**
 * One read model: its tables, and what each event does to them. The keys of `on` are the subscription. A handler takes what it needs from
 * the event: no clock, no random source, no personal text; rows point to sealed parts by position.
 */
export type Projection = {
  readonly name: string;
  /** Raised when tables or handlers change: the read model is then rebuilt at the next open. */
  readonly version: number;
  readonly schema: string;
  /** Indexes that views ask and no handler does, each its own statement: many events are sooner followed without them. */
  readonly indexes?: readonly string[];
  /** Each with how a purge cleans it. */
  readonly tables: Registered;
  readonly on: { readonly [Type in EventType]?: (db: Database, event: Recorded<Type>) => void };
};

/** Values that a statement binds. */
type Bound = string | number | null | Uint8Array;
type Row = Readonly<Record<string, unknown>>;

const prepared = new WeakMap<Database, Map<string, Statement>>();

/** Prepares a statement once for each database. */
const statement = (db: Database, text: string): Statement => {
  let known = prepared.get(db);
  if (known === undefined) {
    known = new Map();
    prepared.set(db, known);
  }
  const found = known.get(text);
  if (found !== undefined) return found;
  const made = db.prepare(text);
  known.set(text, made);
  return made;
};

/** Runs a statement with bound values. */
export const run = (db: Database, text: string, ...values: readonly Bound[]): void => {
  statement(db, text).run(...values);
};

/** Inserts a row, and gives the number that SQLite has given it; undefined where a conflict has left it out. */
export const insert = (db: Database, text: string, ...values: readonly Bound[]): number | undefined => {
  const { changes, lastInsertRowid } = statement(db, text).run(...values);
  return changes === 0 ? undefined : Number(lastInsertRowid);
};

/** All rows of a query. The caller names the columns' types, as the statement beside it gives them. */
export const all = <Of extends Row>(db: Database, text: string, ...values: readonly Bound[]): readonly Of[] =>
  statement(db, text).all(...values) as Of[];

/** The first row of a query, if any. */
export const one = <Of extends Row>(db: Database, text: string, ...values: readonly Bound[]): Of | undefined =>
  statement(db, text).get(...values) as Of | undefined;
