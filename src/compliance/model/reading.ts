import { living, moduleOf, ofResident, responsible } from './relations.ts';
import type { Of } from './state.ts';
import {
  changed,
  type Model,
  type ModelModule,
  type ModelProgram,
  type Moment,
  no,
  nothing,
  type Verdict,
} from './state.ts';

type Reading = Of<'open-program' | 'open-section' | 'complete-section' | 'finish-module'>;

const markSection = (
  { type, data }: Of<'open-section' | 'complete-section'>,
  module: ModelModule,
  isKnown: boolean,
): Verdict => {
  const color = module.sections.get(data.sectionId);
  if (!isKnown) return no;
  if (type === 'open-section')
    return color === undefined ? changed(() => module.sections.set(data.sectionId, 'yellow')) : nothing;
  return color === 'green' ? nothing : changed(() => module.sections.set(data.sectionId, 'green'));
};

/** Whether a section is in the version that the program runs on: the first, or one that a later major added. */
export const hasSection = (model: Model, program: ModelProgram, moduleId: string, sectionId: string): boolean =>
  moduleOf(model, program, moduleId)?.sections.some(({ id }) => id === sectionId) === true;

/** What the resident reads, of what is open or completed (R118, R231). */
export const readContent = (model: Model, command: Reading, moment: Moment): Verdict => {
  const program = living(ofResident(model, command.data.programId, moment));
  if (program === undefined) return no; // R231
  if (command.type === 'open-program') return changed(() => undefined);
  const { moduleId } = command.data;
  const module = program.modules.get(moduleId);
  if (module === undefined || module.state === 'closed') return no; // R118
  if (command.type !== 'finish-module') {
    return markSection(command, module, hasSection(model, program, moduleId, command.data.sectionId));
  }
  if (module.finished) return nothing;
  return module.state === 'completed'
    ? no
    : changed(() => {
        module.finished = true;
      });
};

type Talking = Of<'start-conversation' | 'reply' | 'read-conversation'>;

const read = (program: ModelProgram, conversationId: string, side: 'staff' | 'resident'): Verdict => {
  const unread = program.conversations.get(conversationId);
  if (unread === undefined) return no;
  return unread.has(side) ? changed(() => unread.delete(side)) : nothing;
};

/** What both sides say to each other, and when each may read it. */
export const talk = (model: Model, command: Talking, moment: Moment): Verdict => {
  const { programId, conversationId } = command.data;
  const side = moment.actor.kind === 'resident' ? 'resident' : 'staff';
  const program = side === 'resident' ? ofResident(model, programId, moment) : responsible(model, programId, moment);
  const isReading = command.type === 'read-conversation';
  const isAllowed = program?.status === 'ongoing' || (program?.status === 'ended' && isReading && side === 'staff');
  if (program === undefined || !isAllowed) return no; // R238, D12, D24
  if (isReading) return read(program, command.data.conversationId, side);
  const isKnown = conversationId !== undefined && program.conversations.has(conversationId);
  if (isKnown === (command.type === 'start-conversation')) return no;
  return changed(({ conversationId: made = '' }) => {
    const unread = program.conversations.get(made) ?? new Set();
    program.conversations.set(made, unread.add(side === 'staff' ? 'resident' : 'staff'));
  });
};
