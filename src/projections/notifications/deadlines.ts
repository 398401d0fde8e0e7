import type { Database } from 'better-sqlite3';
import { derivedId } from '../../access/ids.ts';
import type { Slug, Uuid } from '../../domain/identifiers.ts';
import { expiredFlag } from '../../domain/program/flags.ts';
import { longestGrace, stateOf } from '../../domain/program/plans.ts';
import { type Occasion, occasionsOn } from '../../domain/program/schedule.ts';
import { addDays, type Day, dayOf, type Instant, startOfDay } from '../../domain/time.ts';
import type { Registered } from '../../privacy/registered.ts';
import { type PlanRow, planRow } from '../activityPlans.ts';
import { clearedOccasions, missedFlagId, occasionKey } from '../flags.ts';
import { all, one, run } from '../projection.ts';
import { tellClinician } from './telling.ts';

/**
 * The deadlines that have passed and been noted, so that nobody is told of one twice. That a deadline has passed is no event: this is kept
 * beside the outbox, and like it never rebuilt.
 */
export const deadlinesSchema = `
CREATE TABLE IF NOT EXISTS noted_deadlines (
  program_id TEXT NOT NULL,
  what TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (program_id, what)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS deadline_days (name TEXT PRIMARY KEY, day TEXT NOT NULL) STRICT;
`;
export const deadlineTables: Registered = {
  noted_deadlines: { program: 'program_id' },
  deadline_days: { keeps: 'the days through which deadlines were looked for' },
};

/** Since which day deadlines are told of at all, and through which day those of activity plans have been. */
type Mark = 'begun' | 'plans';

const dayOfMark = (db: Database, mark: Mark): Day | undefined =>
  one<{ readonly day: Day }>(db, 'SELECT day FROM deadline_days WHERE name = ?', mark)?.day;

/** Begins on a day, unless it has begun: what passed before it is told to nobody. */
export const beginDeadlines = (db: Database, today: Day): void =>
  run(db, `INSERT OR IGNORE INTO deadline_days (name, day) VALUES ('begun', ?), ('plans', ?)`, today, today);

/** Deadlines close at midnight in Sweden, so those of the plans are all found once a day: the days that have passed since the last time. */
export const plansNotedThrough = (db: Database): Day | undefined => dayOfMark(db, 'plans');

/** That all deadlines of activity plans before a day have been noted. */
export const notePlansThrough = (db: Database, today: Day): void =>
  run(db, `UPDATE deadline_days SET day = ? WHERE name = 'plans' AND day < ?`, today, today);

/** A deadline that has passed: `flag` is the id of the flag that it put up, `what` names it within its program. */
export type Deadline = {
  readonly programId: Uuid;
  readonly what: string;
  readonly flag: Uuid;
  readonly about: 'time-expired' | 'activity-missed';
};

const insert = `INSERT OR IGNORE INTO noted_deadlines (program_id, what, at) VALUES (?, ?, ?) RETURNING 1`;

/** Notes a deadline and tells the responsible clinician; false when it was noted before. In a transaction of the caller's. */
export const note = (db: Database, { programId, what, flag, about }: Deadline, now: Instant): boolean => {
  if (one(db, insert, programId, what, now) === undefined) return false;
  tellClinician(db, { cause: flag, programId, about, at: now });
  return true;
};

/** Whether a deadline has been noted. */
export const isNoted = (db: Database, { programId, what }: Deadline): boolean =>
  one(db, 'SELECT 1 FROM noted_deadlines WHERE program_id = ? AND what = ?', programId, what) !== undefined;

type Expired = {
  readonly programId: Uuid;
  readonly moduleId: Slug;
  readonly activatedOn: Day;
  readonly days: number;
  readonly lastDay: Day;
};

/** Modules whose days have run out, and of which nobody was told, at most so many; only while they take answers otherwise (R131). */
export const expiredModules = (db: Database, today: Day, limit: number): readonly Deadline[] =>
  all<Expired & { readonly what: string }>(
    db,
    `SELECT program_id AS programId, module_id AS moduleId, activated_on AS activatedOn, days,
       'module ' || module_id || ' ' || activated_on || ' ' || days AS what FROM modules
     WHERE last_day < ? AND last_day >= (SELECT day FROM deadline_days WHERE name = 'begun') AND NOT EXISTS
       (SELECT 1 FROM noted_deadlines AS noted WHERE noted.program_id = modules.program_id AND noted.what =
        'module ' || module_id || ' ' || activated_on || ' ' || days)
     ORDER BY last_day, program_id, module_id LIMIT ?`,
    ...[today, limit],
  ).map((module) => ({
    programId: module.programId,
    what: module.what,
    flag: expiredFlag(derivedId, module.programId, module),
    about: 'time-expired',
  }));

/** Where a list of plans begins. */
export type PlanPlace = { readonly programId: Uuid; readonly planId: Uuid };

/** The plans of ongoing programs that were in force on a day or later, after a place. */
export const plansSince = (db: Database, since: Day, after: PlanPlace, limit: number): readonly PlanPlace[] =>
  all<PlanPlace>(
    db,
    `SELECT program_id AS programId, plan_id AS planId FROM activity_plans JOIN programs USING (program_id)
     WHERE status = 'ongoing' AND (stopped_at IS NULL OR stopped_at > ?) AND (program_id, plan_id) > (?, ?)
     ORDER BY program_id, plan_id LIMIT ?`,
    ...[startOfDay(since), after.programId, after.planId, limit],
  );

const isMissedSince = (plan: PlanRow, since: Instant, now: Instant) => (occasion: Occasion) =>
  occasion.closes > since && stateOf(occasion, plan, now) === 'missed';

/** The occasions of a plan that closed after a day began, and were missed (R220); none whose flag the clinician has cleared already. */
export const missedSince = (
  db: Database,
  { programId, planId }: PlanPlace,
  since: Day,
  now: Instant,
): readonly Deadline[] => {
  const plan = planRow(db, programId, planId);
  if (plan === undefined) return [];
  const cleared = clearedOccasions(db, [programId]);
  return occasionsOn(plan.eras, addDays(since, -longestGrace(plan) - 1), dayOf(now))
    .filter(isMissedSince(plan, startOfDay(since), now))
    .filter(({ at }) => !cleared.has(occasionKey(planId, at)))
    .map(({ at }) => ({
      programId,
      what: `occasion ${planId} ${at}`,
      flag: missedFlagId(planId, at),
      about: 'activity-missed',
    }));
};
