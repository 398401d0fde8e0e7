import * as E from 'fp-ts/lib/Either.js';
import { type Circumstances, type Refusal, refused } from '../decider.ts';
import { dayOf, type Instant, startOfDay } from '../time.ts';
import type { AuditCommand } from './commands.ts';

type Moment = Pick<Circumstances, 'at' | 'policy'>;

/** How long the log must have gone on after a year's retention is over before the clock that says so is believed: a week. */
const proofMilliseconds = 7 * 86_400_000;

const yearOf = (at: Instant): number => Number(dayOf(at).slice(0, 4));

/** The first year in which every entry of a year is as old as the region wants the log kept. */
const firstYearAfter = (year: number, { policy }: Moment): number => year + policy.auditYears + 1;

/** Between which instants an entry proves that a year's retention is over; undefined while by the clock it is not. */
export const proofOf = (year: number, moment: Moment): { readonly from: Instant; readonly to: Instant } | undefined => {
  const first = firstYearAfter(year, moment);
  if (yearOf(moment.at) < first) return undefined;
  return {
    from: startOfDay(`${first}-01-01`),
    to: new Date(Date.parse(moment.at) - proofMilliseconds).toISOString(),
  };
};

/** What the log itself says of its age. */
export type LogAge = {
  /** When its first entry was written; undefined for an empty log. */
  readonly begunAt: Instant | undefined;
  /** Whether it holds an entry from the time that `proofOf` gives. */
  readonly isProved: boolean;
};

/** What was found in days that have not come is no finding. */
export const checkLog = (
  { data: { to } }: Extract<AuditCommand, { type: 'record-log-check' }>,
  { at }: Pick<Moment, 'at'>,
): E.Either<Refusal, void> =>
  to > dayOf(at)
    ? E.left({ kind: 'invalid', issues: [{ path: 'data.to', code: 'in-the-future' }] })
    : E.right(undefined);

/**
 * A year of the log may go when its last day is as old as the policy asks (HSLF-FS 2016:40 4 kap. 9 §), by the clock and by the log: a clock
 * that has jumped ahead destroys what nobody can bring back, so the log must hold an entry from after the retention that is a week old. A
 * log that began after the year has nothing of it, and needs no proof.
 */
export const disposeYear = (
  { data: { year } }: Extract<AuditCommand, { type: 'dispose-log-year' }>,
  moment: Moment,
  { begunAt, isProved }: LogAge,
): E.Either<Refusal, void> => {
  const isBeforeTheLog = begunAt !== undefined && yearOf(begunAt) > year;
  const isOver = yearOf(moment.at) >= firstYearAfter(year, moment);
  return isOver && (isProved || isBeforeTheLog) ? E.right(undefined) : E.left(refused('retention-running', { year }));
};
