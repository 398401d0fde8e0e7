import type { Database } from 'better-sqlite3';
import { actorName, type By } from '../domain/actors.ts';
import type { HsaId, Uuid } from '../domain/identifiers.ts';
import type { StoredEvent } from '../eventStore/eventStore.ts';
import { programIdOf } from '../eventStore/streams.ts';
import { auditYear } from '../privacy/pseudonyms.ts';
import type { Activity } from './auditActivities.ts';
import { insert, one, run } from './projection.ts';

/** What an entry says of an event, beside what the event says itself. */
export type Described = {
  readonly activity: Activity;
  readonly outcome: 'allowed' | 'refused' | 'repeated';
  readonly programs: readonly Uuid[];
  readonly person?: string | undefined;
  readonly code?: string | undefined;
  readonly count?: number | undefined;
};

const insertEntry = `INSERT INTO audit_entries (event_id, command_id, position, at, year, kind, actor, role, office, unit_id,
  care_provider_id, method, assurance, activity, action, purpose, outcome, code, count, person)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** The first event of a command has entered it. */
const insertCommand = `${insertEntry} ON CONFLICT (command_id) WHERE command_id IS NOT NULL DO NOTHING`;

const valuesOf = (event: StoredEvent, commandId: Uuid | null, described: Described) => {
  const { by, at, position, cause } = event;
  return [
    ...[event.id, commandId, position, at, auditYear(at), by.kind, actorName(by)],
    ...[by.role ?? null, by.office ?? null, by.unitId ?? null, by.careProviderId ?? null],
    ...[by.authentication?.method ?? null, by.authentication?.assurance ?? null],
    ...[described.activity, cause.command, by.purpose ?? 'care', described.outcome],
    ...[described.code ?? null, described.count ?? null, by.person ?? described.person ?? null],
  ];
};

const usedBy: ReadonlySet<By['kind']> = new Set(['staff', 'platform', 'system']);

/**
 * Whether somebody else than a resident used what a program holds. A repeated command did, for an export made again is seen again; what was refused
 * did not, nor does the library's own word that an erasure is complete.
 */
const isUse = ({ by, cause }: StoredEvent, { outcome }: Described): boolean =>
  usedBy.has(by.kind) && outcome !== 'refused' && cause.command !== 'certify-erasure';

const insertProgram = `INSERT INTO audit_entry_programs (seq, program_id, owner, owner_unit, used, first_of_owner)
  SELECT ?, about.program_id, care_provider_id, unit_id, ?, ?
  FROM (SELECT ? AS program_id) AS about LEFT JOIN audit_owners ON audit_owners.program_id = about.program_id`;

const ownerOf = (db: Database, programId: Uuid): HsaId | undefined =>
  one<{ readonly owner: HsaId }>(
    db,
    'SELECT care_provider_id AS owner FROM audit_owners WHERE program_id = ?',
    programId,
  )?.owner;

const aboutOne = (db: Database, seq: number, programId: Uuid, flags: readonly [used: 0 | 1, isFirst: 0 | 1]): void =>
  run(db, insertProgram, seq, ...flags, programId);

const aboutSeveral = (db: Database, seq: number, programIds: ReadonlySet<Uuid>, used: 0 | 1): void => {
  const owners = new Set<HsaId | undefined>();
  for (const programId of programIds) {
    const owner = ownerOf(db, programId);
    aboutOne(db, seq, programId, [used, owners.has(owner) ? 0 : 1]);
    owners.add(owner);
  }
};

const about = (db: Database, seq: number, event: StoredEvent, described: Described): void => {
  const [first, ...others] = described.programs;
  const used = isUse(event, described) ? 1 : 0;
  if (first === undefined) return;
  if (others.length === 0) aboutOne(db, seq, first, [used, 1]);
  else aboutSeveral(db, seq, new Set(described.programs), used);
};

/** Writes the entry of an event that is one by itself. */
export const enter = (db: Database, event: StoredEvent, described: Described): void => {
  const seq = insert(db, insertEntry, ...valuesOf(event, null, described));
  if (seq !== undefined) about(db, seq, event, described);
};

/** Writes the entry of a command, unless an event before has written it. */
export const enterCommand = (db: Database, event: StoredEvent, described: Described): void => {
  const seq = insert(db, insertCommand, ...valuesOf(event, event.cause.commandId, described));
  if (seq !== undefined) about(db, seq, event, described);
};

type Owner = { readonly careProviderId: HsaId; readonly unitId: HsaId };

/** Notes who answers for a program from now on. */
export const owned = (db: Database, stream: string, { careProviderId, unitId }: Owner): void =>
  run(
    db,
    'INSERT OR REPLACE INTO audit_owners (program_id, care_provider_id, unit_id) VALUES (?, ?, ?)',
    ...[programIdOf(stream), careProviderId, unitId],
  );
