import type { ModelProgram } from '../model/state.ts';
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

type TalkType = 'start-conversation' | 'reply' | 'read-conversation';

/** One who may speak in a program: its resident, or whoever is responsible. */
const speaker = ({ step }: Scene, program: ModelProgram) =>
  step.b % 2 === 0 ? residentOf(program) : clinicianOf(program);

const hasConversations = (program: ModelProgram): boolean => isOngoing(program) && program.conversations.size > 0;

/** What is sensible to say. */
export const sensibleTalk: { readonly [Type in TalkType]: Proposer<Type> } = {
  'start-conversation': (scene) => {
    const program = programFor(scene, isOngoing);
    if (program === undefined) return undefined;
    const { number, step } = scene;
    const own = step.c % 4 === 0 ? { conversationId: idFor(number, 'conversation') } : {};
    const taken = step.c % 21 === 0 ? { conversationId: [...program.conversations.keys()][0] } : {};
    const texts = { subject: canary(number, 'Ämne'), body: canary(number, 'Fråga') };
    return { data: { programId: program.id, ...own, ...taken, ...texts }, actor: speaker(scene, program) };
  },
  reply: (scene) => {
    const program = programFor(scene, hasConversations);
    if (program === undefined) return undefined;
    const conversationId = pick([...program.conversations.keys()], scene.step.c) ?? idFor(scene.number, 'none');
    const body = canary(scene.number, 'Svar');
    return { data: { programId: program.id, conversationId, body }, actor: speaker(scene, program) };
  },
  'read-conversation': (scene) => {
    const program = programFor(scene, (one) => one.status !== 'purged' && one.conversations.size > 0);
    if (program === undefined) return undefined;
    const unread = [...program.conversations].filter(([, sides]) => sides.size > 0).map(([id]) => id);
    const conversationId = pick(unread, scene.step.c) ?? [...program.conversations.keys()][0] ?? idFor(1, 'none');
    const side = program.conversations.get(conversationId);
    const actor = side?.has('resident') ? residentOf(program) : clinicianOf(program);
    return { data: { programId: program.id, conversationId }, actor };
  },
};
