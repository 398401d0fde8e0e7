import type { Command } from '../../commands/catalog.ts';
import type { Step } from '../lives.ts';
import { type ModelProgram, swedishDay } from '../model/state.ts';
import { attempts } from '../proposing/attempts.ts';
import { questionFor } from '../proposing/questions.ts';
import { commandFor, type SentBefore } from '../proposing/resolve.ts';
import type { Scene } from '../proposing/scene.ts';
import { outcomeOf } from '../trace.ts';
import { type Call, numberOf, regionalTeam, residentsOf, signedIn, written } from '../world.ts';
import { auditLength } from './auditing.ts';
import type { Ground } from './grounds.ts';
import { picturesOf } from './pictures.ts';
import { belongings, remainsOf, remnantsIn } from './remnants.ts';
import { askingIn, isCommand, look, minute, programsOf, type Run, tell } from './run.ts';

/** The program that a command is about, as far as its input says. */
const programIn = ({ model }: Run, call: SentBefore): string | undefined => {
  const data = (call.command?.data ?? {}) as { readonly programId?: string; readonly handoverId?: string };
  return data.programId ?? model.handovers.get(data.handoverId ?? '')?.programId;
};

/** Which programs' pictures are taken before and after a command: those that it might change, and should or should not. */
const isTouched = ({ type, data }: Command, about: string | undefined, { a, watched }: Step) => {
  if (type === 'publish-template') return ({ templateId }: ModelProgram) => templateId === data.templateId;
  const starting = type === 'start-program' && a % 2 === 0 ? numberOf(data.resident.personalNumber) : undefined;
  // Starts and offers are many: some will do.
  const isHandover = type.endsWith('-handover') && (type !== 'initiate-handover' || a % 3 === 0);
  return ({ id, resident }: ModelProgram) => (id === about ? isHandover : watched || resident === starting);
};

/** Whose pictures are taken before and after: a handover's program, the same resident's at a start, a template's, others when watched. */
const watched = (run: Run, step: Step, call: SentBefore): readonly ModelProgram[] =>
  isCommand(call)
    ? programsOf(run)
        .filter(({ status }) => status !== 'purged')
        .filter(isTouched(call.command, programIn(run, call), step))
        .slice(-2)
    : [];

/** Looks for what purges left behind, and for what lies in clear. */
export const scan = async (run: Run, files: readonly Buffer[]): Promise<void> => {
  const texts = [
    ...run.canaries.keys(),
    ...residentsOf(run.model.setting).flatMap((number) => [number, written(number, 1)]),
  ];
  run.remnants.push(...remnantsIn(await remainsOf(run.engine, files, run.erased), run.erased, texts));
};

const statistics = ({ model }: Run): Call => ({
  kind: 'view',
  query: { view: 'statistics', limit: 200 },
  actor: signedIn(regionalTeam, model.setting.policy),
});

/** Sends a command, and looks before and after at what it might change, and should or should not. */
const sendWatched = async (run: Run, ground: Ground, step: Step, call: SentBefore): Promise<void> => {
  const about = programIn(run, call);
  const subjects = watched(run, step, call);
  const before = await picturesOf(askingIn(run), subjects, false);
  const isPurge = call.command?.type === 'purge-program' && about !== undefined;
  const own = isPurge ? await belongings(run.engine, about) : undefined;
  const counted = isPurge ? await tell(run, 'look', statistics(run)) : undefined;
  const told = await tell(run, 'step', call);
  if (subjects.length > 0)
    run.watches.push({ told, about, before, after: await picturesOf(askingIn(run), subjects, false) });
  if (own === undefined || counted === undefined || outcomeOf(told) !== 'changed') return;
  run.counts.push({ before: counted.said, after: (await tell(run, 'look', statistics(run))).said });
  run.erased.push(own);
  await scan(run, ground.files());
  run.auditLengths.push(await auditLength(run.engine));
};

const sceneOf = (run: Run, step: Step, number: number): Scene => {
  const at = new Date(run.time.now);
  return { model: run.model, step, today: swedishDay(at), at: at.toISOString(), number };
};

/** Takes a step of a run. */
export const takeStep = async (run: Run, ground: Ground, step: Step, number: number): Promise<void> => {
  run.time.now += step.minutes * minute;
  const scene = sceneOf(run, step, number);
  if (step.what === 'look') return look(run);
  if (step.what === 'ask') return void (await tell(run, 'step', questionFor(scene)));
  await sendWatched(run, ground, step, commandFor(scene, run.earlier));
};

/** What a run without steps tries by. */
const noStep: Step = {
  ...{ what: 'look', a: 0, b: 0, c: 0, minutes: 0, twist: 'none', watched: false, hasId: false },
};

/** At the end of a run, what hardly comes by chance: mostly what nobody may. */
export const makeAttempts = async (run: Run, ground: Ground): Promise<void> => {
  const step = { ...(run.steps[0] ?? noStep), watched: false };
  for (const [index, attempt] of attempts.entries())
    for (const call of attempt(sceneOf(run, step, run.steps.length + index))) {
      const sent = { ...call, actor: signedIn(call.actor, run.model.setting.policy) };
      if (sent.kind === 'view') await tell(run, 'step', sent);
      else await sendWatched(run, ground, step, sent);
    }
};
