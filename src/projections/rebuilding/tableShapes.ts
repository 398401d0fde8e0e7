import type { Database } from 'better-sqlite3';
import { all } from '../projection.ts';

/** A table as rows are copied from it: by its key, which comes first among the columns. */
export type TableShape = {
  readonly name: string;
  readonly key: readonly Column[];
  readonly columns: readonly string[];
};
type Column = { readonly name: string; readonly type: string };
type Described = Column & { readonly pk: number };

/** A number that SQLite gives each row of a table without a key of its own: rows keep theirs, and with it their order. */
const rowid: Column = { name: 'rowid', type: 'INTEGER' };

const isWithoutRowid = (db: Database, table: string): boolean =>
  all(db, 'SELECT 1 FROM pragma_table_list(?) WHERE wr = 1', table).length > 0;

const keyOf = (db: Database, table: string, columns: readonly Described[]): readonly Column[] => {
  const primary = columns.filter(({ pk }) => pk > 0).toSorted((one, other) => one.pk - other.pk);
  const isNumber = primary.length === 1 && primary[0]?.type === 'INTEGER';
  return isNumber || isWithoutRowid(db, table) ? primary : [rowid];
};

/** How a table is read and written in the order of its key. */
export const shapeOf = (db: Database, name: string): TableShape => {
  const described = all<Described>(db, 'SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid', name);
  const key = keyOf(db, name, described).map((column): Column => ({ name: column.name, type: column.type }));
  const names = key.map((column) => column.name);
  const others = described.map((column) => column.name).filter((column) => !names.includes(column));
  return { name, key, columns: [...names, ...others] };
};

/** Names in a statement, each behind a prefix. */
export const listed = (names: readonly string[], prefix = ''): string =>
  names.map((name) => prefix.concat(name)).join(', ');

/** As many placeholders as there are names. */
export const places = (names: readonly string[]): string => names.map(() => '?').join(', ');

/** The names of a key's columns. */
export const keyNames = ({ key }: TableShape): readonly string[] => key.map(({ name }) => name);
