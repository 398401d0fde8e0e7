import type { Database } from 'better-sqlite3';
import type { Slug, Uuid } from '../domain/identifiers.ts';
import type { Policy } from '../domain/policy.ts';
import { type Registration, registrationFor } from '../domain/program/duties.ts';
import type { Instant } from '../domain/time.ts';
import { programIdOf } from '../eventStore/streams.ts';
import { programRow } from './programs.ts';
import { all, type Projection, type Recorded, run } from './projection.ts';
import { contentOf } from './templates.ts';
import { unitRow } from './units.ts';

const schema = `
CREATE TABLE duties (
  position INTEGER PRIMARY KEY,
  duty_id TEXT NOT NULL,
  program_id TEXT NOT NULL,
  cause TEXT NOT NULL,
  since TEXT NOT NULL,
  unit_kind TEXT NOT NULL
) STRICT;
CREATE INDEX duties_by_program ON duties (program_id, position);
CREATE UNIQUE INDEX duties_by_id ON duties (duty_id);
`;

type Raising = Pick<Recorded<'started'>, 'id' | 'stream' | 'position' | 'at' | 'by'> & { readonly type: string };

/** The kind of the unit that owns the program when it happens decides what is to be registered (R254, R256). */
const raise = (db: Database, { id, stream, type, position, at }: Raising): void => {
  const programId = programIdOf(stream);
  const kind = unitRow(db, programRow(db, programId)?.unitId ?? '')?.kind ?? '';
  run(
    db,
    'INSERT INTO duties (position, duty_id, program_id, cause, since, unit_kind) VALUES (?, ?, ?, ?, ?, ?)',
    ...[position, id, programId, type, at, kind],
  );
};

/** What staff did; the clock's own reminder is nobody's contact with the resident. */
const raiseForStaff = (db: Database, event: Raising): void => {
  if (event.by.kind === 'staff') raise(db, event);
};

/**
 * What may have to be documented in the journal: the events that can raise a duty (R252–R261), until it is attested that it was done
 * (R257). Which of them do is the policy's choice, made when the list is read (D20).
 */
export const duties: Projection = {
  name: 'duties',
  version: 2,
  schema,
  tables: ['duties'],
  on: {
    started: raise,
    'message-sent': raise,
    'form-submitted': raise,
    'form-opened': raise,
    'comment-made': raise,
    'comment-read': raise,
    'activity-registered': raise,
    'reminder-sent': raiseForStaff,
    'clinician-changed': raise,
    'handed-over': raise,
    ended: raise,
    'documentation-recorded': (db, { data }) => run(db, 'DELETE FROM duties WHERE duty_id = ?', data.dutyId),
    purged: (db, { stream }) => run(db, 'DELETE FROM duties WHERE program_id = ?', programIdOf(stream)),
  },
};

/** A duty that nobody has attested yet, with what to register for it. */
export type OpenDuty = Registration & {
  readonly position: number;
  readonly dutyId: Uuid;
  readonly programId: Uuid;
  readonly cause: Slug;
  readonly since: Instant;
};

type DutyRow = Omit<OpenDuty, 'code' | 'attribute'> & { readonly unitKind: Slug };

const columns = 'position, duty_id AS dutyId, program_id AS programId, cause, since, unit_kind AS unitKind';

/** The open duties of a program, oldest first, of the causes that the policy names for the unit's kind. */
export const openDuties = (db: Database, programId: Uuid, policy: Policy): readonly OpenDuty[] => {
  const program = programRow(db, programId);
  const template = program === undefined ? undefined : contentOf(db, program.templateId, program.major)?.content;
  const rows = all<DutyRow>(db, `SELECT ${columns} FROM duties WHERE program_id = ? ORDER BY position`, programId);
  return rows.flatMap(({ unitKind, ...row }) => {
    const registration = registrationFor(row.cause, unitKind, policy, template);
    return registration === undefined ? [] : [{ ...row, ...registration }];
  });
};
