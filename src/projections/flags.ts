import type { Database } from 'better-sqlite3';
import { derivedId } from '../access/ids.ts';
import type { Uuid } from '../domain/identifiers.ts';
import type { Severity } from '../domain/program/events.ts';
import { missedBy, missedFlag } from '../domain/program/plans.ts';
import type { Instant } from '../domain/time.ts';
import { programIdOf } from '../eventStore/streams.ts';
import { planRows } from './activityPlans.ts';
import { all, one, type Projection, type Recorded, run } from './projection.ts';

const schema = `
CREATE TABLE raised_flags (
  position INTEGER PRIMARY KEY,
  flag_id TEXT NOT NULL,
  program_id TEXT NOT NULL,
  severity TEXT NOT NULL,
  since TEXT NOT NULL
) STRICT;
CREATE INDEX raised_flags_by_program ON raised_flags (program_id, position);
CREATE TABLE cleared_occasions (
  program_id TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  occasion TEXT NOT NULL,
  PRIMARY KEY (program_id, plan_id, occasion)
) STRICT, WITHOUT ROWID;
`;

/** A flag that a clinician has raised; its text lies sealed at `position`. */
export type RaisedFlag = {
  readonly position: number;
  readonly flagId: Uuid;
  readonly severity: Severity;
  readonly since: Instant;
};

const raised = (db: Database, { stream, data: { flagId, severity }, position, at }: Recorded<'flag-raised'>): void =>
  run(
    db,
    'INSERT INTO raised_flags (position, flag_id, program_id, severity, since) VALUES (?, ?, ?, ?, ?)',
    ...[position, flagId, programIdOf(stream), severity, at],
  );

/** The id of the flag of a missed occasion. */
export const missedFlagId = (planId: Uuid, occasion: Instant): Uuid => derivedId(planId, missedFlag(occasion));

/** Finds the occasion once, when its flag is cleared: deriving the ids of all that were missed takes time. */
const clearOccasion = (db: Database, { stream, data: { flagId }, at }: Recorded<'flag-cleared'>): void => {
  for (const plan of planRows(db, programIdOf(stream))) {
    const occasion = missedBy(plan, at).find((missed) => missedFlagId(plan.planId, missed.at) === flagId);
    if (occasion === undefined) continue;
    run(
      db,
      'INSERT OR IGNORE INTO cleared_occasions (program_id, plan_id, occasion) VALUES (?, ?, ?)',
      ...[programIdOf(stream), plan.planId, occasion.at],
    );
    return;
  }
};

const ofFlag = 'FROM raised_flags WHERE program_id = ? AND flag_id = ?';

const cleared = (db: Database, event: Recorded<'flag-cleared'>): void => {
  const named = [programIdOf(event.stream), event.data.flagId] as const;
  if (one(db, `SELECT 1 ${ofFlag}`, ...named) === undefined) clearOccasion(db, event);
  else run(db, `DELETE ${ofFlag}`, ...named);
};

/** The flags that are put up and taken down by hand (R156, D21); all others follow from what has happened. */
export const flags: Projection = {
  name: 'flags',
  version: 1,
  schema,
  tables: { raised_flags: { program: 'program_id' }, cleared_occasions: { program: 'program_id' } },
  on: {
    'flag-raised': raised,
    'flag-cleared': cleared,
    purged: (db, { stream }) => {
      run(db, 'DELETE FROM raised_flags WHERE program_id = ?', programIdOf(stream));
      run(db, 'DELETE FROM cleared_occasions WHERE program_id = ?', programIdOf(stream));
    },
  },
};

/** The flags of a program that a clinician has raised and not cleared, the oldest first. */
export const raisedFlags = (db: Database, programId: Uuid): readonly RaisedFlag[] =>
  all<RaisedFlag>(
    db,
    'SELECT position, flag_id AS flagId, severity, since FROM raised_flags WHERE program_id = ? ORDER BY position',
    programId,
  );

/** The missed occasions of a plan whose flags were cleared. */
export const clearedOccasions = (db: Database, programId: Uuid, planId: Uuid): ReadonlySet<Instant> =>
  new Set(
    all<{ readonly occasion: Instant }>(
      db,
      'SELECT occasion FROM cleared_occasions WHERE program_id = ? AND plan_id = ?',
      ...[programId, planId],
    ).map(({ occasion }) => occasion),
  );
