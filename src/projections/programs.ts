import type { Database } from 'better-sqlite3';
import type { HsaId, Slug, Uuid } from '../domain/identifiers.ts';
import type { Day, Instant } from '../domain/time.ts';
import type { EventType } from '../eventStore/shapes.ts';
import { programIdOf } from '../eventStore/streams.ts';
import { all, one, type Projection, type Recorded, run } from './projection.ts';

const schema = `
CREATE TABLE programs (
  program_id TEXT PRIMARY KEY,
  unit_id TEXT NOT NULL,
  started_at_unit TEXT NOT NULL,
  care_provider_id TEXT NOT NULL,
  template_id TEXT NOT NULL,
  major INTEGER NOT NULL,
  environment TEXT NOT NULL,
  clinician TEXT NOT NULL,
  status TEXT NOT NULL,
  started_at TEXT NOT NULL,
  started_position INTEGER NOT NULL,
  welcome_position INTEGER,
  last_active_at TEXT,
  ended_at TEXT,
  ended_position INTEGER,
  ended_minor INTEGER,
  readable_until TEXT,
  inbox INTEGER NOT NULL,
  sms INTEGER NOT NULL,
  email INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE purged_programs (
  program_id TEXT PRIMARY KEY,
  unit_id TEXT NOT NULL,
  care_provider_id TEXT NOT NULL,
  purged_at TEXT NOT NULL,
  disposal_decision TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;

const indexes = [
  'CREATE INDEX IF NOT EXISTS programs_by_unit ON programs (unit_id, status, started_position DESC)',
  'CREATE INDEX IF NOT EXISTS programs_by_clinician ON programs (unit_id, clinician, status, started_position DESC)',
  "CREATE INDEX IF NOT EXISTS programs_to_purge ON programs (unit_id, ended_position) WHERE status = 'ended'",
];

/** A program as the lists show it; names and numbers lie sealed at `startedPosition`. */
export type ProgramRow = {
  readonly programId: Uuid;
  readonly unitId: HsaId;
  readonly startedAtUnit: HsaId;
  readonly careProviderId: HsaId;
  readonly templateId: Slug;
  readonly major: number;
  readonly clinician: HsaId;
  readonly status: 'ongoing' | 'ended';
  readonly startedAt: Instant;
  readonly startedPosition: number;
  readonly welcomePosition: number | null;
  readonly lastActiveAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly endedPosition: number | null;
  /** The minor version that was the newest when it ended: it stays in that one. */
  readonly endedMinor: number | null;
  readonly readableUntil: Day | null;
  /** The channels through which the resident is told outside the program (R078, R168). */
  readonly inbox: 0 | 1;
  readonly sms: 0 | 1;
  readonly email: 0 | 1;
};

const columns = `program_id AS programId, unit_id AS unitId, started_at_unit AS startedAtUnit, care_provider_id AS careProviderId,
  template_id AS templateId, major, clinician, status, started_at AS startedAt, started_position AS startedPosition,
  welcome_position AS welcomePosition, last_active_at AS lastActiveAt, ended_at AS endedAt,
  ended_position AS endedPosition, ended_minor AS endedMinor, readable_until AS readableUntil, inbox, sms, email`;

/** What either side may have done: the resident's own acts tell when the resident was last active (R137, R138). */
const active = (db: Database, { stream, at, by }: Pick<Recorded<'started'>, 'stream' | 'at' | 'by'>): void => {
  if (by.kind !== 'resident') return;
  run(db, 'UPDATE programs SET last_active_at = ? WHERE program_id = ?', at, programIdOf(stream));
};

const acts = [
  'program-opened',
  'section-opened',
  'section-completed',
  'module-finished',
  'message-sent',
  'conversation-read',
  'form-saved',
  'form-submitted',
  'comment-made',
  'activity-registered',
] as const satisfies readonly EventType[];

type Channels = Recorded<'resident-notifications-set'>['data'];
const bits = ({ inbox, sms, email }: Channels): readonly (0 | 1)[] => [inbox, sms, email].map((on) => (on ? 1 : 0));

const insert = `INSERT INTO programs (program_id, unit_id, started_at_unit, care_provider_id, template_id, major,
  environment, clinician, status, started_at, started_position, inbox, sms, email)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'ongoing', ?, ?, ?, ?, ?)`;

const started = (db: Database, { stream, data, at, position }: Recorded<'started'>): void => {
  const { unitId, careProviderId, templateId, major, environment, clinician, notifications } = data;
  const place = [programIdOf(stream), unitId, unitId, careProviderId, templateId, major, environment, clinician];
  run(db, insert, ...place, at, position, ...bits(notifications));
};

const notify = `UPDATE programs SET inbox = ?, sms = ?, email = ?, last_active_at = COALESCE(?, last_active_at)
  WHERE program_id = ?`;

const notified = (db: Database, { stream, data, at, by }: Recorded<'resident-notifications-set'>): void =>
  run(db, notify, ...bits(data), by.kind === 'resident' ? at : null, programIdOf(stream));

const purged = (db: Database, { stream, data, at }: Recorded<'purged'>): void => {
  const programId = programIdOf(stream);
  run(
    db,
    `INSERT INTO purged_programs SELECT program_id, unit_id, care_provider_id, ?, ? FROM programs WHERE program_id = ?`,
    ...[at, data.disposalDecision, programId],
  );
  run(db, 'DELETE FROM programs WHERE program_id = ?', programId);
};

/** The programs of the units: what the tabs Mina, Alla and Avslutade list (R274–R276). */
export const programs: Projection = {
  name: 'programs',
  version: 3,
  schema,
  indexes,
  tables: {
    programs: { program: 'program_id' },
    purged_programs: { keeps: 'that a program was purged, when, and on which decision, by its random id (R246)' },
  },
  on: {
    ...Object.fromEntries(acts.map((type) => [type, active])),
    started,
    'welcome-text-changed': (db, { stream, position }) =>
      run(db, 'UPDATE programs SET welcome_position = ? WHERE program_id = ?', position, programIdOf(stream)),
    'resident-notifications-set': notified,
    'clinician-changed': (db, { stream, data }) =>
      run(db, 'UPDATE programs SET clinician = ? WHERE program_id = ?', data.to, programIdOf(stream)),
    'handed-over': (db, { stream, data: { toUnit, careProviderId, clinician } }) =>
      run(
        db,
        'UPDATE programs SET unit_id = ?, care_provider_id = ?, clinician = ? WHERE program_id = ?',
        ...[toUnit, careProviderId, clinician, programIdOf(stream)],
      ),
    ended: (db, { stream, data, at, position }) =>
      run(
        db,
        `UPDATE programs SET status = 'ended', ended_at = ?, ended_position = ?, readable_until = ?, ended_minor = (
           SELECT MAX(minor) FROM template_versions AS version
           WHERE version.template_id = programs.template_id AND version.major = programs.major)
         WHERE program_id = ?`,
        ...[at, position, data.readableUntil ?? null, programIdOf(stream)],
      ),
    'maintenance-closed': (db, { stream }) =>
      run(db, 'UPDATE programs SET readable_until = NULL WHERE program_id = ?', programIdOf(stream)),
    purged,
  },
};

const oneProgram = `SELECT ${columns} FROM programs WHERE program_id = ?`;

/** One program; undefined when there is none, or it is purged. */
export const programRow = (db: Database, programId: Uuid): ProgramRow | undefined =>
  one<ProgramRow>(db, oneProgram, programId);

/** The programs by their ids; those that are not there are left out. */
export const programRows = (db: Database, programIds: readonly Uuid[]): ReadonlyMap<Uuid, ProgramRow> =>
  new Map(
    all<ProgramRow>(
      db,
      `SELECT ${columns} FROM json_each(?) CROSS JOIN programs ON program_id = value`,
      JSON.stringify(programIds),
    ).map((row) => [row.programId, row]),
  );

/** Whom a program concerns, and how its resident wants to be told (R078, R168). */
export type ConcernedRow = Pick<ProgramRow, 'unitId' | 'clinician' | 'inbox' | 'sms' | 'email'>;

/** Whom a program concerns; undefined when there is none, or it is purged. */
export const concernedRow = (db: Database, programId: Uuid): ConcernedRow | undefined =>
  one<ConcernedRow>(
    db,
    'SELECT unit_id AS unitId, clinician, inbox, sms, email FROM programs WHERE program_id = ?',
    programId,
  );

/** What is left of a purged program: who owned it, and under which decision it was purged. */
export type PurgedRow = { readonly unitId: HsaId; readonly purgedAt: Instant; readonly disposalDecision: string };

/** A purged program; undefined while it is not. */
export const purgedRow = (db: Database, programId: Uuid): PurgedRow | undefined =>
  one<PurgedRow>(
    db,
    `SELECT unit_id AS unitId, purged_at AS purgedAt, disposal_decision AS disposalDecision FROM purged_programs
     WHERE program_id = ?`,
    programId,
  );

/** The unit that owned a program when it was purged. */
export const purgedUnit = (db: Database, programId: Uuid): HsaId | undefined => purgedRow(db, programId)?.unitId;

/** A page of a list: rows before a place, newest first. */
export type Slice = { readonly before: number; readonly limit: number };
const fromTheTop = Number.MAX_SAFE_INTEGER;

/** The place before which the first page lies. */
export const firstSlice = (limit: number): Slice => ({ before: fromTheTop, limit });

/** How many programs of a unit are ongoing, and how many are ended and not purged (D23). */
export const countPrograms = (db: Database, unitId: HsaId): { readonly ongoing: number; readonly ended: number } => {
  const rows = all<{ readonly status: string; readonly number: number }>(
    db,
    'SELECT status, COUNT(*) AS number FROM programs WHERE unit_id = ? GROUP BY status',
    unitId,
  );
  const count = (status: string): number => rows.find((row) => row.status === status)?.number ?? 0;
  return { ongoing: count('ongoing'), ended: count('ended') };
};

/** Whether one of these programs is ongoing on a unit from a template (D27). */
export const isOngoingAmong = (
  db: Database,
  programIds: readonly Uuid[],
  { unitId, templateId }: { readonly unitId: HsaId; readonly templateId: Slug },
): boolean =>
  programIds.some((programId) => {
    const row = programRow(db, programId);
    return row?.status === 'ongoing' && row.unitId === unitId && row.templateId === templateId;
  });

/** How many programs were ever purged: it grows with every purge. */
export const countPurged = (db: Database): number =>
  one<{ readonly number: number }>(db, 'SELECT COUNT(*) AS number FROM purged_programs')?.number ?? 0;

/** Every purged program. */
export const purgedPrograms = (db: Database): readonly Uuid[] =>
  all<{ readonly programId: Uuid }>(db, 'SELECT program_id AS programId FROM purged_programs').map(
    ({ programId }) => programId,
  );
