import { formAt, formsOf, takesAnswers } from '../model/attending.ts';
import type { ModelProgram } from '../model/state.ts';
import { canary, clinicianOf, isOngoing, type Proposer, pick, programFor, residentOf, type Scene } from './scene.ts';

type FormType = 'save-form' | 'submit-form' | 'open-form';

type Place = { readonly moduleId: string; readonly formId: string };

const placeOf = (form: string): Place => {
  const [moduleId = '', formId = ''] = form.split('/');
  return { moduleId, formId };
};

const noForm = 'ingen-modul/ingen-fraga';

/** Answers to the questions of a form; now and then to none, or to one that it does not have. */
const answersTo = ({ model, step, number }: Scene, program: ModelProgram, form: string): Record<string, string> => {
  if (step.c % 19 === 0) return { 'okand-fraga': 'ja' };
  const questions = step.c % 5 === 0 ? [] : (formAt(model, program, form)?.questions ?? []);
  const answered = step.c % 7 === 0 ? questions : questions.slice(0, 1);
  return Object.fromEntries(answered.map(({ id }) => [id, canary(number, 'Svar')]));
};

/** A form that takes answers now, else now and then any. */
const fillable = (scene: Scene) => {
  const { model, step, today } = scene;
  const all = (program: ModelProgram) => formsOf(model, program).map(({ key }) => key);
  const open = (program: ModelProgram) => all(program).filter((form) => takesAnswers(model, program, form, today));
  const program = programFor(scene, (one) => isOngoing(one) && open(one).length > 0);
  if (program === undefined) return undefined;
  const form = pick(step.c % 9 === 0 ? all(program) : open(program), step.b) ?? noForm;
  const answers = answersTo(scene, program, form);
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
    const form = pick(submitted(program), step.b) ?? noForm;
    return { data: { programId: program.id, ...placeOf(form) }, actor: clinicianOf(program) };
  },
};
