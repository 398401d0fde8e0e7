import { addDays, dayOf, type Instant } from '../time.ts';
import { type Era, type Occasion, occasionsOn, type Schedule } from './schedule.ts';

/** An activity plan: what the resident should fill in, and when (R213–R220). */
export type ActivityPlan = {
  /** How many elements an answer has. */
  readonly elements: number;
  /** The schedules that it has had, the one in force last. */
  readonly eras: readonly Era[];
  readonly remind: boolean;
  readonly createdAt: Instant;
  readonly stoppedAt: Instant | undefined;
  readonly registered: ReadonlySet<Instant>;
};

/** A plan as its first event makes it. */
export const newPlan = (
  {
    elements,
    schedule,
    graceDays,
    remind,
  }: { elements: number; schedule: Schedule; graceDays: number; remind: boolean },
  at: Instant,
): ActivityPlan => ({
  elements,
  eras: [{ schedule, graceDays, since: undefined, until: undefined }],
  remind,
  createdAt: at,
  stoppedAt: undefined,
  registered: new Set(),
});

/** The schedules after a change: occasions that have begun stay as they were, those to come follow the new schedule. */
export const withEra = (
  eras: readonly Era[],
  { schedule, graceDays }: Pick<Era, 'schedule' | 'graceDays'>,
  at: Instant,
): readonly Era[] => [
  ...eras.map((era) => (era.until === undefined ? { ...era, until: at } : era)),
  { schedule, graceDays, since: at, until: undefined },
];

/** The schedule in force. */
export const eraInForce = ({ eras }: Pick<ActivityPlan, 'eras'>): Era => eras.at(-1) as Era;

/** How it stands with an occasion. `cancelled`: it could never be filled in, or not to the end, for the plan was not in force. */
export type OccasionState = 'coming' | 'open' | 'registered' | 'missed' | 'cancelled';

type Standing = Pick<ActivityPlan, 'createdAt' | 'stoppedAt' | 'registered'>;

/** The state of an occasion at an instant. */
export const stateOf = ({ at, closes }: Occasion, plan: Standing, now: Instant): OccasionState => {
  if (plan.registered.has(at)) return 'registered';
  if (closes <= plan.createdAt || (plan.stoppedAt !== undefined && closes > plan.stoppedAt)) return 'cancelled';
  if (now < at) return 'coming';
  return now < closes ? 'open' : 'missed';
};

/** The most days of grace that any schedule of a plan has had: so far back may an occasion lie that is not closed. */
export const longestGrace = ({ eras }: Pick<ActivityPlan, 'eras'>): number =>
  Math.max(...eras.map(({ graceDays }) => graceDays));

/** The occasions of a plan that were missed by an instant, in order. */
export const missedBy = (plan: Standing & Pick<ActivityPlan, 'eras'>, now: Instant): readonly Occasion[] => {
  const first = addDays(dayOf(plan.createdAt), -longestGrace(plan));
  return occasionsOn(plan.eras, first, dayOf(now)).filter((occasion) => stateOf(occasion, plan, now) === 'missed');
};

/** What a flag that a missed occasion raises is derived from, together with the plan's id. */
export const missedFlag = (occasion: Instant): string => `missed ${occasion}`;
