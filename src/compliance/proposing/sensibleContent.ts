import { followUpsOf } from '../model/attending.ts';
import { missedFlags, occasionsIn } from '../model/plans.ts';
import { moduleIdsOf } from '../model/relations.ts';
import { type ModelProgram, plusDays } from '../model/state.ts';
import { clock, directory } from '../world.ts';
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
import { sectionFor } from './sensibleModules.ts';

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

const unread = ({ comments }: ModelProgram): readonly string[] =>
  [...comments].filter(([, state]) => state === 'unread').map(([id]) => id);

const undocumented = ({ duties, documented }: ModelProgram): readonly string[] =>
  [...duties].filter((id) => !documented.has(id));

/** The follow-ups of a program that are due. */
const dueIn = ({ model, today }: Scene, program: ModelProgram) =>
  followUpsOf(model, program).filter(({ dueOn }) => dueOn <= today);

const planned = ({ plans }: ModelProgram) => [...plans].filter(([, { stoppedAt }]) => stoppedAt === undefined);

/** What to remind of: a plan, of its latest occasion where the clock does it; a follow-up; a module. */
const subjectIn = (scene: Scene, program: ModelProgram, isByClock: boolean) => {
  const { model, at } = scene;
  const { a, b, c } = scene.step;
  const [planId, plan] = pick(planned(program), b) ?? [];
  if (c % 3 === 2 && planId !== undefined && plan !== undefined) {
    const due = isByClock ? occasionsIn(plan, 'open', at).at(-1) : undefined;
    return { about: { planId }, ...(due === undefined ? {} : { due }) };
  }
  const [first] = dueIn(scene, program);
  if (c % 3 === 1 && first !== undefined)
    return { about: { followUpId: pick(followUpsOf(model, program), a % 5)?.id ?? first.id } };
  const open = [...program.modules].filter(([, { state }]) => state === 'open').map(([id]) => id);
  return { about: { moduleId: pick(a % 7 === 0 ? moduleIdsOf(model, program) : open, b) ?? 'ingen-modul' } };
};

const reminders: Proposer<'send-reminder'> = (scene) => {
  const { step } = scene;
  const isDue = (one: ModelProgram) => dueIn(scene, one).length > 0;
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
    const moduleId = pick(step.c % 10 === 0 ? moduleIdsOf(scene.model, program) : reachable, step.b) ?? 'ingen-modul';
    const sectionId = sectionFor(scene, program, moduleId);
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
