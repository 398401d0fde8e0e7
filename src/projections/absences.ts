import type { Database } from 'better-sqlite3';
import type { Uuid } from '../domain/identifiers.ts';
import type { Day } from '../domain/time.ts';
import { programIdOf } from '../eventStore/streams.ts';
import { one, type Projection, run } from './projection.ts';

const schema = `
CREATE TABLE absences (
  program_id TEXT PRIMARY KEY,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** When a program's clinician is away; the text to the resident lies sealed at `position`. */
export type AbsenceRow = { readonly from: Day; readonly to: Day; readonly position: number };

const forget = (db: Database, { stream }: { readonly stream: string }): void =>
  run(db, 'DELETE FROM absences WHERE program_id = ?', programIdOf(stream));

/** The latest absence announced to each resident (R025, R211): of the clinician who then was responsible, and of no successor. */
export const absences: Projection = {
  name: 'absences',
  version: 2,
  schema,
  tables: { absences: { program: 'program_id' } },
  on: {
    'absence-announced': (db, { stream, data, position }) =>
      run(
        db,
        'INSERT OR REPLACE INTO absences (program_id, from_day, to_day, position) VALUES (?, ?, ?, ?)',
        ...[programIdOf(stream), data.from, data.to, position],
      ),
    'clinician-changed': forget,
    'handed-over': forget,
    purged: forget,
  },
};

/** The latest absence announced in a program, past or not. */
export const absenceRow = (db: Database, programId: Uuid): AbsenceRow | undefined =>
  one<AbsenceRow>(
    db,
    'SELECT from_day AS "from", to_day AS "to", position FROM absences WHERE program_id = ?',
    programId,
  );
