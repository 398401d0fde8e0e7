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
  program_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  flag_id TEXT NOT NULL,
  severity TEXT NOT NULL,
  since TEXT NOT NULL,
  PRIMARY KEY (program_id, position)
) STRICT, WITHOUT ROWID;
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

/** Names an occasion among those of all plans. */
export const occasionKey = (planId: Uuid, occasion: Instant): string => `${planId} ${occasion}`;

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

const takeDown = 'DELETE FROM raised_flags WHERE program_id = ? AND flag_id = ? RETURNING 1';

const cleared = (db: Database, event: Recorded<'flag-cleared'>): void => {
  if (one(db, takeDown, programIdOf(event.stream), event.data.flagId) === undefined) clearOccasion(db, event);
};

/** The flags that are put up and taken down by hand (R156, D21); all others follow from what has happened. */
export const flags: Projection = {
  name: 'flags',
  version: 2,
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

/** The missed occasions of some programs' plans whose flags were cleared: `plan occasion` of each. */
export const clearedOccasions = (db: Database, programIds: readonly Uuid[]): ReadonlySet<string> =>
  new Set(
    all<{ readonly planId: Uuid; readonly occasion: Instant }>(
      db,
      `SELECT plan_id AS planId, occasion FROM json_each(?) CROSS JOIN cleared_occasions ON program_id = value`,
      JSON.stringify(programIds),
    ).map(({ planId, occasion }) => occasionKey(planId, occasion)),
  );
