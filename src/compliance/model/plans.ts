import { derivedId } from '../../access/ids.ts';
import type { Schedule } from '../../domain/program/schedule.ts';
import { isEmpty, standing, windowsOf } from './occasions.ts';
import { living, ofResident, responsible } from './relations.ts';
import type { Of } from './state.ts';
import {
  changed,
  invalid,
  type Model,
  type ModelPlan,
  type ModelProgram,
  type Moment,
  no,
  nothing,
  plusDays,
  swedishDay,
  type Verdict,
} from './state.ts';

const longestGrace = ({ eras }: ModelPlan): number => Math.max(...eras.map(({ graceDays }) => graceDays));

/** The occasions of a plan in some state that may matter at an instant. */
export const occasionsIn = (plan: ModelPlan, state: ReturnType<typeof standing>, at: string): readonly string[] => {
  const first = plusDays(swedishDay(plan.createdAt), -longestGrace(plan));
  return windowsOf(plan, first, swedishDay(at))
    .filter((occasion) => standing(occasion, plan, at) === state)
    .map((occasion) => occasion.at);
};

/** The flags of what a program's plans missed (D21). */
export const missedFlags = (program: ModelProgram, at: string): readonly string[] =>
  [...program.plans].flatMap(([planId, plan]) =>
    occasionsIn(plan, 'missed', at).map((occasion) => derivedId(planId, `missed ${occasion}`)),
  );

/** Who plans, and what: the clinician, in a program that goes on (R213–R218). */
export const planActivities = (
  model: Model,
  { type, data }: Of<'create-activity-plan' | 'change-activity-plan' | 'stop-activity-plan'>,
  moment: Moment,
): Verdict => {
  const program = living(responsible(model, data.programId, moment));
  const plan = program?.plans.get(data.planId ?? '');
  if (program === undefined || (plan === undefined) !== (type === 'create-activity-plan')) return no;
  switch (type) {
    case 'create-activity-plan': {
      const { schedule, graceDays, elements } = data;
      if (isEmpty(schedule)) return invalid;
      return changed(({ planId = '' }) => {
        program.plans.set(planId, {
          elements: elements.length,
          eras: [{ schedule, graceDays, since: undefined, until: undefined }],
          ...{ createdAt: moment.at, stoppedAt: undefined, registered: new Set() },
        });
      });
    }
    case 'change-activity-plan':
      return changePlan(plan as ModelPlan, data, moment.at);
    case 'stop-activity-plan':
      return plan?.stoppedAt === undefined
        ? changed(() => {
            (plan as ModelPlan).stoppedAt = moment.at;
          })
        : nothing;
  }
};

/** What a schedule says, in whatever order it names days and times. */
const inOrder = ({ from, to, everyWeeks, weekdays, times }: Schedule): string =>
  JSON.stringify([from, to, everyWeeks, [...weekdays].sort(), [...times].sort()]);

const changePlan = (plan: ModelPlan, data: Of<'change-activity-plan'>['data'], at: string): Verdict => {
  const now = plan.eras.at(-1);
  if (plan.stoppedAt !== undefined || now === undefined) return no;
  const { schedule = now.schedule, graceDays = now.graceDays } = data;
  if (isEmpty(schedule)) return invalid;
  if (graceDays === now.graceDays && inOrder(schedule) === inOrder(now.schedule)) return nothing;
  return changed(() => {
    now.until = at;
    plan.eras.push({ schedule, graceDays, since: at, until: undefined });
  });
};

/** The resident fills in while an occasion's window is open, and once (R219, D28). */
export const registerActivity = (model: Model, { data }: Of<'register-activity'>, moment: Moment): Verdict => {
  const program = living(ofResident(model, data.programId, moment));
  const plan = program?.plans.get(data.planId);
  if (plan === undefined || plan.stoppedAt !== undefined || plan.registered.has(data.occasion)) return no;
  const day = swedishDay(data.occasion);
  const window = windowsOf(plan, day, day).find(({ at }) => at === data.occasion);
  if (window === undefined || moment.at < window.at || moment.at >= window.closes) return no;
  if (data.answers.length !== plan.elements) return invalid;
  return changed(() => plan.registered.add(data.occasion));
};
