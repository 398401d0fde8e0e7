import type { Database } from 'better-sqlite3';
import type { By } from '../domain/actors.ts';
import type { HsaId, Uuid } from '../domain/identifiers.ts';
import type { AuditRow } from './auditLog.ts';
import { type AuditFilter, type Condition, conditionsOf, entryColumns } from './auditSearch.ts';
import { all, one } from './projection.ts';

/** One entry of the audit log as exports take it: with what tells it from every other, in this store and outside. */
export type ExportRow = AuditRow & {
  readonly eventId: Uuid;
  /** Never moved by a rebuild: where an export ended stays where the next begins. */
  readonly position: number;
  readonly kind: By['kind'];
  readonly office: By['office'] | null;
};

/** Which entries: from behind one position through another, perhaps only those that the national log contract has room for. */
export type Stretch = {
  readonly filter: AuditFilter;
  readonly after: number;
  readonly through: number;
  readonly onlyNational: boolean;
};

/** Acts of staff at a unit of a provider: the contract has no other user. */
const byStaffOfUnit = `(kind = 'staff' AND unit_id IS NOT NULL AND care_provider_id IS NOT NULL)`;
/** Acts about somebody's information: the contract has no entry without the information's owner. */
const aboutInformation =
  '(EXISTS (SELECT 1 FROM audit_entry_programs AS about WHERE about.seq = audit_entries.seq AND owner IS NOT NULL))';
/** The contract cannot say that an act came to nothing. */
const notRefused = `(outcome <> 'refused')`;
const national = [notRefused, byStaffOfUnit, aboutInformation].join(' AND ');

const conditionsFor = ({ filter, after, through }: Stretch): readonly Condition[] => [
  ['position > ?', after],
  ['position <= ?', through],
  ...conditionsOf(filter),
];
const textOf = (conditions: readonly Condition[]): string => conditions.map(([text]) => text).join(' AND ');
const valuesOf = (conditions: readonly Condition[]) => conditions.flatMap(([, ...bound]) => bound);

/** Entries of a stretch, oldest first. The text is put together from fixed conditions; values are bound. */
export const entriesIn = (db: Database, stretch: Stretch, limit: number): readonly ExportRow[] => {
  const conditions = conditionsFor(stretch);
  const where = [textOf(conditions), ...(stretch.onlyNational ? [national] : [])].join(' AND ');
  return all<ExportRow>(
    db,
    `SELECT ${entryColumns}, event_id AS eventId, position, kind, office FROM audit_entries
     WHERE ${where} ORDER BY position LIMIT ?`,
    ...[...valuesOf(conditions), limit],
  );
};

/** How many entries of a stretch the national log contract has no room for, and why; each is counted once, for the first that holds. */
export type LeftOut = {
  /** It was refused: nothing was read or done. */
  readonly refused: number;
  /** By a resident, an office of the platform or a process, or by somebody at no known unit. */
  readonly withoutUnit: number;
  /** About no program of a known owner. */
  readonly withoutProgram: number;
};

/** Counts what the entries of a stretch leave out where only the national ones are taken. */
export const leftOutIn = (db: Database, stretch: Stretch): LeftOut => {
  const conditions = conditionsFor(stretch);
  const none = { refused: 0, withoutUnit: 0, withoutProgram: 0 };
  return (
    one<LeftOut>(
      db,
      `SELECT COUNT(*) FILTER (WHERE NOT ${notRefused}) AS refused,
       COUNT(*) FILTER (WHERE ${notRefused} AND NOT ${byStaffOfUnit}) AS withoutUnit,
       COUNT(*) FILTER (WHERE ${notRefused} AND ${byStaffOfUnit} AND NOT ${aboutInformation}) AS withoutProgram
       FROM audit_entries WHERE ${textOf(conditions)}`,
      ...valuesOf(conditions),
    ) ?? none
  );
};

/** A program that an entry is about, and whose information it was then. */
export type EntryProgram = {
  readonly programId: Uuid;
  readonly owner: HsaId | null;
  readonly ownerUnit: HsaId | null;
};

/** The programs that an entry is about; to an owner, only the own ones. */
export const programsIn = (db: Database, seq: number, owner: HsaId | undefined): readonly EntryProgram[] =>
  all<EntryProgram>(
    db,
    `SELECT program_id AS programId, owner, owner_unit AS ownerUnit FROM audit_entry_programs
     WHERE seq = ? AND owner IS COALESCE(?, owner) ORDER BY program_id`,
    ...[seq, owner ?? null],
  );
