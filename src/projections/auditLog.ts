import type { Database } from 'better-sqlite3';
import { actorName, type Purpose } from '../domain/actors.ts';
import type { HsaId, Uuid } from '../domain/identifiers.ts';
import type { Instant } from '../domain/time.ts';
import type { StoredEvent } from '../eventStore/eventStore.ts';
import type { EventType } from '../eventStore/shapes.ts';
import { isProgramStream, programIdOf } from '../eventStore/streams.ts';
import { auditYear } from '../privacy/pseudonyms.ts';
import { type Activity, activityOf, activityOfOperation, activityOfView } from './auditActivities.ts';
import { one, type Projection, run } from './projection.ts';

const schema = `
CREATE TABLE audit_entries (
  seq INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL,
  command_id TEXT,
  position INTEGER NOT NULL,
  at TEXT NOT NULL,
  year INTEGER NOT NULL,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  role TEXT,
  office TEXT,
  unit_id TEXT,
  care_provider_id TEXT,
  method TEXT,
  assurance INTEGER,
  activity TEXT NOT NULL,
  action TEXT NOT NULL,
  purpose TEXT NOT NULL,
  outcome TEXT NOT NULL,
  code TEXT,
  count INTEGER,
  person TEXT
) STRICT;
CREATE UNIQUE INDEX audit_by_command ON audit_entries (command_id) WHERE command_id IS NOT NULL;
CREATE UNIQUE INDEX audit_by_position ON audit_entries (position);
CREATE INDEX audit_by_at ON audit_entries (at);
CREATE INDEX audit_by_actor ON audit_entries (actor, seq DESC);
CREATE INDEX audit_by_unit ON audit_entries (unit_id, seq DESC);
CREATE INDEX audit_by_provider ON audit_entries (care_provider_id, seq DESC);
CREATE INDEX audit_by_person ON audit_entries (person, seq DESC) WHERE person IS NOT NULL;
CREATE TABLE audit_entry_programs (
  seq INTEGER NOT NULL,
  program_id TEXT NOT NULL,
  owner TEXT,
  owner_unit TEXT,
  PRIMARY KEY (seq, program_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_by_program ON audit_entry_programs (program_id, seq DESC);
CREATE INDEX audit_by_owner ON audit_entry_programs (owner, seq DESC);
CREATE TABLE audit_owners (program_id TEXT PRIMARY KEY, care_provider_id TEXT NOT NULL, unit_id TEXT NOT NULL) STRICT;
`;

/** One entry of the audit log: one command or view call. */
export type AuditRow = {
  readonly seq: number;
  readonly at: Instant;
  readonly year: number;
  readonly actor: string;
  readonly role: string | null;
  readonly unitId: HsaId | null;
  readonly careProviderId: HsaId | null;
  readonly method: string | null;
  readonly assurance: number | null;
  readonly activity: Activity;
  readonly action: string;
  readonly purpose: Purpose;
  readonly outcome: 'allowed' | 'refused' | 'repeated';
  readonly code: string | null;
  readonly count: number | null;
  /** The year's reference to a person whom no program names. */
  readonly person: string | null;
};

type Outcome = AuditRow['outcome'];
type Described = {
  readonly person?: string;
  readonly activity: Activity;
  readonly outcome: Outcome;
  readonly code?: string;
  readonly count?: number;
};

