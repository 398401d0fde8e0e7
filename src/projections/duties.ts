import type { Database } from 'better-sqlite3';
import type { Uuid } from '../domain/identifiers.ts';
import { programIdOf } from '../eventStore/streams.ts';
import { all, type Projection, run } from './projection.ts';

const schema = `
CREATE TABLE duties (
  position INTEGER PRIMARY KEY,
  program_id TEXT NOT NULL,
  cause TEXT NOT NULL
) STRICT;
CREATE INDEX duties_by_program ON duties (program_id, cause);
`;

const raise = (db: Database, { stream, type, position }: { stream: string; type: string; position: number }): void =>
  run(db, 'INSERT INTO duties (position, program_id, cause) VALUES (?, ?, ?)', position, programIdOf(stream), type);

/**
 * What may have to be documented in the journal: the events that can raise a duty (R252–R261). Which of them do is the policy's
 * choice, made when the list is read (D20).
 */
export const duties: Projection = {
  name: 'duties',
  version: 1,
  schema,
  tables: ['duties'],
  on: {
    started: raise,
    'message-sent': raise,
    'handed-over': raise,
    ended: raise,
    purged: (db, { stream }) => run(db, 'DELETE FROM duties WHERE program_id = ?', programIdOf(stream)),
  },
};

/** How many duties of a program are open, counting the causes that the policy names. */
export const openDuties = (db: Database, programId: Uuid, causes: ReadonlySet<string>): number =>
  all<{ readonly cause: string; readonly number: number }>(
    db,
    'SELECT cause, COUNT(*) AS number FROM duties WHERE program_id = ? GROUP BY cause',
    programId,
  )
    .filter(({ cause }) => causes.has(cause))
    .reduce((sum, { number }) => sum + number, 0);
