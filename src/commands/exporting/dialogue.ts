import type { HsaId, Uuid } from '../../domain/identifiers.ts';
import type { Severity, Subject } from '../../domain/program/events.ts';
import type { Day, Instant } from '../../domain/time.ts';
import { given, type Opened, ofType } from './recorded.ts';

/** A message. `hsaId` is the staff member who wrote it, `addressee` the one it was for, `readAt` when the other side first saw it. */
type Message = {
  readonly messageId: Uuid;
  readonly from: 'resident' | 'staff';
  readonly hsaId?: HsaId;
  readonly addressee?: HsaId;
  readonly at: Instant;
  readonly readAt?: Instant;
  readonly body: string;
};
/** A conversation with its messages in order. */
export type Conversation = {
  readonly conversationId: Uuid;
  readonly startedAt: Instant;
  readonly subject: string;
  readonly messages: readonly Message[];
};
/** What the resident wrote beside a section. */
export type Comment = {
  readonly commentId: Uuid;
  readonly moduleId: string;
  readonly sectionId: string;
  readonly at: Instant;
  readonly text: string;
  readonly readAt?: Instant;
};
/** A flag that was raised by hand; it is cleared by hand, or by the end of the program. */
export type RaisedFlag = {
  readonly flagId: Uuid;
  readonly severity: Severity;
  readonly hsaId?: HsaId;
  readonly at: Instant;
  readonly text: string;
  readonly clearedAt?: Instant;
};

/** A notice of absence. */
export type Absence = {
  readonly at: Instant;
  readonly hsaId?: HsaId;
  readonly from: Day;
  readonly to: Day;
  readonly text: string;
};
/** A reminder. The clock's has no `hsaId`, and says what was `due`. */
export type Reminder = {
  readonly at: Instant;
  readonly hsaId?: HsaId;
  readonly about: Subject;
  readonly due?: Instant;
};

/** What the two sides wrote to and about each other. */
export type Dialogue = {
  readonly conversations: readonly Conversation[];
  readonly comments: readonly Comment[];
  readonly flags: readonly RaisedFlag[];
  readonly absences: readonly Absence[];
  readonly reminders: readonly Reminder[];
};

type Sent = Opened<'message-sent'>;

const readAt = (events: readonly Opened[], { revision, data: { conversationId, from } }: Sent): Instant | undefined =>
  ofType(events, 'conversation-read').find(
    (read) => read.revision > revision && read.data.conversationId === conversationId && read.data.side !== from,
  )?.at;

const messagesOf = (events: readonly Opened[], conversationId: Uuid): readonly Message[] =>
  ofType(events, 'message-sent')
    .filter(({ data }) => data.conversationId === conversationId)
    .map((event) => {
      const { messageId, from, addressee } = event.data;
      return {
        ...{ messageId, from, at: event.at },
        ...given('hsaId', event.by.hsaId),
        ...given('addressee', addressee),
        ...given('readAt', readAt(events, event)),
        body: event.sealed.body ?? '',
      };
    });

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

const flagsOf = (events: readonly Opened[]): readonly RaisedFlag[] =>
  ofType(events, 'flag-raised').map(({ at, by, data, sealed }) => ({
    ...data,
    ...given('hsaId', by.hsaId),
    at,
    text: sealed.text ?? '',
    ...given('clearedAt', ofType(events, 'flag-cleared').find((one) => one.data.flagId === data.flagId)?.at),
  }));

/** What was written, from a program's whole history. */
export const dialogueOf = (events: readonly Opened[]): Dialogue => ({
  conversations: conversationsOf(events),
  comments: commentsOf(events),
  flags: flagsOf(events),
  absences: ofType(events, 'absence-announced').map(({ at, by, data, sealed }) => ({
    at,
    ...given('hsaId', by.hsaId),
    ...data,
    text: sealed.text ?? '',
  })),
  reminders: ofType(events, 'reminder-sent').map(({ at, by, data: { about, due } }) => ({
    at,
    ...given('hsaId', by.hsaId),
    about,
    ...given('due', due),
  })),
});
