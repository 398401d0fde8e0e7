import * as E from 'fp-ts/lib/Either.js';
import type { Circumstances, Decision, RefusalCode } from '../decider.ts';
import { refused } from '../decider.ts';
import type { Uuid } from '../identifiers.ts';
import type { TemplateContent } from '../template/content.ts';
import type { ProgramCommand } from './commands.ts';
import type { ProgramEvent } from './events.ts';
import type { Ended, Ongoing, Side } from './state.ts';

type Decided = Decision<ProgramEvent>;
type Of<Type extends ProgramCommand['type']> = Extract<ProgramCommand, { type: Type }>;

const no = (code: RefusalCode): Decided => E.left(refused(code));

/** Which side of the conversation somebody is on. */
export const sideOf = ({ by }: Pick<Circumstances, 'by'>): Side => (by.kind === 'resident' ? 'resident' : 'staff');

/** A message; the resident's is addressed to whoever is responsible at that instant (R184, I13). */
const message = (
  program: Ongoing,
  template: TemplateContent,
  circumstances: Circumstances,
  { conversationId, body, notifyInbox }: { conversationId: Uuid; body: string; notifyInbox: boolean | undefined },
): ProgramEvent => {
  const from = sideOf(circumstances);
  const toResident = { notifyInbox: notifyInbox ?? template.notifyInbox }; // D7
  return {
    type: 'message-sent',
    data: {
      conversationId,
      messageId: circumstances.newId('message'),
      from,
      ...(from === 'resident' ? { addressee: program.clinician, notifyInbox: false } : toResident),
    },
    sealed: { body },
  };
};

/** A new conversation with its first message (R175, R176). */
export const startConversation = (
  { data }: Of<'start-conversation'>,
  program: Ongoing,
  template: TemplateContent,
  circumstances: Circumstances,
): Decided => {
  const { conversationId = circumstances.newId('conversation'), subject, body, notifyInbox } = data;
  if (program.conversations.has(conversationId)) return no('conversation-exists');
  return E.right([
    { type: 'conversation-started', data: { conversationId, from: sideOf(circumstances) }, sealed: { subject } },
    message(program, template, circumstances, { conversationId, body, notifyInbox }),
  ]);
};

/** An answer in an ongoing conversation (R177). */
export const reply = (
  { data: { conversationId, body, notifyInbox } }: Of<'reply'>,
  program: Ongoing,
  template: TemplateContent,
  circumstances: Circumstances,
): Decided =>
  program.conversations.has(conversationId)
    ? E.right([message(program, template, circumstances, { conversationId, body, notifyInbox })])
    : no('unknown-conversation');

/** Marks what the other side wrote as read, which closes its flag (R160); after the end too (D24). */
export const readConversation = (
  { data: { conversationId } }: Of<'read-conversation'>,
  program: Ongoing | Ended,
  side: Side,
): Decided => {
  const conversation = program.conversations.get(conversationId);
  if (conversation === undefined) return no('unknown-conversation');
  return conversation.unread[side].size > 0
    ? E.right([{ type: 'conversation-read', data: { conversationId, side } }])
    : E.right([]);
};
