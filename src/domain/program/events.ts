import { z } from 'zod';
import type { EventOf } from '../decider.ts';
import {
  AnswerText,
  HsaId,
  PersonName,
  PlainText,
  publicText,
  Reference,
  RegistrationCode,
  Slug,
  Uuid,
} from '../identifiers.ts';
import { Day, Instant } from '../time.ts';
import { Schedule } from './schedule.ts';

/** What staff attested before the start (R067–R072); an event only ever holds them all true. */
export const Attested = z.strictObject({
  informed: z.boolean(),
  accepted: z.boolean(),
  speaksSwedish: z.boolean(),
  hasDevice: z.boolean(),
  hasElectronicId: z.boolean(),
});

/** Channels that the resident has turned on in 1177 (R078, R168); absent at the start means all off. */
export const Channels = z.strictObject({ inbox: z.boolean(), sms: z.boolean(), email: z.boolean() });

/** What a reminder is about (R170, R221): a module to go on with, a follow-up that is due, an occasion of an activity plan. */
export const Subject = z.union([
  z.strictObject({ moduleId: Slug }),
  z.strictObject({ followUpId: Slug }),
  z.strictObject({ planId: Uuid }),
]);
export type Subject = z.infer<typeof Subject>;

export const Severity = z.enum(['info', 'action']);
export type Severity = z.infer<typeof Severity>;

/** How the resident fills in an element of an activity plan: free text, a figure on a scale, or a tick. */
export const ElementKind = z.enum(['text', 'scale', 'done']);

/** Answers by question. An unanswered question is left out, or empty (R140). */
export const Answers = z
  .record(Slug, AnswerText)
  .refine((answers) => Object.keys(answers).length <= 200, { message: 'too-big' });
const answered = { sealed: z.strictObject({ answers: Answers }) };

const module = { moduleId: Slug };
const form = z.strictObject({ ...module, formId: Slug });
const onlyModule = { data: z.strictObject(module) };
const section = { data: z.strictObject({ ...module, sectionId: Slug }) };
const nothing = z.strictObject({});
const Side = z.enum(['resident', 'staff']);

/** The stored events of a program. Keys are the names on disk: shapes are only ever added to. */
export const programEvents = {
  started: {
    data: z.strictObject({
      templateId: Slug,
      major: z.int().positive(),
      minor: z.int().nonnegative(),
      unitId: HsaId,
      careProviderId: HsaId,
      county: publicText(64),
      environment: z.enum(['production', 'training']),
      clinician: HsaId,
      attested: Attested,
      notifications: Channels,
      keyId: z.string().regex(/^[0-9a-f]{32}$/),
    }),
    sealed: z.strictObject({ personalNumber: z.string().regex(/^\d{12}$/), name: PersonName }),
  },
  'welcome-text-changed': { data: nothing, sealed: z.strictObject({ text: PlainText }) },
  'module-activated': { data: z.strictObject({ ...module, days: z.int().positive().optional() }) },
  'module-made-current': onlyModule,
  'module-completed': { data: z.strictObject({ ...module, finishedByResident: z.boolean() }) },
  'module-days-changed': { data: z.strictObject({ ...module, days: z.int().positive() }) },
  'module-deactivated': onlyModule,
  'program-opened': { data: nothing },
  'section-opened': section,
  'section-completed': section,
  'module-finished': onlyModule,
  'conversation-started': {
    data: z.strictObject({ conversationId: Uuid, from: Side }),
    sealed: z.strictObject({ subject: PlainText }),
  },
  'message-sent': {
    data: z.strictObject({
      conversationId: Uuid,
      messageId: Uuid,
      from: Side,
      addressee: HsaId.optional(),
      /** Whether the resident is told of it outside the program (D7); version 1 left it out of the resident's own. */
      notifyInbox: z.boolean(),
    }),
    sealed: z.strictObject({ body: PlainText }),
  },
  'conversation-read': { data: z.strictObject({ conversationId: Uuid, side: Side }) },
  'resident-notifications-set': { data: Channels },
  'form-saved': { data: form, ...answered },
  'form-submitted': { data: form, ...answered },
  'form-opened': { data: form },
  'comment-made': {
    data: z.strictObject({ ...module, commentId: Uuid, sectionId: Slug }),
    sealed: z.strictObject({ text: PlainText }),
  },
  'comment-read': { data: z.strictObject({ commentId: Uuid }) },
  'flag-raised': {
    data: z.strictObject({ flagId: Uuid, severity: Severity }),
    sealed: z.strictObject({ text: PlainText }),
  },
  'flag-cleared': { data: z.strictObject({ flagId: Uuid }) },
  'activity-plan-created': {
    data: z.strictObject({
      planId: Uuid,
      elements: z.array(ElementKind).min(1).max(50),
      schedule: Schedule,
      graceDays: z.int().nonnegative(),
      remind: z.boolean(),
    }),
    sealed: z.strictObject({ titles: z.array(PlainText) }),
  },
  'activity-plan-changed': {
    data: z.strictObject({ planId: Uuid, schedule: Schedule, graceDays: z.int().nonnegative() }),
  },
  'activity-plan-stopped': { data: z.strictObject({ planId: Uuid }) },
  'activity-registered': {
    data: z.strictObject({ planId: Uuid, occasion: Instant }),
    sealed: z.strictObject({ answers: z.array(AnswerText) }),
  },
  /** `due` is what a reminder of the clock's is about: the occasion of a plan, or the day of a follow-up at its beginning. */
  'reminder-sent': { data: z.strictObject({ about: Subject, due: Instant.optional() }) },
  'absence-announced': {
    data: z.strictObject({ from: Day, to: Day }),
    sealed: z.strictObject({ text: PlainText }),
  },
  'documentation-recorded': { data: z.strictObject({ dutyId: Uuid, code: RegistrationCode.optional() }) },
  exported: { data: z.strictObject({ format: z.enum(['json', 'fhir']) }) },
  'clinician-changed': { data: z.strictObject({ from: HsaId, to: HsaId, reason: Slug }) },
  ended: {
    data: z.strictObject({
      reason: Slug,
      residentAware: z.boolean(),
      notifyResident: z.boolean(),
      readableUntil: Day.optional(),
      warnedOf: z.array(Slug).optional(),
    }),
  },
  'maintenance-closed': { data: nothing },
  purged: { data: z.strictObject({ disposalDecision: Reference, warnedOf: z.array(Slug).optional() }) },
};
export type ProgramEvent = EventOf<typeof programEvents>;
