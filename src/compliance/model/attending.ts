import { windowsOf } from './occasions.ts';
import { missedFlags } from './plans.ts';
import { hasSection } from './reading.ts';
import { living, ofResident, ofStaff, ownContent, responsible } from './relations.ts';
import type { Of } from './state.ts';
import {
  changed,
  invalid,
  type Model,
  type ModelProgram,
  type Moment,
  no,
  nothing,
  plusDays,
  plusMonths,
  swedishDay,
  type Verdict,
} from './state.ts';

const keyOf = (moduleId: string, formId: string): string => `${moduleId}/${formId}`;

/** The forms of a program's version, by module and form. */
export const formsOf = (model: Model, program: ModelProgram) =>
  (ownContent(model, program)?.modules ?? []).flatMap(({ id: moduleId, forms }) =>
    forms.map((form) => ({ ...form, moduleId, key: keyOf(moduleId, form.id) })),
  );

/** A form of a program's version. */
export const formAt = (model: Model, program: ModelProgram, form: string) =>
  formsOf(model, program).find(({ key }) => key === form);

/** The follow-ups of a program's version, each with its form and the day from which it is to be filled in (R221, R222). */
export const followUpsOf = (model: Model, program: ModelProgram) =>
  (ownContent(model, program)?.followUps ?? []).map(({ id, moduleId, formId, afterMonths }) => ({
    ...{ id, form: keyOf(moduleId, formId) },
    dueOn: plusMonths(program.startedOn, afterMonths),
  }));

const isSubmitted = (program: ModelProgram, form: string): boolean =>
  ['unread', 'opened'].includes(program.forms.get(form) ?? '');

const isDue = (model: Model, program: ModelProgram, form: string, today: string): boolean =>
  followUpsOf(model, program).some((followUp) => followUp.form === form && followUp.dueOn <= today);

/** Whether a form takes answers on a day (D6, D13, D25). */
export const takesAnswers = (model: Model, program: ModelProgram, form: string, today: string): boolean => {
  if (isSubmitted(program, form)) return false;
  const module = program.modules.get(form.split('/')[0] ?? '');
  const isInTime = module?.days === undefined || today <= plusDays(module.on, module.days);
  return isDue(model, program, form, today) || (module?.state === 'open' && isInTime);
};

/** What the resident fills in: as often as wanted until it is submitted, and never after (R140). */
export const fillForm = (model: Model, { type, data }: Of<'save-form' | 'submit-form'>, moment: Moment): Verdict => {
  const program = living(ofResident(model, data.programId, moment));
  const form = keyOf(data.moduleId, data.formId);
  const known = program && formAt(model, program, form);
  if (program === undefined || known === undefined) return no;
  if (!takesAnswers(model, program, form, moment.today)) return no;
  const questions = known.questions.map(({ id }) => id);
  if (Object.keys(data.answers).some((question) => !questions.includes(question))) return invalid;
  return changed(() => program.forms.set(form, type === 'save-form' ? 'draft' : 'unread'));
};

/** Whether the program's clinician may still attend to what came in: until it is purged (D24). */
const attended = (model: Model, programId: string, moment: Moment): ModelProgram | undefined => {
  const program = responsible(model, programId, moment);
  return program?.status === 'purged' ? undefined : program;
};

/** The clinician opens a form, reads a comment, documents: each once, and again is nothing. */
export const attendTo = (
  model: Model,
  { type, data }: Of<'open-form' | 'read-comment' | 'record-documentation'>,
  moment: Moment,
): Verdict => {
  const program = attended(model, data.programId, moment);
  if (program === undefined) return no;
  switch (type) {
    case 'open-form': {
      const form = keyOf(data.moduleId, data.formId);
      if (!isSubmitted(program, form)) return no;
      return program.forms.get(form) === 'opened' ? nothing : changed(() => program.forms.set(form, 'opened'));
    }
    case 'read-comment':
      if (!program.comments.has(data.commentId)) return no;
      return program.comments.get(data.commentId) === 'read'
        ? nothing
        : changed(() => program.comments.set(data.commentId, 'read'));
    case 'record-documentation':
      if (program.documented.has(data.dutyId)) return nothing;
      return program.duties.has(data.dutyId) ? changed(() => program.documented.add(data.dutyId)) : no;
  }
};

