import * as E from 'fp-ts/lib/Either.js';
import type { Circumstances, Decision, RefusalCode } from '../decider.ts';
import { refused } from '../decider.ts';
import type { Form, TemplateContent } from '../template/content.ts';
import { addMonths, type Day, dayOf } from '../time.ts';
import type { ProgramCommand } from './commands.ts';
import type { ProgramEvent } from './events.ts';
import { daysLeft, type Ended, formKey, type Ongoing } from './state.ts';

type Decided = Decision<ProgramEvent>;
type Of<Type extends ProgramCommand['type']> = Extract<ProgramCommand, { type: Type }>;
type Place = { readonly moduleId: string; readonly formId: string };

const no = (code: RefusalCode): Decided => E.left(refused(code));

/** The day from which a follow-up is to be filled in, counted in months from the start (R222). */
export const followUpDay = (
  startedOn: Day,
  { afterMonths }: Pick<TemplateContent['followUps'][number], 'afterMonths'>,
): Day => addMonths(startedOn, afterMonths);

/** The form at a place of the content. */
export const formOf = (template: TemplateContent, { moduleId, formId }: Place): E.Either<RefusalCode, Form> => {
  const module = template.modules.find(({ id }) => id === moduleId);
  if (module === undefined) return E.left('unknown-module');
  return E.fromNullable<RefusalCode>('unknown-form')(module.forms.find(({ id }) => id === formId));
};

const isFollowUpDue = (program: Ongoing, template: TemplateContent, { moduleId, formId }: Place, today: Day): boolean =>
  template.followUps.some(
    (followUp) =>
      followUp.moduleId === moduleId &&
      followUp.formId === formId &&
      followUpDay(dayOf(program.startedAt), followUp) <= today,
  );

/**
 * Why a form takes no answers now. A follow-up's form takes them from its due day on, whatever the state of its module (D25); any other, while
 * its module is open and has days left (D6, D13, R131).
 */
const closedToAnswers = (
  program: Ongoing,
  template: TemplateContent,
  place: Place,
  today: Day,
): RefusalCode | undefined => {
  const state = program.forms.get(formKey(place.moduleId, place.formId));
  if (state === 'unread' || state === 'opened') return 'form-already-submitted';
  if (isFollowUpDue(program, template, place, today)) return undefined;
  const module = program.modules.get(place.moduleId);
  if (module === undefined || module.state === 'closed') return 'module-not-open';
  if (module.state === 'completed') return 'module-completed';
  return (daysLeft(module, today) ?? 0) < 0 ? 'module-time-expired' : undefined;
};

const unknownQuestion: Decided = E.left({
  kind: 'invalid',
  issues: [{ path: 'data.answers', code: 'unknown-question' }],
});

/** What the resident fills in: kept as a draft, or submitted once and for all (R140). */
export const answerForm = (
  { type, data }: Of<'save-form'> | Of<'submit-form'>,
  program: Ongoing,
  template: TemplateContent,
  { at }: Circumstances,
): Decided => {
  const { moduleId, formId, answers } = data;
  const form = formOf(template, data);
  if (E.isLeft(form)) return no(form.left);
  const closed = closedToAnswers(program, template, data, dayOf(at));
  if (closed !== undefined) return no(closed);
  const questions = new Set(form.right.questions.map(({ id }) => id));
  if (Object.keys(answers).some((question) => !questions.has(question))) return unknownQuestion;
  const event = type === 'save-form' ? 'form-saved' : 'form-submitted';
  return E.right([{ type: event, data: { moduleId, formId }, sealed: { answers } }]);
};

/** The clinician opens what was submitted: it goes into the history, and its flag closes (R142, I10); after the end too (D24). */
export const openForm = ({ data }: Of<'open-form'>, program: Ongoing | Ended, template: TemplateContent): Decided => {
  const form = formOf(template, data);
  if (E.isLeft(form)) return no(form.left);
  const { moduleId, formId } = data;
  switch (program.forms.get(formKey(moduleId, formId))) {
    case 'opened':
      return E.right([]);
    case 'unread':
      return E.right([{ type: 'form-opened', data: { moduleId, formId } }]);
    default:
      return no('form-not-submitted');
  }
};
