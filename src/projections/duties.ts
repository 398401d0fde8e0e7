import type { Database } from 'better-sqlite3';
import type { Slug, Uuid } from '../domain/identifiers.ts';
import { dutyCauses, type Policy } from '../domain/policy.ts';
import { type Registration, registrationFor } from '../domain/program/duties.ts';
import type { TemplateContent } from '../domain/template/content.ts';
import type { Instant } from '../domain/time.ts';
import { programIdOf } from '../eventStore/streams.ts';
import { conditionOf, programRow, type Whose } from './programs.ts';
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

/** The clock's own reminder is nobody's contact with the resident. */
const isContact = ({ type, by }: Raising): boolean => type !== 'reminder-sent' || by.kind === 'staff';

const raiseForContact = (db: Database, event: Raising): void => {
  if (isContact(event)) raise(db, event);
};

/**
 * What may have to be documented in the journal: the events that can raise a duty (R252–R261), until it is attested that it was done
 * (R257). Which of them do is the policy's choice, made when the list is read (D20).
 */
export const duties: Projection = {
  name: 'duties',
  version: 2,
  schema,
  tables: { duties: { program: 'program_id' } },
  on: {
    ...Object.fromEntries(dutyCauses.map((cause) => [cause, raiseForContact])),
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

type DutyRow = Omit<OpenDuty, 'code' | 'attribute'> & {
  readonly unitKind: Slug;
  readonly templateId: Slug;
  readonly major: number;
};

const select = `SELECT position, duty_id AS dutyId, duties.program_id AS programId, cause, since, unit_kind AS unitKind,
  template_id AS templateId, major FROM programs JOIN duties ON duties.program_id = programs.program_id`;

/** Those of the causes that the policy names for the unit's kind, each with what to register. */
const registered = (db: Database, rows: readonly DutyRow[], policy: Policy): readonly OpenDuty[] => {
  const templates = new Map<string, TemplateContent | undefined>();
  const templateOf = ({ templateId, major }: DutyRow): TemplateContent | undefined => {
    const key = `${templateId} ${major}`;
    if (!templates.has(key)) templates.set(key, contentOf(db, templateId, major)?.content);
    return templates.get(key);
  };
  return rows.flatMap((row) => {
    const { position, dutyId, programId, cause, since } = row;
    const registration = registrationFor(cause, row.unitKind, policy, templateOf(row));
    return registration === undefined ? [] : [{ position, dutyId, programId, cause, since, ...registration }];
  });
};

/** The open duties of a program, oldest first, of the causes that the policy names for the unit's kind. */
export const openDuties = (db: Database, programId: Uuid, policy: Policy): readonly OpenDuty[] =>
  registered(db, all<DutyRow>(db, `${select} WHERE programs.program_id = ? ORDER BY position`, programId), policy);

/** The open duties of programs, such as a clinician's own on a unit, after a place, oldest first (R018, R258). */
export const openDutiesOf = (
  db: Database,
  whose: Whose,
  policy: Policy,
  after: number,
  limit: number,
): readonly OpenDuty[] => {
  const [held, ...by] = conditionOf(whose);
  const found: OpenDuty[] = [];
  for (let from = after; ; ) {
    const rows = all<DutyRow>(
      db,
      `${select} WHERE ${held} AND position > ? ORDER BY position LIMIT ?`,
      ...[...by, from, limit],
    );
    found.push(...registered(db, rows, policy));
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit || found.length >= limit) return found.slice(0, limit);
    from = last.position;
  }
};
