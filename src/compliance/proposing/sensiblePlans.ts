import type { Schedule } from '../../domain/program/schedule.ts';
import { occasionsIn } from '../model/plans.ts';
import { type ModelPlan, type ModelProgram, plusDays } from '../model/state.ts';
import {
  canary,
  clinicianOf,
  idFor,
  isOngoing,
  type Proposer,
  pick,
  programFor,
  residentOf,
  type Scene,
} from './scene.ts';

type PlanType = 'create-activity-plan' | 'change-activity-plan' | 'stop-activity-plan' | 'register-activity';

type Weekday = Schedule['weekdays'][number];
const everyDay: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];
const kinds = ['text', 'scale', 'done'] as const;

/** A schedule about now; half past two is left out on one night a year, and comes twice on another. */
const scheduleFor = ({ step, today }: Scene): Schedule => {
  const { a, b, c } = step;
  const from = plusDays(today, (a % 9) - 5);
  const to = a % 4 === 0 ? { to: plusDays(from, b % 40) } : {};
  const weekdays = b % 3 === 0 ? everyDay.filter((day) => (c >> day) % 2 === 0 || day === 7) : everyDay;
  const times = pick([['08:00'], ['02:30', '03:30'], ['00:00', '12:15', '23:59'], ['20:00', '07:45']], c) ?? ['08:00'];
  return { from, ...to, everyWeeks: c % 5 === 0 ? (a % 3) + 1 : 1, weekdays: [...weekdays], times: [...times] };
};

const ongoing = ({ plans }: ModelProgram): readonly (readonly [string, ModelPlan])[] =>
  [...plans].filter(([, { stoppedAt }]) => stoppedAt === undefined);

/** A plan of a program that goes on; rarely one that has stopped, or none. */
const planFor = (scene: Scene, holds: (plan: ModelPlan) => boolean = () => true) => {
  const { step, number } = scene;
  const suitable = (program: ModelProgram) => ongoing(program).filter(([, plan]) => holds(plan));
  const program =
    programFor(scene, (one) => isOngoing(one) && suitable(one).length > 0) ??
    programFor(scene, (one) => one.plans.size > 0);
  if (program === undefined) return undefined;
  const [planId, plan] = pick(step.c % 11 === 0 ? [...program.plans] : suitable(program), step.b) ?? [];
  return { program, planId: planId ?? idFor(number, 'none'), plan };
};

/** What is sensible about activity plans. */
export const sensiblePlans: { readonly [Type in PlanType]: Proposer<Type> } = {
  'create-activity-plan': (scene) => {
    const { step, number } = scene;
    const program = programFor(scene, isOngoing);
    if (program === undefined) return undefined;
    const elements = Array.from({ length: (step.b % 2) + 1 }, (_, index) => ({
      title: canary(number, 'Aktivitet'),
      kind: kinds[index] ?? 'text',
    }));
    const own = step.c % 3 === 0 ? { planId: idFor(number, 'plan') } : {};
    const taken = step.c % 23 === 0 ? { planId: [...program.plans.keys()][0] } : {};
    const settings = { schedule: scheduleFor(scene), graceDays: step.b % 5, remind: step.a % 2 === 0 };
    return { data: { programId: program.id, ...own, ...taken, elements, ...settings }, actor: clinicianOf(program) };
  },
  'change-activity-plan': (scene) => {
    const found = planFor(scene);
    if (found === undefined) return undefined;
    const { step } = scene;
    const { program, planId } = found;
    const schedule = step.b % 3 === 0 ? {} : { schedule: scheduleFor(scene) };
    const graceDays = step.b % 2 === 0 ? {} : { graceDays: step.a % 5 };
    return { data: { programId: program.id, planId, ...schedule, ...graceDays }, actor: clinicianOf(program) };
  },
  'stop-activity-plan': (scene) => {
    const found = planFor(scene);
    return found && { data: { programId: found.program.id, planId: found.planId }, actor: clinicianOf(found.program) };
  },
  'register-activity': (scene) => {
    const { step, at, number } = scene;
    const open = (plan: ModelPlan) => occasionsIn(plan, 'open', at);
    const found = planFor(scene, (plan) => open(plan).length > 0);
    if (found === undefined) return undefined;
    const { program, planId, plan } = found;
    const outside = plan === undefined ? [] : [...occasionsIn(plan, 'missed', at).slice(-2), ...plan.registered];
    const within = plan === undefined ? [] : open(plan);
    const occasion = pick(step.c % 7 === 0 ? outside : within, step.a) ?? new Date(Date.parse(at)).toISOString();
    const wanted = (plan?.elements ?? 1) + (step.c % 17 === 0 ? 1 : 0);
    const answers = Array.from({ length: wanted }, () => canary(number, 'Gjort'));
    return { data: { programId: program.id, planId, occasion, answers }, actor: residentOf(program) };
  },
};
