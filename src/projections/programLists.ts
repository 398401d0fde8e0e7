import type { Database } from 'better-sqlite3';
import type { HsaId, Uuid } from '../domain/identifiers.ts';
import type { ProgramRow, Slice } from './programs.ts';
import { all } from './projection.ts';

/** Those whose programs a list holds: a unit, and a clinician there where asked. */
export type Holder = { readonly unitId: HsaId; readonly clinician?: HsaId | undefined };

/** What a list is limited to: the programs of a holder, or just these. */
export type Whose = Holder | { readonly programIds: readonly Uuid[] };

/** A condition on rows of programs, with the values that it binds. */
type Condition = readonly [text: string, ...values: readonly string[]];

/** The condition that limits a list; each has its index. Values are bound. */
const conditionOf = (whose: Whose): Condition => {
  if ('programIds' in whose)
    return ['programs.program_id IN (SELECT value FROM json_each(?))', JSON.stringify(whose.programIds)];
  const { unitId, clinician } = whose;
  return clinician === undefined ? ['unit_id = ?', unitId] : ['unit_id = ? AND clinician = ?', unitId, clinician];
};

/** The programs of a holder, all of them. */
export const programIdsOf = (db: Database, holder: Holder): readonly Uuid[] => {
  const [held, ...by] = conditionOf(holder);
  return all<{ readonly programId: Uuid }>(db, `SELECT program_id AS programId FROM programs WHERE ${held}`, ...by).map(
    ({ programId }) => programId,
  );
};

/** What lists show of a program. */
export type ListedProgram = Pick<
  ProgramRow,
  | ('programId' | 'unitId' | 'templateId' | 'major' | 'clinician' | 'status')
  | ('startedAt' | 'startedPosition' | 'lastActiveAt' | 'endedAt' | 'endedMinor')
>;

const listed = `program_id AS programId, unit_id AS unitId, template_id AS templateId, major, clinician, status,
  started_at AS startedAt, started_position AS startedPosition, last_active_at AS lastActiveAt, ended_at AS endedAt,
  ended_minor AS endedMinor`;

/** Programs in one status, newest first: those of a unit, of a clinician there, or some of all. */
export const programsOf = (
  db: Database,
  whose: Whose,
  status: 'ongoing' | 'ended',
  { before, limit }: Slice,
): readonly ListedProgram[] => {
  const [held, ...by] = conditionOf(whose);
  return all<ListedProgram>(
    db,
    `SELECT ${listed} FROM programs WHERE ${held} AND status = ? AND started_position < ?
     ORDER BY started_position DESC LIMIT ?`,
    ...[...by, status, before, limit],
  );
};

/** What the list of programs to purge shows of one. */
export type EndedProgram = Pick<ProgramRow, 'programId' | 'startedAt' | 'endedAt' | 'endedPosition' | 'readableUntil'>;

const ended = `program_id AS programId, started_at AS startedAt, ended_at AS endedAt, ended_position AS endedPosition,
  readable_until AS readableUntil`;

/** Ended and not purged programs after a place, the longest ended first (R243). */
export const programsToPurge = (db: Database, whose: Whose, after: number, limit: number): readonly EndedProgram[] => {
  const [held, ...by] = conditionOf(whose);
  return all<EndedProgram>(
    db,
    `SELECT ${ended} FROM programs WHERE ${held} AND status = 'ended' AND ended_position > ?
     ORDER BY ended_position LIMIT ?`,
    ...[...by, after, limit],
  );
};
