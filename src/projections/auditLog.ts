import type { Database } from 'better-sqlite3';
import type { Purpose } from '../domain/actors.ts';
import type { HsaId } from '../domain/identifiers.ts';
import type { Instant } from '../domain/time.ts';
import type { StoredEvent } from '../eventStore/eventStore.ts';
import type { EventType } from '../eventStore/shapes.ts';
import { isProgramStream, programIdOf } from '../eventStore/streams.ts';
import { type Activity, activityOf, activityOfOperation, activityOfView } from './auditActivities.ts';
import { enter, enterCommand, owned } from './auditEntries.ts';
import type { Projection } from './projection.ts';

/**
 * Beside the programs of an entry it says whether somebody else than a resident used what they hold, and which is the first of its owner's: a
 * resident's report and an owner's log are read by just those.
 */
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
CREATE TABLE audit_entry_programs (
  seq INTEGER NOT NULL,
  program_id TEXT NOT NULL,
  owner TEXT,
  owner_unit TEXT,
  used INTEGER NOT NULL,
  first_of_owner INTEGER NOT NULL,
  PRIMARY KEY (seq, program_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_owners (program_id TEXT PRIMARY KEY, care_provider_id TEXT NOT NULL, unit_id TEXT NOT NULL) STRICT;
`;

const indexes = [
  'CREATE UNIQUE INDEX IF NOT EXISTS audit_by_position ON audit_entries (position)',
  'CREATE INDEX IF NOT EXISTS audit_by_at ON audit_entries (at)',
  'CREATE INDEX IF NOT EXISTS audit_by_actor ON audit_entries (actor, seq DESC)',
  'CREATE INDEX IF NOT EXISTS audit_by_unit ON audit_entries (unit_id, seq DESC)',
  'CREATE INDEX IF NOT EXISTS audit_by_provider ON audit_entries (care_provider_id, seq DESC)',
  'CREATE INDEX IF NOT EXISTS audit_by_person ON audit_entries (person, seq DESC) WHERE person IS NOT NULL',
  'CREATE INDEX IF NOT EXISTS audit_by_program ON audit_entry_programs (program_id, used, seq DESC)',
  'CREATE INDEX IF NOT EXISTS audit_by_owner ON audit_entry_programs (owner, seq DESC) WHERE first_of_owner = 1',
];

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

/** The first event of a command is its entry; the others belong to it. */
const changed = (db: Database, event: StoredEvent): void => {
  const { stream, cause } = event;
  const programs = isProgramStream(stream) ? [programIdOf(stream)] : [];
  enterCommand(db, event, { activity: activityOf(cause.command), outcome: 'allowed', programs });
};

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
  version: 5,
  schema,
  indexes,
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
      enter(db, event, { activity: activityOfView(what), outcome: 'allowed', programs });
    },
    refused: (db, event) => {
      const { what, reading, ...told } = event.data;
      const activity = reading === true ? activityOfView(what) : activityOf(what);
      enter(db, event, { ...told, activity, outcome: 'refused' });
    },
    'erasure-certified': (db, event) =>
      enter(db, event, { activity: 'erase', outcome: 'allowed', programs: event.data.programs }),
    operated: (db, event) =>
      enter(db, event, { activity: activityOfOperation(event.data.what), outcome: 'allowed', programs: [] }),
    repeated: (db, event) => {
      const { what, programs } = event.data;
      enter(db, event, { activity: activityOf(what), outcome: 'repeated', programs });
    },
  },
};
