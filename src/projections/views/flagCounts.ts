import type { Database } from 'better-sqlite3';
import type { Uuid } from '../../domain/identifiers.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Severity } from '../../domain/program/events.ts';
import { missedBy } from '../../domain/program/plans.ts';
import { type Day, dayOf, type Instant } from '../../domain/time.ts';
import { plansOf } from '../activityPlans.ts';
import { clearedOccasions, occasionKey } from '../flags.ts';
import type { ProgramRow } from '../programs.ts';
import { all } from '../projection.ts';
import { type Flag, type FlagType, severityOf } from './flags.ts';

/** How many flags of a type and severity a program has. */
export type FlagCount = Pick<Flag, 'type' | 'severity'> & { readonly count: number };

type Counted = {
  readonly programId: Uuid;
  readonly messages: number | null;
  readonly comments: number;
  readonly forms: number;
  readonly expired: number;
  /** The severities of those raised by hand, the oldest first. */
  readonly raised: string | null;
  readonly hasPlans: 0 | 1;
};

/** As flagsOf finds them one by one, without what they link to. */
const counted = (db: Database, programIds: readonly Uuid[], today: Day): readonly Counted[] =>
  all<Counted>(
    db,
    `SELECT value AS programId,
       (SELECT SUM(unread_by_staff) FROM conversations WHERE program_id = value) AS messages,
       (SELECT COUNT(*) FROM comments WHERE program_id = value AND read_at IS NULL) AS comments,
       (SELECT COUNT(*) FROM forms WHERE program_id = value AND state = 'unread') AS forms,
       (SELECT COUNT(*) FROM modules WHERE program_id = value AND state = 'open' AND last_day < ?) AS expired,
       (SELECT group_concat(severity) FROM
         (SELECT severity FROM raised_flags WHERE program_id = value ORDER BY position)) AS raised,
       EXISTS (SELECT 1 FROM activity_plans WHERE program_id = value) AS hasPlans
     FROM json_each(?)`,
    ...[today, JSON.stringify(programIds)],
  );

/** How many occasions of each program were missed, and their flags not cleared. */
const missedIn = (db: Database, programIds: readonly Uuid[], now: Instant): ReadonlyMap<Uuid, number> => {
  if (programIds.length === 0) return new Map();
  const cleared = clearedOccasions(db, programIds);
  const missed = [...plansOf(db, programIds)].map(([programId, plans]) => {
    const counts = plans.map(
      (plan) => missedBy(plan, now).filter(({ at }) => !cleared.has(occasionKey(plan.planId, at))).length,
    );
    return [programId, counts.reduce((sum, count) => sum + count, 0)] as const;
  });
  return new Map(missed);
};

const raisedBy = (raised: string): readonly FlagCount[] => {
  const severities = raised.split(',') as readonly Severity[];
  const count = (severity: Severity): number => severities.filter((one) => one === severity).length;
  return [...new Set(severities)].map((severity) => ({ type: 'manual', severity, count: count(severity) }));
};

type Listed = Pick<ProgramRow, 'programId' | 'status'>;

/** The flags of the programs in a list, counted by type and severity (R154, R155): those that flagsOf gives of each. */
export const flagCounts = (
  db: Database,
  programs: readonly Listed[],
  {
    now,
    policy,
    pending,
  }: { readonly now: Instant; readonly policy: Policy; readonly pending: ReadonlyMap<Uuid, unknown> },
): ReadonlyMap<Uuid, readonly FlagCount[]> => {
  const ongoing = programs.filter(({ status }) => status === 'ongoing').map(({ programId }) => programId);
  if (ongoing.length === 0) return new Map();
  const rows = counted(db, ongoing, dayOf(now));
  const missed = missedIn(
    db,
    rows.flatMap(({ programId, hasPlans }) => (hasPlans === 1 ? [programId] : [])),
    now,
  );
  const countsOf = ({ programId, messages, comments, forms, expired, raised }: Counted): readonly FlagCount[] => {
    const counts: FlagCount[] = [];
    const add = (type: FlagType, count: number): void => {
      if (count > 0) counts.push({ type, severity: severityOf(type, policy), count });
    };
    add('message', messages ?? 0);
    add('comment', comments);
    add('form', forms);
    add('activity-missed', missed.get(programId) ?? 0);
    add('time-expired', expired);
    add('handover', pending.has(programId) ? 1 : 0);
    if (raised !== null) counts.push(...raisedBy(raised));
    return counts;
  };
  const counts = new Map<Uuid, readonly FlagCount[]>();
  for (const row of rows) counts.set(row.programId, countsOf(row));
  return counts;
};
