import type { Database } from 'better-sqlite3';
import { all } from '../../src/projections/projection.ts';
import { registeredTables } from '../../src/projections/register.ts';

type Row = Readonly<Record<string, unknown>>;
type Column = { readonly name: string | null };

const widths = [1, 2, 3, 4, 6];

/** A whole number as SQLite writes it into a record: in as few bytes as it has room for, none for 0 and 1. */
const wholeBytes = (value: number): Buffer => {
  if (value === 0 || value === 1) return Buffer.alloc(0);
  const width = widths.find((bytes) => value >= -(2 ** (8 * bytes - 1)) && value < 2 ** (8 * bytes - 1));
  const eight = Buffer.alloc(8);
  eight.writeBigInt64BE(BigInt(value));
  return eight.subarray(8 - (width ?? 8));
};

const valueBytes = (value: unknown): Buffer => {
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  if (typeof value === 'number' && Number.isInteger(value)) return wholeBytes(value);
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
};

const ownRowid = 'row number';

/** The values of a row in the order in which a table, and each of its indexes, writes them one after the other. */
const ordersIn = (db: Database, table: string): readonly (readonly string[])[] => {
  const isWithoutRowid = all(db, 'SELECT 1 FROM pragma_table_list(?) WHERE wr = 1', table).length > 0;
  const columns = all<{ readonly name: string; readonly type: string; readonly pk: number }>(
    db,
    'SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid',
    table,
  );
  const stored = columns.filter(({ type, pk }) => !(pk === 1 && type === 'INTEGER')).map(({ name }) => name);
  const indexes = all<{ readonly name: string }>(db, 'SELECT name FROM pragma_index_list(?)', table).map(({ name }) =>
    all<Column>(db, 'SELECT name FROM pragma_index_xinfo(?) ORDER BY seqno', name).map(
      (column) => column.name ?? ownRowid,
    ),
  );
  return isWithoutRowid ? indexes : [stored, ...indexes];
};

const rowsIn = (db: Database, table: string, column: string, programId: string): readonly Row[] => {
  const [first] = all<Row>(db, `SELECT * FROM ${table} WHERE ${column} = ? LIMIT 1`, programId);
  if (first === undefined) return [];
  const isWithoutRowid = all(db, 'SELECT 1 FROM pragma_table_list(?) WHERE wr = 1', table).length > 0;
  const number = isWithoutRowid ? 'NULL' : 'rowid';
  return all<Row>(db, `SELECT *, ${number} AS "${ownRowid}" FROM ${table} WHERE ${column} = ?`, programId);
};

/** A row of a program, or an entry of an index, as it lies on a page: in which table, and where in it the id of the program stands. */
export type RowOnPage = { readonly where: string; readonly bytes: Buffer; readonly at: number };

/** The least that must stand beside the id of a program, so that no event, where the id stands between quotes, is taken for a row. */
const leastBeside = 4;

const recordFor = (where: string, bytes: Buffer, programId: string): readonly RowOnPage[] => {
  const at = bytes.indexOf(programId);
  return at < 0 || bytes.length < programId.length + leastBeside ? [] : [{ where, bytes, at }];
};

/**
 * The rows of a program in all read models as they lie on a page, and the entries of their indexes: the values one after the other. Events, which stay,
 * have the same ids, but never like this.
 */
export const recordsOf = (db: Database, programId: string): readonly RowOnPage[] => {
  const records = Object.entries(registeredTables).flatMap(([table, how]) => {
    if (!('program' in how)) return [];
    const orders = ordersIn(db, table);
    return rowsIn(db, table, how.program, programId).flatMap((row) =>
      orders.flatMap((order) =>
        recordFor(`${table} by ${order.join()}`, Buffer.concat(order.map((name) => valueBytes(row[name]))), programId),
      ),
    );
  });
  return [...new Map(records.map((record) => [record.bytes.toString('latin1'), record])).values()];
};

/** Which of the records of a program lie in some bytes. */
export const recordsIn = (bytes: Buffer, programId: string, records: readonly RowOnPage[]): readonly RowOnPage[] => {
  const found = new Set<RowOnPage>();
  for (let place = bytes.indexOf(programId); place >= 0; place = bytes.indexOf(programId, place + 1))
    for (const record of records) {
      const from = place - record.at;
      if (from >= 0 && record.bytes.equals(bytes.subarray(from, from + record.bytes.length))) found.add(record);
    }
  return [...found];
};
