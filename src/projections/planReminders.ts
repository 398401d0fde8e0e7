import type { Database } from 'better-sqlite3';
import type { Uuid } from '../domain/identifiers.ts';
import { stateOf } from '../domain/program/plans.ts';
import { occasionsOn } from '../domain/program/schedule.ts';
import { dayOf, type Instant } from '../domain/time.ts';
import { planRow } from './activityPlans.ts';
import { all } from './projection.ts';

/** A plan of which the resident is to be reminded, from an occasion on. */
export type PlanToRemindOf = { readonly programId: Uuid; readonly planId: Uuid; readonly from: Instant };

const beforeAnyPlan: PlanToRemindOf = { programId: '', planId: '', from: '' };

/** Plans with an occasion that is due, after one of them, the one that has waited longest first. */
export const plansToRemindOf = (
  db: Database,
  now: Instant,
  limit: number,
  after: PlanToRemindOf = beforeAnyPlan,
): readonly PlanToRemindOf[] =>
  all<PlanToRemindOf>(
    db,
    `SELECT program_id AS programId, plan_id AS planId, next_reminder_at AS "from" FROM activity_plans
     WHERE next_reminder_at <= ? AND (next_reminder_at, program_id, plan_id) > (?, ?, ?)
     ORDER BY next_reminder_at, program_id, plan_id LIMIT ?`,
    ...[now, after.from, after.programId, after.planId, limit],
  );

/**
 * The occasions of a plan that are due and not filled in, in order. Those that have closed meanwhile are among them: a clock that stood still
 * comes to the same as one that did not, and what it tells of too late lapses in the outbox.
 */
export const dueOccasions = (
  db: Database,
  { programId, planId, from }: PlanToRemindOf,
  now: Instant,
): readonly Instant[] => {
  const plan = planRow(db, programId, planId);
  if (plan === undefined) return [];
  return occasionsOn(plan.eras, dayOf(from), dayOf(now))
    .filter((occasion) => occasion.at >= from && occasion.at <= now)
    .filter((occasion) => ['open', 'missed'].includes(stateOf(occasion, plan, now)))
    .map(({ at }) => at);
};
