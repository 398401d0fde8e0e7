import type { Folja } from '../../folja.ts';
import type { Model, ModelProgram } from '../model/state.ts';
import { canary, idFor } from '../proposing/scene.ts';
import type { Crowd } from '../trace.ts';
import { type Call, residentActor, staffActor } from '../world.ts';
import { eventsOf, type Opened, right } from './opened.ts';

type Sent = Extract<Call, { kind: 'command' }>;

/** No run has so many steps: ids from here on are the crowd's. */
const beyondSteps = 60_000;

const endReason = ({ setting }: Model, { templateId }: ModelProgram): string =>
  setting.templates.find((template) => template.templateId === templateId)?.content.endReasons[0]?.code ?? '';

/** Two ends of a program, of which one comes first. */
const endsOf = (model: Model, program: ModelProgram, place: number): readonly Sent[] => {
  const { id: programId, clinician, unitId } = program;
  const data = { programId, reason: endReason(model, program), residentAware: true };
  return [5, 6].map((index) => ({
    kind: 'command',
    command: { type: 'end-program', data },
    id: idFor(beyondSteps + place * 10 + index, 'command'),
    actor: staffActor(clinician, unitId, model.setting.policy),
  }));
};

/** Three messages of the resident's and two welcome texts of the clinician's, one of them sent twice. */
const messagesOf = ({ setting: { policy } }: Model, program: ModelProgram, place: number): readonly Sent[] => {
  const { id: programId, resident, clinician, unitId } = program;
  const command = (index: number): string => idFor(beyondSteps + place * 10 + index, 'command');
  const messages = [0, 1, 2].map((index): Sent => {
    const data = { programId, subject: canary(beyondSteps, 'Ämne'), body: canary(beyondSteps, `Text ${index}`) };
    return {
      kind: 'command',
      command: { type: 'start-conversation', data },
      id: command(index),
      actor: residentActor(resident, policy),
    };
  });
  const welcomes = [3, 4, 4].map((index): Sent => {
    const data = { programId, text: canary(beyondSteps, `Välkommen ${index}`) };
    return {
      kind: 'command',
      command: { type: 'change-welcome-text', data },
      id: command(index),
      actor: staffActor(clinician, unitId, policy),
    };
  });
  return [...messages, ...welcomes];
};

const mostPrograms = 2;

const send = async (folja: Folja, call: Sent): Promise<Crowd['answers'][number]> => {
  const { command, id, actor } = call;
  const answer = await folja.execute({ ...command, id: id as string }, actor);
  return { call, said: answer._tag === 'Right' ? { right: answer.right } : { left: answer.left } };
};

/** Sends commands about some of the ongoing programs, all at the same moment. */
export const crowdOn = async (opened: Pick<Opened, 'folja' | 'engine'>, model: Model): Promise<Crowd> => {
  const ongoing = [...model.programs.values()].filter(({ status }) => status === 'ongoing').slice(0, mostPrograms);
  const calls = ongoing.flatMap((program, place) => [
    ...messagesOf(model, program, place),
    ...(place === ongoing.length - 1 ? endsOf(model, program, place) : []),
  ]);
  const before = await right(opened.engine.events.lastPosition());
  const answers = await Promise.all(calls.map((call) => send(opened.folja, call)));
  return { answers, events: await eventsOf(opened, before) };
};
