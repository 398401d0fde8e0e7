import {
  type CodeableConcept,
  type Common,
  concept,
  extensionUrl,
  type Period,
  type Reference,
} from '../../../projections/fhir/elements.ts';
import type { Absence, Comment, Conversation, RaisedFlag, Reminder } from '../dialogue.ts';
import type { ProgramDocument } from '../document.ts';
import { given } from '../recorded.ts';
import type { Naming } from './naming.ts';

type Payload = { readonly contentString: string };
type Communication = Common & {
  readonly resourceType: 'Communication';
  readonly basedOn: readonly Reference[];
  readonly partOf?: readonly Reference[];
  readonly inResponseTo?: readonly Reference[];
  readonly status: 'in-progress' | 'completed';
  readonly category: readonly CodeableConcept[];
  readonly subject: Reference;
  readonly topic?: CodeableConcept;
  readonly about?: readonly Reference[];
  readonly sent: string;
  readonly received?: string;
  readonly recipient?: readonly Reference[];
  readonly sender?: Reference;
  readonly payload?: readonly Payload[];
};
type CommunicationRequest = Common & {
  readonly resourceType: 'CommunicationRequest';
  readonly basedOn: readonly Reference[];
  readonly status: 'completed';
  readonly category: readonly CodeableConcept[];
  readonly subject: Reference;
  readonly about: readonly Reference[];
  readonly occurrenceDateTime?: string;
  readonly authoredOn: string;
  readonly requester?: Reference;
  readonly recipient: readonly Reference[];
};
type Flag = Common & {
  readonly resourceType: 'Flag';
  readonly status: 'active' | 'inactive';
  readonly category: readonly CodeableConcept[];
  readonly code: CodeableConcept;
  readonly subject: Reference;
  readonly period: Period;
  readonly author?: Reference;
};
export type DialogueResource = Communication | CommunicationRequest | Flag;

type About = { readonly document: ProgramDocument; readonly naming: Naming };

const communication = ({ naming }: About, kind: string) =>
  ({
    resourceType: 'Communication',
    basedOn: [naming.program],
    status: 'completed',
    category: [concept('communication', kind)],
    subject: naming.resident,
  }) as const;

const messagesOf = (about: About, { conversationId, messages }: Conversation): readonly Communication[] => {
  const { id, to, resident, staff } = about.naming;
  return messages.map(({ messageId, from, hsaId, addressee, at, readAt, body }, index) => {
    const before = messages[index - 1];
    const recipient = from === 'staff' ? resident : staff(addressee);
    return {
      ...communication(about, 'message'),
      id: id('message', messageId),
      partOf: [to('conversation', conversationId)],
      ...given('inResponseTo', before === undefined ? undefined : [to('message', before.messageId)]),
      sent: at,
      ...given('received', readAt),
      ...given('recipient', recipient === undefined ? undefined : [recipient]),
      ...given('sender', from === 'staff' ? staff(hsaId) : resident),
      payload: [{ contentString: body }],
    };
  });
};

/** A conversation is a communication with a topic and nothing to say; its messages are parts of it. */
const conversationOf = (about: About, conversation: Conversation): readonly Communication[] => [
  {
    ...communication(about, 'conversation'),
    id: about.naming.id('conversation', conversation.conversationId),
    status: about.document.program.ended === undefined ? 'in-progress' : 'completed',
    topic: { text: conversation.subject },
    sent: conversation.startedAt,
  },
  ...messagesOf(about, conversation),
];

/** The section that a comment stands beside, or its module where the section was never opened. */
const besideOf = ({ document, naming }: About, { moduleId, sectionId }: Comment): Reference => {
  const module = document.content.find((one) => one.moduleId === moduleId);
  const section = module?.sections.find((one) => one.sectionId === sectionId);
  if (section?.openedAt !== undefined || section?.completedAt !== undefined)
    return naming.to('section', moduleId, sectionId);
  return module === undefined ? naming.program : naming.to('module', moduleId);
};

const commentOf = (about: About, comment: Comment): Communication => ({
  ...communication(about, 'comment'),
  id: about.naming.id('comment', comment.commentId),
  topic: concept('section', comment.sectionId),
  about: [besideOf(about, comment)],
  sent: comment.at,
  ...given('received', comment.readAt),
  sender: about.naming.resident,
  payload: [{ contentString: comment.text }],
});

const absenceOf = (about: About, { at, hsaId, from, to, text }: Absence, index: number): Communication => ({
  ...communication(about, 'absence'),
  id: about.naming.id('absence', String(index)),
  extension: [{ url: extensionUrl('absence'), valuePeriod: { start: from, end: to } }],
  sent: at,
  recipient: [about.naming.resident],
  ...given('sender', about.naming.staff(hsaId)),
  payload: [{ contentString: text }],
});

const subjectOf = ({ document, naming }: About, { about }: Reminder): Reference => {
  if ('planId' in about && document.plans.some(({ planId }) => planId === about.planId))
    return naming.to('plan', about.planId);
  if ('moduleId' in about && document.content.some(({ moduleId }) => moduleId === about.moduleId))
    return naming.to('module', about.moduleId);
  return naming.program;
};

const kindOf = (about: Reminder['about']): CodeableConcept =>
  'followUpId' in about
    ? concept('reminder', 'follow-up', about.followUpId)
    : concept('reminder', 'moduleId' in about ? 'module' : 'plan');

const reminderOf = (about: About, reminder: Reminder, index: number): CommunicationRequest => ({
  resourceType: 'CommunicationRequest',
  id: about.naming.id('reminder', String(index)),
  basedOn: [about.naming.program],
  status: 'completed',
  category: [kindOf(reminder.about)],
  subject: about.naming.resident,
  about: [subjectOf(about, reminder)],
  ...given('occurrenceDateTime', reminder.due),
  authoredOn: reminder.at,
  ...given('requester', about.naming.staff(reminder.hsaId)),
  recipient: [about.naming.resident],
});

const flagOf = ({ document, naming }: About, { flagId, severity, hsaId, at, text, clearedAt }: RaisedFlag): Flag => {
  const end = clearedAt ?? document.program.ended?.at;
  return {
    resourceType: 'Flag',
    id: naming.id('flag', flagId),
    status: end === undefined ? 'active' : 'inactive',
    category: [concept('severity', severity)],
    code: { text },
    subject: naming.resident,
    period: { start: at, ...given('end', end) },
    ...given('author', naming.staff(hsaId)),
  };
};

/** What the two sides wrote: conversations, comments, notices of absence, reminders and flags raised by hand. */
export const dialogueResources = (document: ProgramDocument, naming: Naming): readonly DialogueResource[] => {
  const about = { document, naming };
  const { conversations, comments, absences, reminders, flags } = document.dialogue;
  return [
    ...conversations.flatMap((conversation) => conversationOf(about, conversation)),
    ...comments.map((comment) => commentOf(about, comment)),
    ...absences.map((absence, index) => absenceOf(about, absence, index)),
    ...reminders.map((reminder, index) => reminderOf(about, reminder, index)),
    ...flags.map((flag) => flagOf(about, flag)),
  ];
};
