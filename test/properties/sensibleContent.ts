import { formsOf, takesAnswers } from './model/attending.ts';
import { missedFlags, occasionsIn } from './model/plans.ts';
import { type ModelProgram, plusDays, plusMonths } from './model/state.ts';
import {
  able,
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
import { clock, directory, moduleIdsOf } from './world.ts';

type FormType = 'save-form' | 'submit-form' | 'open-form';
type OtherType =
  | 'comment'
  | 'read-comment'
  | 'raise-flag'
  | 'clear-flag'
  | 'send-reminder'
  | 'announce-absence'
  | 'record-documentation'
  | 'export-program'
  | 'set-resident-notifications';

const placeOf = (form: string) => {
  const [moduleId = '', formId = ''] = form.split('/');
  return { moduleId, formId };
};

/** A form that takes answers now, else now and then any. */
const fillable = (scene: Scene) => {
  const { step, today, number } = scene;
  const open = (program: ModelProgram) =>
    formsOf(program.templateId).filter((form) => takesAnswers(program, form, today));
  const program = programFor(scene, (one) => isOngoing(one) && open(one).length > 0);
  if (program === undefined) return undefined;
  const form = pick(step.c % 9 === 0 ? formsOf(program.templateId) : open(program), step.b) ?? 'steg-1/ingen-fraga';
  const answered: Record<string, string> = step.c % 5 === 0 ? {} : { 'fraga-1': canary(number, 'Svar') };
  const answers: Record<string, string> = step.c % 19 === 0 ? { 'okand-fraga': 'ja' } : answered;
  return { data: { programId: program.id, ...placeOf(form), answers }, actor: residentOf(program) };
};

/** What is sensible to do with forms. */
export const sensibleForms: { readonly [Type in FormType]: Proposer<Type> } = {
  'save-form': fillable,
  'submit-form': fillable,
  'open-form': (scene) => {
    const { step } = scene;
    const wanted = step.c % 4 === 0 ? ['opened', 'unread'] : ['unread'];
    const submitted = ({ forms }: ModelProgram) =>
      [...forms].filter(([, state]) => wanted.includes(state)).map(([form]) => form);
    const program = programFor(scene, (one) => one.status !== 'purged' && submitted(one).length > 0);
    if (program === undefined) return undefined;
    const form = pick(submitted(program), step.b) ?? 'steg-1/fragor';
    return { data: { programId: program.id, ...placeOf(form) }, actor: clinicianOf(program) };
  },
};

const unread = ({ comments }: ModelProgram): readonly string[] =>
  [...comments].filter(([, state]) => state === 'unread').map(([id]) => id);

const undocumented = ({ duties, documented }: ModelProgram): readonly string[] =>
  [...duties].filter((id) => !documented.has(id));

const isFollowedUp = ({ startedOn, templateId }: ModelProgram, today: string): boolean =>
  templateId === 'tobakshjalpen' && plusMonths(startedOn, 3) <= today;

const planned = ({ plans }: ModelProgram) => [...plans].filter(([, { stoppedAt }]) => stoppedAt === undefined);

/** What to remind of: a plan, of its latest occasion where the clock does it; a follow-up; a module. */
const subjectIn = ({ step, at, today }: Scene, program: ModelProgram, isByClock: boolean) => {
  const { a, b, c } = step;
  const [planId, plan] = pick(planned(program), b) ?? [];
  if (c % 3 === 2 && planId !== undefined && plan !== undefined) {
    const due = isByClock ? occasionsIn(plan, 'open', at).at(-1) : undefined;
    return { about: { planId }, ...(due === undefined ? {} : { due }) };
  }
  if (c % 3 === 1 && isFollowedUp(program, today)) {
    const followUps = ['uppfoljning-3', 'uppfoljning-6', 'uppfoljning-12'];
    return { about: { followUpId: pick(followUps, a % 5) ?? 'uppfoljning-3' } };
  }
  const open = [...program.modules].filter(([, { state }]) => state === 'open').map(([id]) => id);
  return { about: { moduleId: pick(a % 7 === 0 ? moduleIdsOf(program.templateId) : open, b) ?? 'steg-1' } };
};

const reminders: Proposer<'send-reminder'> = (scene) => {
  const { step, today } = scene;
  const isDue = (one: ModelProgram) => isFollowedUp(one, today);
  const wanted = [isOngoing, isDue, (one: ModelProgram) => planned(one).length > 0][step.c % 3] ?? isOngoing;
  const program = programFor(scene, (one) => isOngoing(one) && wanted(one)) ?? programFor(scene, isOngoing);
  if (program === undefined) return undefined;
  const isByClock = step.b % 3 === 0;
  const actor = isByClock ? clock : clinicianOf(program);
  return { data: { programId: program.id, ...subjectIn(scene, program, isByClock) }, actor };
};

/** What else is sensible about a program's content, its flags and its papers. */
export const sensibleContent: { readonly [Type in OtherType]: Proposer<Type> } = {
  comment: (scene) => {
    const { step, number } = scene;
    const program = programFor(scene, isOngoing);
    if (program === undefined) return undefined;
    const reachable = [...program.modules].filter(([, { state }]) => state !== 'closed').map(([id]) => id);
    const moduleId = pick(step.c % 10 === 0 ? moduleIdsOf(program.templateId) : reachable, step.b) ?? 'ingen-modul';
    const sectionId = step.c % 13 === 0 ? 'extra-0' : 'avsnitt-1';
    const text = canary(number, 'Kommentar');
    return { data: { programId: program.id, moduleId, sectionId, text }, actor: residentOf(program) };
  },
  'read-comment': (scene) => {
    const program =
      programFor(scene, (one) => one.status !== 'purged' && unread(one).length > 0) ??
      programFor(scene, ({ comments }) => comments.size > 0);
    if (program === undefined) return undefined;
    const known = scene.step.c % 5 === 0 ? [...program.comments.keys()] : unread(program);
    const commentId = pick(known, scene.step.b) ?? idFor(scene.number, 'none');
    return { data: { programId: program.id, commentId }, actor: clinicianOf(program) };
  },
  'raise-flag': (scene) => {
    const program = programFor(scene, isOngoing);
    const severity = scene.step.c % 2 === 0 ? 'info' : 'action';
    const text = canary(scene.number, 'Flagga');
    return program && { data: { programId: program.id, severity, text }, actor: clinicianOf(program) };
  },
  'clear-flag': (scene) => {
    const { step, at } = scene;
    const byHand = (one: ModelProgram) => [...one.raised, ...missedFlags(one, at).slice(-3)];
    const program = programFor(scene, (one) => isOngoing(one) && byHand(one).length > 0);
    if (program === undefined) return undefined;
    const caused = [...unread(program), ...(program.pending === undefined ? [] : [program.pending])];
    const known = step.c % 6 === 0 ? [...caused, ...program.cleared] : byHand(program);
    const flagId = pick(known, step.b) ?? idFor(scene.number, 'none');
    return { data: { programId: program.id, flagId }, actor: clinicianOf(program) };
  },
  'send-reminder': reminders,
  'announce-absence': (scene) => {
    const { step, today, number } = scene;
    const program = programFor(scene, isOngoing);
    const actor = program && pick(able(scene, program.unitId, 'resident-administrator'), step.b);
    if (program === undefined || actor === undefined) return undefined;
    const from = plusDays(today, (step.c % 10) - 4);
    const to = plusDays(from, (step.b % 8) + (step.c % 17 === 0 ? -1 : 0));
    return { data: { programId: program.id, from, to, text: canary(number, 'Borta') }, actor };
  },
  'record-documentation': (scene) => {
    const { step, number } = scene;
    const program = programFor(scene, (one) => one.status !== 'purged' && undocumented(one).length > 0);
    if (program === undefined) return undefined;
    const known = step.c % 8 === 0 ? [...program.documented, idFor(number, 'none')] : undocumented(program);
    const dutyId = pick(known, step.b) ?? idFor(number, 'none');
    const code = step.b % 2 === 0 ? { code: 'DV123' } : {};
    return { data: { programId: program.id, dutyId, ...code }, actor: clinicianOf(program) };
  },
  'export-program': (scene) => {
    const program = programFor(scene, ({ status }) => status !== 'purged');
    const actor = program && pick(able(scene, program.unitId, 'data-administrator'), scene.step.b);
    if (program === undefined || actor === undefined) return undefined;
    return { data: { programId: program.id, format: scene.step.c % 3 === 0 ? 'fhir' : 'json' }, actor };
  },
  'set-resident-notifications': (scene) => {
    const { step } = scene;
    const program = programFor(scene, isOngoing);
    if (program === undefined) return undefined;
    const channels = { inbox: step.b % 2 === 0, sms: step.c % 2 === 0, email: step.a % 2 === 0 };
    const actor = step.c % 3 === 0 ? directory : residentOf(program);
    return { data: { programId: program.id, ...channels }, actor };
  },
};
