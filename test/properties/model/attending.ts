import type { Command } from '../../../src/commands/catalog.ts';
import { windowsOf } from './occasions.ts';
import { missedFlags } from './plans.ts';
import { hasSection } from './programs.ts';
import { living, ofResident, ofStaff, responsible } from './relations.ts';
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

type Of<Type extends Command['type']> = Extract<Command, { type: Type }>;
type NumberOf = (written: string) => string;

/** The follow-ups that the manual names (R221, R222): the form, and months from the start. */
const followUps: readonly (readonly [id: string, form: string, months: number])[] = [
  ['uppfoljning-3', 'steg-5/fragor', 3],
  ['uppfoljning-6', 'steg-6/fragor', 6],
  ['uppfoljning-12', 'steg-7/fragor', 12],
];

/** Which forms there are: the questions of each step, the closing ones, and a hidden one that the runs add (R134, R146). */
export const formsOf = (templateId: string): readonly string[] =>
  templateId === 'tobakshjalpen'
    ? [1, 2, 3, 4, 5, 6, 7].map((step) => `steg-${step}/fragor`).concat('steg-7/avslutningsfragor', 'steg-1/dold')
    : [];

const questions = ['fraga-1'];

const isSubmitted = (program: ModelProgram, form: string): boolean =>
  ['unread', 'opened'].includes(program.forms.get(form) ?? '');

const dueFollowUp = (program: ModelProgram, form: string, today: string): boolean =>
  followUps.some(([, of, months]) => of === form && plusMonths(program.startedOn, months) <= today);

/** Whether a form takes answers on a day (D6, D13, D25). */
export const takesAnswers = (program: ModelProgram, form: string, today: string): boolean => {
  if (isSubmitted(program, form)) return false;
  const module = program.modules.get(form.split('/')[0] ?? '');
  const isInTime = module?.days === undefined || today <= plusDays(module.on, module.days);
  return dueFollowUp(program, form, today) || (module?.state === 'open' && isInTime);
};

/** What the resident fills in: as often as wanted until it is submitted, and never after (R140). */
export const fillForm = (
  numberOf: NumberOf,
  model: Model,
  { type, data }: Of<'save-form' | 'submit-form'>,
  moment: Moment,
): Verdict => {
  const program = living(ofResident(numberOf, model, data.programId, moment));
  const form = `${data.moduleId}/${data.formId}`;
  if (program === undefined || !formsOf(program.templateId).includes(form)) return no;
  if (!takesAnswers(program, form, moment.today)) return no;
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
      const form = `${data.moduleId}/${data.formId}`;
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
export const comment = (numberOf: NumberOf, model: Model, { data }: Of<'comment'>, moment: Moment): Verdict => {
  const program = living(ofResident(numberOf, model, data.programId, moment));
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

const mayRemind = (program: ModelProgram, { about, due }: Of<'send-reminder'>['data'], moment: Moment): boolean => {
  if ('moduleId' in about) return program.modules.get(about.moduleId)?.state === 'open';
  if ('followUpId' in about) {
    const [, form, months] = followUps.find(([id]) => id === about.followUpId) ?? ['', '', 0];
    const isKnown = program.templateId === 'tobakshjalpen' && form !== '';
    return isKnown && !isSubmitted(program, form) && plusMonths(program.startedOn, months) <= moment.today;
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
  return mayRemind(program, data, moment) ? changed(() => undefined) : no;
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
  numberOf: NumberOf,
  model: Model,
  { data: { programId, ...wanted } }: Of<'set-resident-notifications'>,
  moment: Moment,
): Verdict => {
  const { actor } = moment;
  const isPlatform = actor.kind === 'system' && actor.process !== 'clock';
  const program = living(isPlatform ? model.programs.get(programId) : ofResident(numberOf, model, programId, moment));
  if (program === undefined) return no;
  const { channels: now } = program;
  const isSame = now.inbox === wanted.inbox && now.sms === wanted.sms && now.email === wanted.email;
  return isSame
    ? nothing
    : changed(() => {
        program.channels = wanted;
      });
};
