import type { Database } from 'better-sqlite3';
import type { Slug, Uuid } from '../domain/identifiers.ts';
import { dutyCauses, type Policy } from '../domain/policy.ts';
import { type Registration, registrationFor } from '../domain/program/duties.ts';
import type { Instant } from '../domain/time.ts';
import { programIdOf } from '../eventStore/streams.ts';
import type { Holder } from './programLists.ts';
import { all, type Projection, type Recorded, run } from './projection.ts';
import { contentsIn } from './templates.ts';

/** Each with who has the program, so that a clinician's own are a list: they move with it. */
const schema = `
CREATE TABLE duties (
  program_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  duty_id TEXT NOT NULL,
  cause TEXT NOT NULL,
  since TEXT NOT NULL,
  unit_kind TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  clinician TEXT NOT NULL,
  PRIMARY KEY (program_id, position)
) STRICT, WITHOUT ROWID;
`;

const indexes = ['CREATE INDEX IF NOT EXISTS duties_by_clinician ON duties (unit_id, clinician, position)'];

type Raising = Pick<Recorded<'started'>, 'id' | 'stream' | 'position' | 'at' | 'by'> & { readonly type: string };

/** The kind of the unit that owns the program when it happens decides what is to be registered (R254, R256). */
const insert = `INSERT INTO duties (program_id, position, duty_id, cause, since, unit_kind, unit_id, clinician)
  SELECT program_id, ?, ?, ?, ?, COALESCE((SELECT kind FROM units WHERE units.unit_id = programs.unit_id), ''),
    unit_id, clinician FROM programs WHERE program_id = ?`;

const raise = (db: Database, { id, stream, type, position, at }: Raising): void =>
  run(db, insert, position, id, type, at, programIdOf(stream));

/** The clock's own reminder is nobody's contact with the resident. */
const isContact = ({ type, by }: Raising): boolean => type !== 'reminder-sent' || by.kind === 'staff';

const raiseForContact = (db: Database, event: Raising): void => {
  if (isContact(event)) raise(db, event);
};

const move = `UPDATE duties SET (unit_id, clinician) = (SELECT unit_id, clinician FROM programs
  WHERE programs.program_id = duties.program_id) WHERE program_id = ?`;

/** The program's own row has moved before. */
const moved = (db: Database, { stream }: Pick<Raising, 'stream'>): void => run(db, move, programIdOf(stream));

const movedAndRaised = (db: Database, event: Raising): void => {
  moved(db, event);
  raise(db, event);
};

/**
 * What may have to be documented in the journal: the events that can raise a duty (R252–R261), until it is attested that it was done
 * (R257). Which of them do is the policy's choice, made when the list is read (D20).
 */
export const duties: Projection = {
  name: 'duties',
  version: 3,
  schema,
  indexes,
  tables: { duties: { program: 'program_id' } },
  on: {
    ...Object.fromEntries(dutyCauses.map((cause) => [cause, raiseForContact])),
    'clinician-changed': movedAndRaised,
    'handed-over': movedAndRaised,
    'documentation-recorded': (db, { stream, data }) =>
      run(db, 'DELETE FROM duties WHERE program_id = ? AND duty_id = ?', programIdOf(stream), data.dutyId),
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

type DutyRow = Omit<OpenDuty, 'code' | 'attribute'> & {
  readonly unitKind: Slug;
  readonly templateId: Slug;
  readonly major: number;
};

/** The causes that a policy names, for units of any kind and for those of one: as two lists, to be bound. */
const namedBy = ({ duties: named }: Policy): readonly [any: string, ofKind: string] => [
  JSON.stringify(named.filter(({ unitKind }) => unitKind === undefined).map(({ event }) => event)),
  JSON.stringify(named.flatMap(({ event, unitKind }) => (unitKind === undefined ? [] : [`${event} ${unitKind}`]))),
];
const isNamed = `(cause IN (SELECT value FROM json_each(?)) OR cause || ' ' || unit_kind IN (SELECT value FROM json_each(?)))`;

const columns = `position, duty_id AS dutyId, duties.program_id AS programId, cause, since, unit_kind AS unitKind,
  template_id AS templateId, major`;
const ofProgram = 'CROSS JOIN programs ON programs.program_id = duties.program_id';

/** Each with what to register, by the newest version of the program's line. */
const registered = (db: Database, rows: readonly DutyRow[], policy: Policy): readonly OpenDuty[] => {
  const contentOf = contentsIn(db);
  return rows.flatMap(({ position, dutyId, programId, cause, since, unitKind, templateId, major }) => {
    const template = contentOf({ templateId, major, endedMinor: null })?.content;
    const registration = registrationFor(cause, unitKind, policy, template);
    return registration === undefined ? [] : [{ position, dutyId, programId, cause, since, ...registration }];
  });
};

/** The open duties of a program, oldest first, of the causes that the policy names for the unit's kind. */
export const openDuties = (db: Database, programId: Uuid, policy: Policy): readonly OpenDuty[] =>
  registered(
    db,
    all<DutyRow>(
      db,
      `SELECT ${columns} FROM duties ${ofProgram} WHERE duties.program_id = ? AND ${isNamed} ORDER BY position`,
      ...[programId, ...namedBy(policy)],
    ),
    policy,
  );

/** How many duties are open in some programs, of those that the policy names. */
export const countDuties = (db: Database, programIds: readonly Uuid[], policy: Policy): ReadonlyMap<Uuid, number> =>
  new Map(
    all<{ readonly programId: Uuid; readonly number: number }>(
      db,
      `SELECT value AS programId, (SELECT COUNT(*) FROM duties WHERE program_id = value AND ${isNamed}) AS number
       FROM json_each(?) AS page`,
      ...[...namedBy(policy), JSON.stringify(programIds)],
    ).map(({ programId, number }) => [programId, number]),
  );

/** Whose duties a list holds: a clinician's on a unit, or those of just these programs. */
type HeldBy = Required<Holder> | { readonly programIds: readonly Uuid[] };

const heldBy = (whose: HeldBy): readonly [condition: string, ...values: readonly string[]] =>
  'programIds' in whose
    ? ['duties.program_id IN (SELECT value FROM json_each(?))', JSON.stringify(whose.programIds)]
    : ['duties.unit_id = ? AND duties.clinician = ?', whose.unitId, whose.clinician ?? ''];

/** The open duties of a clinician on a unit, or of some programs, after a place, oldest first (R018, R258). */
export const openDutiesOf = (
  db: Database,
  whose: HeldBy,
  policy: Policy,
  after: number,
  limit: number,
): readonly OpenDuty[] => {
  const [held, ...by] = heldBy(whose);
  const rows = all<DutyRow>(
    db,
    `SELECT ${columns} FROM duties ${ofProgram} WHERE ${held} AND position > ? AND ${isNamed}
     ORDER BY position LIMIT ?`,
    ...[...by, after, ...namedBy(policy), limit],
  );
  return registered(db, rows, policy);
};
