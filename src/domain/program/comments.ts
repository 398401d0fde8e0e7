import * as E from 'fp-ts/lib/Either.js';
import type { Circumstances, Decision, RefusalCode } from '../decider.ts';
import { refused } from '../decider.ts';
import type { TemplateContent } from '../template/content.ts';
import type { ProgramCommand } from './commands.ts';
import type { ProgramEvent } from './events.ts';
import { reachableSection } from './resident.ts';
import type { Ended, Ongoing } from './state.ts';

type Decided = Decision<ProgramEvent>;
type Of<Type extends ProgramCommand['type']> = Extract<ProgramCommand, { type: Type }>;

const no = (code: RefusalCode): Decided => E.left(refused(code));

/** A text of the resident's beside a section of the content (R182); it is no answer, so a completed module takes it too (D13). */
export const comment = (
  { data: { moduleId, sectionId, text } }: Of<'comment'>,
  program: Ongoing,
  template: TemplateContent,
  { newId }: Circumstances,
): Decided =>
  E.map((): readonly ProgramEvent[] => [
    { type: 'comment-made', data: { commentId: newId('comment'), moduleId, sectionId }, sealed: { text } },
  ])(reachableSection(program, template, { moduleId, sectionId }));

/** Marks a comment as read, which closes its flag (R160); after the end too (D24). */
export const readComment = ({ data: { commentId } }: Of<'read-comment'>, program: Ongoing | Ended): Decided => {
  switch (program.comments.get(commentId)) {
    case 'read':
      return E.right([]);
    case 'unread':
      return E.right([{ type: 'comment-read', data: { commentId } }]);
    case undefined:
      return no('unknown-comment');
  }
};