const insertEntry = `INSERT INTO audit_entries (seq, event_id, command_id, position, at, year, kind, actor, role, office, unit_id,
  care_provider_id, method, assurance, activity, action, purpose, outcome, code, count, person)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const nextSeq = (db: Database): number =>
  (one<{ readonly seq: number | null }>(db, 'SELECT MAX(seq) AS seq FROM audit_entries')?.seq ?? 0) + 1;

const insert = (db: Database, event: StoredEvent, commandId: Uuid | null, described: Described): number => {
  const { by, at, position, cause } = event;
  const seq = nextSeq(db);
  run(
    db,
    insertEntry,
    ...[seq, event.id, commandId, position, at, auditYear(at), by.kind, actorName(by)],
    ...[
      by.role ?? null,
      by.office ?? null,
      by.unitId ?? null,
      by.careProviderId ?? null,
      by.authentication?.method ?? null,
      by.authentication?.assurance ?? null,
    ],
    ...[described.activity, cause.command, by.purpose ?? 'care', described.outcome],
    ...[described.code ?? null, described.count ?? null, by.person ?? described.person ?? null],
  );
  return seq;
};

const ownerOf = (db: Database, programId: Uuid): readonly [owner: HsaId | null, unit: HsaId | null] => {
  const found = one<{ readonly owner: HsaId; readonly unit: HsaId }>(
    db,
    'SELECT care_provider_id AS owner, unit_id AS unit FROM audit_owners WHERE program_id = ?',
    programId,
  );
  return [found?.owner ?? null, found?.unit ?? null];
};

const about = (db: Database, seq: number, programIds: readonly Uuid[]): void => {
  for (const programId of new Set(programIds)) {
    run(
      db,
      'INSERT INTO audit_entry_programs (seq, program_id, owner, owner_unit) VALUES (?, ?, ?, ?)',
      ...[seq, programId, ...ownerOf(db, programId)],
    );
  }
};

const isNewCommand = (db: Database, commandId: Uuid): boolean =>
  one(db, 'SELECT 1 FROM audit_entries WHERE command_id = ?', commandId) === undefined;

/** The first event of a command is its entry; the others belong to it. */
const changed = (db: Database, event: StoredEvent): void => {
  const { commandId, command } = event.cause;
  if (!isNewCommand(db, commandId)) return;
  const seq = insert(db, event, commandId, { activity: activityOf(command), outcome: 'allowed' });
  if (isProgramStream(event.stream)) about(db, seq, [programIdOf(event.stream)]);
};

type Owner = { readonly careProviderId: HsaId; readonly unitId: HsaId };

const owned = (db: Database, stream: string, { careProviderId, unitId }: Owner): void =>
  run(
    db,
    'INSERT OR REPLACE INTO audit_owners (program_id, care_provider_id, unit_id) VALUES (?, ?, ?)',
    ...[programIdOf(stream), careProviderId, unitId],
  );

const changes = [
  'unit-activated',
  'unit-changed',
  'unit-deactivated',
  'template-enabled',
  'template-disabled',
  'staff-registered',
  'staff-changed',
  'role-granted',
  'role-revoked',
  'staff-deactivated',
  'staff-reactivated',
  'notifications-set',
  'template-published',
  'template-reviewed',
  'welcome-text-changed',
  'module-activated',
  'module-made-current',
  'module-completed',
  'module-days-changed',
  'module-deactivated',
  'program-opened',
  'section-opened',
  'section-completed',
  'module-finished',
  'conversation-started',
  'message-sent',
  'conversation-read',
  'resident-notifications-set',
  'form-saved',
  'form-submitted',
  'form-opened',
  'comment-made',
  'comment-read',
  'flag-raised',
  'flag-cleared',
  'activity-plan-created',
  'activity-plan-changed',
  'activity-plan-stopped',
  'activity-registered',
  'reminder-sent',
  'absence-announced',
  'documentation-recorded',
  'exported',
  'clinician-changed',
  'ended',
  'maintenance-closed',
  'purged',
  'handover-initiated',
  'handover-approved',
  'handover-denied',
  'handover-withdrawn',
  'signed-in',
  'log-checked',
  'log-year-disposed',
] as const satisfies readonly EventType[];

/**
 * The audit log: one entry for every command and view call, from the events of all streams (R248, R251, HSLF-FS 2016:40 4 kap. 9 §).
 * It holds references only, so a purge changes nothing here.
 */
export const auditLog: Projection = {
  name: 'audit-log',
  version: 4,
  schema,
  tables: {
    audit_entries: { keeps: 'who did what, when and where, which the law wants kept (HSLF-FS 2016:40 4 kap. 9 §)' },
    audit_entry_programs: { keeps: 'which programs an entry is about, by their random ids' },
    audit_owners: { keeps: 'which care provider answered for a program, by its random id' },
  },
  on: {
    ...Object.fromEntries(changes.map((type) => [type, changed])),
    started: (db, event) => {
      owned(db, event.stream, event.data);
      changed(db, event);
    },
    'handed-over': (db, event) => {
      changed(db, event);
      owned(db, event.stream, { ...event.data, unitId: event.data.toUnit });
    },
    viewed: (db, event) => {
      const { what, programs } = event.data;
      about(db, insert(db, event, null, { activity: activityOfView(what), outcome: 'allowed' }), programs);
    },
    refused: (db, event) => {
      const { code, count, programs, what, reading, person } = event.data;
      const activity = reading === true ? activityOfView(what) : activityOf(what);
      const counted = count === undefined ? {} : { count };
      const named = person === undefined ? {} : { person };
      const seq = insert(db, event, null, { activity, outcome: 'refused', code, ...counted, ...named });
      about(db, seq, programs);
    },
    'erasure-certified': (db, event) =>
      about(db, insert(db, event, null, { activity: 'erase', outcome: 'allowed' }), event.data.programs),
    operated: (db, event) => {
      const { what } = event.data;
      insert(db, event, null, { activity: activityOfOperation(what), outcome: 'allowed' });
    },
    repeated: (db, event) => {
      const seq = insert(db, event, null, { activity: activityOf(event.data.what), outcome: 'repeated' });
      about(db, seq, event.data.programs);
    },
  },
};
