import * as E from 'fp-ts/lib/Either.js';
import type { Circumstances, Decision, RefusalCode } from '../decider.ts';
import { refused } from '../decider.ts';
import type { ProgramCommand } from './commands.ts';
import type { ProgramEvent } from './events.ts';
import { type ActivityPlan, eraInForce } from './plans.ts';
import { isEmptySchedule, isSameSchedule, occasionAt } from './schedule.ts';
import type { Ongoing } from './state.ts';

type Decided = Decision<ProgramEvent>;
type Of<Type extends ProgramCommand['type']> = Extract<ProgramCommand, { type: Type }>;

const nothing: Decided = E.right([]);
const no = (code: RefusalCode): Decided => E.left(refused(code));
const happens = (event: ProgramEvent): Decided => E.right([event]);

const withoutOccasion: Decided = E.left({ kind: 'invalid', issues: [{ path: 'data.schedule', code: 'no-occasion' }] });

/** Elements, schedule and settings in one (R214–R218). */
const create = (
  { data }: Of<'create-activity-plan'>,
  program: Ongoing,
  { newId }: Pick<Circumstances, 'newId'>,
): Decided => {
  const { planId = newId('plan'), elements, schedule, graceDays, remind } = data;
  if (program.plans.has(planId)) return no('plan-exists');
  if (isEmptySchedule(schedule)) return withoutOccasion;
  return happens({
    type: 'activity-plan-created',
    data: { planId, elements: elements.map(({ kind }) => kind), schedule, graceDays, remind },
    sealed: { titles: elements.map(({ title }) => title) },
  });
};

const change = ({ data }: Of<'change-activity-plan'>, plan: ActivityPlan): Decided => {
  if (plan.stoppedAt !== undefined) return no('plan-stopped');
  const era = eraInForce(plan);
  const { planId, schedule = era.schedule, graceDays = era.graceDays } = data;
  if (isEmptySchedule(schedule)) return withoutOccasion;
  return graceDays === era.graceDays && isSameSchedule(schedule, era.schedule)
    ? nothing
    : happens({ type: 'activity-plan-changed', data: { planId, schedule, graceDays } });
};

const wrongNumber: Decided = E.left({ kind: 'invalid', issues: [{ path: 'data.answers', code: 'wrong-number' }] });

/** Only from the occasion through the end of its last day, and once (R219, I25). */
const register = (
  { data: { planId, occasion, answers } }: Of<'register-activity'>,
  plan: ActivityPlan,
  { at }: Pick<Circumstances, 'at'>,
): Decided => {
  if (plan.stoppedAt !== undefined) return no('plan-stopped');
  const found = occasionAt(plan.eras, occasion);
  if (found === undefined || at < found.at || at >= found.closes) return no('outside-occasion');
  if (plan.registered.has(occasion)) return no('already-registered');
  if (answers.length !== plan.elements) return wrongNumber;
  return happens({ type: 'activity-registered', data: { planId, occasion }, sealed: { answers } });
};

export type ActivityCommand =
  | Of<'create-activity-plan'>
  | Of<'change-activity-plan'>
  | Of<'stop-activity-plan'>
  | Of<'register-activity'>;

/** Activity plans: the clinician plans, the resident fills in (R213–R220). */
export const decideActivities = (command: ActivityCommand, program: Ongoing, circumstances: Circumstances): Decided => {
  if (command.type === 'create-activity-plan') return create(command, program, circumstances);
  const { planId } = command.data;
  const plan = program.plans.get(planId);
  if (plan === undefined) return no('unknown-plan');
  switch (command.type) {
    case 'change-activity-plan':
      return change(command, plan);
    case 'stop-activity-plan':
      return plan.stoppedAt === undefined ? happens({ type: 'activity-plan-stopped', data: { planId } }) : nothing;
    case 'register-activity':
      return register(command, plan, circumstances);
  }
};
