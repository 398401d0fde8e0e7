import type { Database } from 'better-sqlite3';
import type { By } from '../domain/actors.ts';
import type { HsaId, Uuid } from '../domain/identifiers.ts';
import type { AuditRow } from './auditLog.ts';
import { type AuditFilter, entryColumns, sourceOf } from './auditSearch.ts';
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
  '(EXISTS (SELECT 1 FROM audit_entry_programs AS other WHERE other.seq = audit_entries.seq AND other.owner IS NOT NULL))';
/** The contract cannot say that an act came to nothing. */
const notRefused = `(outcome <> 'refused')`;
const national = [notRefused, byStaffOfUnit, aboutInformation].join(' AND ');

/** Entries follow one another as their events do. */
const seqAt = (db: Database, position: number): number =>
  one<{ readonly seq: number }>(
    db,
    'SELECT seq FROM audit_entries WHERE position <= ? ORDER BY position DESC LIMIT 1',
    position,
  )?.seq ?? 0;

/** Where the entries of a stretch are found, and what they must be: from behind one number through another. */
const foundIn = (db: Database, { filter, after, through }: Stretch) => {
  const { from, seq, conditions } = sourceOf(filter);
  const where = [`${seq} > ? AND ${seq} <= ?`, ...conditions.map(([text]) => text)].join(' AND ');
  const values = [seqAt(db, after), seqAt(db, through), ...conditions.flatMap(([, ...bound]) => bound)];
  return { from, seq, where, values };
};

/** Entries of a stretch, oldest first. The text is put together from fixed conditions; values are bound. */
export const entriesIn = (db: Database, stretch: Stretch, limit: number): readonly ExportRow[] => {
  const { from, seq, where, values } = foundIn(db, stretch);
  return all<ExportRow>(
    db,
    `SELECT ${entryColumns}, event_id AS eventId, position, kind, office FROM ${from}
     WHERE ${[where, ...(stretch.onlyNational ? [national] : [])].join(' AND ')} ORDER BY ${seq} LIMIT ?`,
    ...[...values, limit],
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
  const { from, where, values } = foundIn(db, stretch);
  const none = { refused: 0, withoutUnit: 0, withoutProgram: 0 };
  return (
    one<LeftOut>(
      db,
      `SELECT COUNT(*) FILTER (WHERE NOT ${notRefused}) AS refused,
       COUNT(*) FILTER (WHERE ${notRefused} AND NOT ${byStaffOfUnit}) AS withoutUnit,
       COUNT(*) FILTER (WHERE ${notRefused} AND ${byStaffOfUnit} AND NOT ${aboutInformation}) AS withoutProgram
       FROM ${from} WHERE ${where}`,
      ...values,
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