/** The resident writes beside a section that can be read (R182). */
export const comment = (model: Model, { data }: Of<'comment'>, moment: Moment): Verdict => {
  const program = living(ofResident(model, data.programId, moment));
  const isReachable = ['open', 'completed'].includes(program?.modules.get(data.moduleId)?.state ?? '');
  if (program === undefined || !isReachable || !hasSection(model, program, data.moduleId, data.sectionId)) return no;
  return changed(({ commentId = '' }) => program.comments.set(commentId, 'unread'));
};

/** Flags by hand: one's own, and those of what was missed (R156, D21). */
export const flag = (model: Model, { type, data }: Of<'raise-flag' | 'clear-flag'>, moment: Moment): Verdict => {
  const program = living(responsible(model, data.programId, moment));
  if (program === undefined) return no;
  if (type === 'raise-flag') return changed(({ flagId = '' }) => program.raised.add(flagId));
  const { flagId } = data;
  if (program.cleared.has(flagId)) return nothing;
  if (!program.raised.has(flagId) && !missedFlags(program, moment.at).includes(flagId)) return no;
  return changed(() => {
    program.raised.delete(flagId);
    program.cleared.add(flagId);
  });
};

const mayRemind = (
  model: Model,
  program: ModelProgram,
  { about, due }: Of<'send-reminder'>['data'],
  moment: Moment,
): boolean => {
  if ('moduleId' in about) return program.modules.get(about.moduleId)?.state === 'open';
  if ('followUpId' in about) {
    const followUp = followUpsOf(model, program).find(({ id }) => id === about.followUpId);
    return followUp !== undefined && !isSubmitted(program, followUp.form) && followUp.dueOn <= moment.today;
  }
  const plan = program.plans.get(about.planId);
  if (plan === undefined || plan.stoppedAt !== undefined) return false;
  if (due === undefined) return true;
  const day = swedishDay(due);
  return due <= moment.at && !plan.registered.has(due) && windowsOf(plan, day, day).some(({ at }) => at === due);
};

/** The clinician reminds, or the clock (R170, R221). */
export const remind = (model: Model, { data }: Of<'send-reminder'>, moment: Moment): Verdict => {
  const { actor } = moment;
  const isClock = actor.kind === 'system' && actor.process === 'clock';
  const program = isClock ? model.programs.get(data.programId) : responsible(model, data.programId, moment);
  if (living(program) === undefined || program === undefined) return no;
  return mayRemind(model, program, data, moment) ? changed(() => undefined) : no;
};

/** What the resident administrator announces (R211), and what the data administrator takes out (R029). */
export const announceAbsence = (model: Model, { data }: Of<'announce-absence'>, moment: Moment): Verdict => {
  if (living(ofStaff(model, data.programId, moment, 'resident-administrator')) === undefined) return no;
  return data.to < moment.today ? invalid : changed(() => undefined);
};

export const exportProgram = (model: Model, { data }: Of<'export-program'>, moment: Moment): Verdict => {
  const program = ofStaff(model, data.programId, moment, 'data-administrator');
  return program === undefined || program.status === 'purged' ? no : changed(() => undefined);
};

/** The resident's channels, as the resident says or 1177 does (R078). */
export const setChannels = (
  model: Model,
  { data: { programId, ...wanted } }: Of<'set-resident-notifications'>,
  moment: Moment,
): Verdict => {
  const { actor } = moment;
  const isPlatform = actor.kind === 'system' && actor.process !== 'clock';
  const program = living(isPlatform ? model.programs.get(programId) : ofResident(model, programId, moment));
  if (program === undefined) return no;
  const { channels: now } = program;
  const isSame = now.inbox === wanted.inbox && now.sms === wanted.sms && now.email === wanted.email;
  return isSame
    ? nothing
    : changed(() => {
        program.channels = wanted;
      });
};
