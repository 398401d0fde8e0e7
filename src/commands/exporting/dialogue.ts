import type { HsaId, Uuid } from '../../domain/identifiers.ts';
import type { Day, Instant } from '../../domain/time.ts';
import { given, type Opened, ofType } from './recorded.ts';

type Message = {
  readonly messageId: Uuid;
  readonly from: 'resident' | 'staff';
  readonly hsaId?: HsaId;
  readonly at: Instant;
  readonly body: string;
};
type Conversation = {
  readonly conversationId: Uuid;
  readonly startedAt: Instant;
  readonly subject: string;
  readonly messages: readonly Message[];
};
type Comment = {
  readonly commentId: Uuid;
  readonly moduleId: string;
  readonly sectionId: string;
  readonly at: Instant;
  readonly text: string;
  readonly readAt?: Instant;
};
type Flag = {
  readonly flagId: Uuid;
  readonly severity: 'info' | 'action';
  readonly at: Instant;
  readonly text: string;
  readonly clearedAt?: Instant;
};

/** What the two sides wrote to and about each other. */
export type Dialogue = {
  readonly conversations: readonly Conversation[];
  readonly comments: readonly Comment[];
  readonly flags: readonly Flag[];
  readonly absences: readonly { readonly at: Instant; readonly from: Day; readonly to: Day; readonly text: string }[];
  readonly reminders: readonly { readonly at: Instant; readonly about: object }[];
};

const messagesOf = (events: readonly Opened[], conversationId: Uuid): readonly Message[] =>
  ofType(events, 'message-sent')
    .filter(({ data }) => data.conversationId === conversationId)
    .map(({ at, by, data: { messageId, from }, sealed }) => ({
      ...{ messageId, from, at },
      ...given('hsaId', by.hsaId),
      body: sealed.body ?? '',
    }));

const conversationsOf = (events: readonly Opened[]): readonly Conversation[] =>
  ofType(events, 'conversation-started').map(({ at, data: { conversationId }, sealed }) => ({
    conversationId,
    startedAt: at,
    subject: sealed.subject ?? '',
    messages: messagesOf(events, conversationId),
  }));

const commentsOf = (events: readonly Opened[]): readonly Comment[] =>
  ofType(events, 'comment-made').map(({ at, data, sealed }) => ({
    ...data,
    at,
    text: sealed.text ?? '',
    ...given('readAt', ofType(events, 'comment-read').find((read) => read.data.commentId === data.commentId)?.at),
  }));

const flagsOf = (events: readonly Opened[]): readonly Flag[] =>
  ofType(events, 'flag-raised').map(({ at, data, sealed }) => ({
    ...data,
    at,
    text: sealed.text ?? '',
    ...given('clearedAt', ofType(events, 'flag-cleared').find((one) => one.data.flagId === data.flagId)?.at),
  }));

/** What was written, from a program's whole history. */
export const dialogueOf = (events: readonly Opened[]): Dialogue => ({
  conversations: conversationsOf(events),
  comments: commentsOf(events),
  flags: flagsOf(events),
  absences: ofType(events, 'absence-announced').map(({ at, data, sealed }) => ({
    at,
    ...data,
    text: sealed.text ?? '',
  })),
  reminders: ofType(events, 'reminder-sent').map(({ at, data: { about } }) => ({ at, about })),
});
