import type { Database } from 'better-sqlite3';
import type { HsaId, Uuid } from '../domain/identifiers.ts';
import type { Instant } from '../domain/time.ts';
import type { AuditRow } from './auditLog.ts';
import { all, one } from './projection.ts';

/** What the audit log may be searched by. */
export type AuditFilter = {
  readonly actorProvider?: HsaId | undefined;
  readonly owner?: HsaId | undefined;
  readonly unitId?: HsaId | undefined;
  readonly actor?: string | undefined;
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
  /** Entries about one of these programs, or by one of these persons. */
  readonly programIds?: readonly Uuid[] | undefined;
  readonly persons?: readonly string[] | undefined;
  /** No entries of these years: those that no longer tell whom their entries are about. */
  readonly without?: readonly number[] | undefined;
};

/** The columns of an entry, named as its type has them. */
export const entryColumns = `seq, at, year, actor, role, unit_id AS unitId, care_provider_id AS careProviderId, method, assurance,
  activity, action, purpose, outcome, code, count, person`;

/** A condition of a search, with the values that it binds. */
export type Condition = readonly [text: string, ...values: readonly (string | number)[]];

const aboutPrograms =
  'seq IN (SELECT seq FROM audit_entry_programs WHERE program_id IN (SELECT value FROM json_each(?)))';
const byPersons = 'person IN (SELECT value FROM json_each(?))';
/** What is asked for by a person does not reach into a year that was disposed of, through programs that later years know. */
const inLivingYear = 'year NOT IN (SELECT value FROM json_each(?))';

/** What an entry must be to be found. The texts are fixed; values are bound. */
export const conditionsOf = (filter: AuditFilter): readonly Condition[] => {
  const { actorProvider, owner, unitId, actor, from, to, programIds, persons, without } = filter;
  return [
    ...(actorProvider === undefined ? [] : ([['care_provider_id = ?', actorProvider]] as const)),
    ...(owner === undefined
      ? []
      : ([['seq IN (SELECT seq FROM audit_entry_programs WHERE owner = ?)', owner]] as const)),
    ...(unitId === undefined ? [] : ([['unit_id = ?', unitId]] as const)),
    ...(actor === undefined ? [] : ([['actor = ?', actor]] as const)),
    ...(from === undefined ? [] : ([['at >= ?', from]] as const)),
    ...(to === undefined ? [] : ([['at <= ?', to]] as const)),
    ...(programIds === undefined
      ? []
      : ([[`(${aboutPrograms} OR ${byPersons})`, JSON.stringify(programIds), JSON.stringify(persons ?? [])]] as const)),
    ...(without === undefined ? [] : ([[inLivingYear, JSON.stringify(without)]] as const)),
  ];
};

/** Entries before a sequence number, newest first. The text is put together from the fixed conditions above; values are bound. */
export const auditRows = (db: Database, filter: AuditFilter, before: number, limit: number): readonly AuditRow[] => {
  const conditions: readonly Condition[] = [['seq < ?', before], ...conditionsOf(filter)];
  const where = conditions.map(([text]) => text).join(' AND ');
  const values = conditions.flatMap(([, ...bound]) => bound);
  return all<AuditRow>(
    db,
    `SELECT ${entryColumns} FROM audit_entries WHERE ${where} ORDER BY seq DESC LIMIT ?`,
    ...[...values, limit],
  );
};

/** The programs that an entry is about. */
export const programsOfEntry = (db: Database, seq: number): readonly Uuid[] =>
  all<{ readonly programId: Uuid }>(
    db,
    'SELECT program_id AS programId FROM audit_entry_programs WHERE seq = ? ORDER BY program_id',
    seq,
  ).map(({ programId }) => programId);

/** The years in which there are entries: whose keys name persons. */
export const auditYears = (db: Database): readonly number[] =>
  all<{ readonly year: number }>(db, 'SELECT DISTINCT year FROM audit_entries ORDER BY year').map(({ year }) => year);

/** Whether anything was logged from one instant to another, both included. */
export const hasEntryBetween = (db: Database, from: Instant, to: Instant): boolean =>
  one(db, 'SELECT 1 FROM audit_entries WHERE at >= ? AND at <= ? LIMIT 1', from, to) !== undefined;

/** One use of a resident's information by others: when, where from, by what kind of actor, and what was done. */
export type AccessRow = {
  readonly seq: number;
  readonly at: Instant;
  readonly kind: string;
  readonly action: string;
  readonly unitId: HsaId | null;
  /** The provider that acted; of those who belong to none, the one whose information it was. */
  readonly careProviderId: HsaId;
};

/** Between which instants, the second not included. */
type Period = { readonly from?: Instant | undefined; readonly before?: Instant | undefined };

/**
 * What others than residents did or saw of some programs, before a sequence number, newest first. A repeated command is among it, for an
 * export made again is seen again; what was refused is not, nor the library's own word that an erasure is complete.
 */
export const accessRows = (
  db: Database,
  { programIds, without }: { readonly programIds: readonly Uuid[]; readonly without: readonly number[] },
  period: Period,
  before: number,
  limit: number,
): readonly AccessRow[] =>
  all<AccessRow>(
    db,
    `SELECT entry.seq, at, kind, action, unit_id AS unitId, COALESCE(care_provider_id, MIN(owner), '') AS careProviderId
     FROM audit_entry_programs AS about JOIN audit_entries AS entry ON entry.seq = about.seq
     WHERE program_id IN (SELECT value FROM json_each(?)) AND entry.seq < ?
     AND kind IN ('staff', 'platform', 'system') AND outcome <> 'refused' AND action <> 'certify-erasure'
     AND at >= COALESCE(?, at) AND (? IS NULL OR at < ?) AND ${inLivingYear}
     GROUP BY entry.seq ORDER BY entry.seq DESC LIMIT ?`,
    ...[JSON.stringify(programIds), before, period.from ?? null],
    ...[period.before ?? null, period.before ?? null, JSON.stringify(without), limit],
  );
