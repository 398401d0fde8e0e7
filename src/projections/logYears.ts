import type { Database } from 'better-sqlite3';
import { all, one, type Projection, run } from './projection.ts';

const schema = `
CREATE TABLE disposed_log_years (year INTEGER PRIMARY KEY, key_id TEXT NOT NULL, position INTEGER NOT NULL) STRICT;
`;

/** A year of the log whose persons are to be unknown, the key that named them, and where it was decided. */
export type DisposedYear = { readonly year: number; readonly keyId: string; readonly position: number };

/** The years of the log that were disposed of: what is asked for by a person does not reach into them. */
export const logYears: Projection = {
  name: 'log-years',
  version: 1,
  schema,
  tables: { disposed_log_years: { keeps: 'years of the log' } },
  on: {
    'log-year-disposed': (db, { position, data: { year, keyId } }) =>
      run(
        db,
        'INSERT OR IGNORE INTO disposed_log_years (year, key_id, position) VALUES (?, ?, ?)',
        ...[year, keyId, position],
      ),
  },
};

const columns = 'year, key_id AS keyId, position';

/** The disposal of a year; undefined where there was none. */
export const disposedYear = (db: Database, year: number): DisposedYear | undefined =>
  one<DisposedYear>(db, `SELECT ${columns} FROM disposed_log_years WHERE year = ?`, year);

/** Every year that was disposed of, the earliest first. */
export const disposedYears = (db: Database): readonly DisposedYear[] =>
  all<DisposedYear>(db, `SELECT ${columns} FROM disposed_log_years ORDER BY year`);
