import * as E from 'fp-ts/lib/Either.js';
import type { Circumstances, Decision, RefusalCode } from '../decider.ts';
import { refused } from '../decider.ts';
import type { TemplateContent } from '../template/content.ts';
import { type Day, dayOf, type Instant, startOfDay } from '../time.ts';
import type { ProgramCommand } from './commands.ts';
import type { ProgramEvent } from './events.ts';
import { followUpDay } from './forms.ts';
import { occasionAt } from './schedule.ts';
import { formKey, type Ongoing } from './state.ts';

type Decided = Decision<ProgramEvent>;
type Of<Type extends ProgramCommand['type']> = Extract<ProgramCommand, { type: Type }>;

const no = (code: RefusalCode): Decided => E.left(refused(code));

const forbidsModule = (program: Ongoing, template: TemplateContent, moduleId: string): RefusalCode | undefined => {
  if (!template.modules.some(({ id }) => id === moduleId)) return 'unknown-module';
  const state = program.modules.get(moduleId)?.state;
  if (state === 'completed') return 'module-completed';
  return state === 'open' ? undefined : 'module-not-open';
};

/** A follow-up is reminded of from its due day until its form is submitted (R221, D25). */
const forbidsFollowUp = (
  program: Ongoing,
  template: TemplateContent,
  followUpId: string,
  today: Day,
): RefusalCode | undefined => {
  const followUp = template.followUps.find(({ id }) => id === followUpId);
  if (followUp === undefined) return 'unknown-form';
  const state = program.forms.get(formKey(followUp.moduleId, followUp.formId));
  if (state === 'unread' || state === 'opened') return 'form-already-submitted';
  return followUpDay(dayOf(program.startedAt), followUp) > today ? 'module-not-open' : undefined;
};

/**
 * An occasion is reminded of when it has come, also when it has closed meanwhile: a clock that stood still comes to the same as one that did
 * not.
 */
const forbidsPlan = (
  program: Ongoing,
  planId: string,
  due: Instant | undefined,
  at: Instant,
): RefusalCode | undefined => {
  const plan = program.plans.get(planId);
  if (plan === undefined) return 'unknown-plan';
  if (plan.stoppedAt !== undefined) return 'plan-stopped';
  if (due === undefined) return undefined;
  if (plan.registered.has(due)) return 'already-registered';
  return due <= at && occasionAt(plan.eras, due) !== undefined ? undefined : 'outside-occasion';
};

const notDue: Decided = E.left({ kind: 'invalid', issues: [{ path: 'data.due', code: 'invalid-value' }] });

/** Only the clock says what has come due: an occasion, or the beginning of a follow-up's day. */
const isDue = (
  { about, due }: Of<'send-reminder'>['data'],
  program: Ongoing,
  template: TemplateContent,
  { by }: Circumstances,
): boolean => {
  if (due === undefined) return true;
  if (by.kind !== 'system' || 'moduleId' in about) return false;
  if ('planId' in about) return true;
  const followUp = template.followUps.find(({ id }) => id === about.followUpId);
  return followUp !== undefined && startOfDay(followUpDay(dayOf(program.startedAt), followUp)) === due;
};

/** Reminds the resident of a module, a follow-up or an activity plan (R170, R221); the clock names the occasion. */
export const remind = (
  { data }: Of<'send-reminder'>,
  program: Ongoing,
  template: TemplateContent,
  circumstances: Circumstances,
): Decided => {
  const { about, due } = data;
  const { at } = circumstances;
  const forbidden =
    'moduleId' in about
      ? forbidsModule(program, template, about.moduleId)
      : 'followUpId' in about
        ? forbidsFollowUp(program, template, about.followUpId, dayOf(at))
        : forbidsPlan(program, about.planId, due, at);
  if (forbidden !== undefined) return no(forbidden);
  if (!isDue(data, program, template, circumstances)) return notDue;
  return E.right([{ type: 'reminder-sent', data: { about, ...(due === undefined ? {} : { due }) } }]);
};
