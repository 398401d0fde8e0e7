import { z } from 'zod';
import type { CommandOf } from '../decider.ts';
import {
  AnswerText,
  HsaId,
  PersonName,
  PlainText,
  Reference,
  RegistrationCode,
  Slug,
  Uuid,
  WrittenPersonalNumber,
} from '../identifiers.ts';
import { Day, Instant } from '../time.ts';
import { Answers, Attested, Channels, ElementKind, Severity, Subject } from './events.ts';
import { Schedule } from './schedule.ts';

const program = { programId: Uuid };
const module = { ...program, moduleId: Slug };
const onlyProgram = z.strictObject(program);
const onlyModule = z.strictObject(module);
const section = z.strictObject({ ...module, sectionId: Slug });
const form = { ...module, formId: Slug };
const plan = { ...program, planId: Uuid };
const graceDays = z.int().nonnegative().max(365);
const days = z.int().positive().max(3_650);

/** The commands of a program, as a host sends them: the functions that the platform has for a moment, and more (R041). */
export const programCommands = {
  'start-program': z.strictObject({
    programId: Uuid.optional(),
    templateId: Slug,
    resident: z.strictObject({ personalNumber: WrittenPersonalNumber, name: PersonName }),
    attested: Attested,
    clinician: HsaId.optional(),
    notifications: Channels.optional(),
  }),
  'change-welcome-text': z.strictObject({ ...program, text: PlainText }),
  'activate-module': z.strictObject({ ...module, days: days.optional(), makeCurrent: z.boolean().optional() }),
  'set-current-module': onlyModule,
  'complete-module': onlyModule,
  'change-module-days': z.strictObject({ ...module, days }),
  'deactivate-module': onlyModule,
  'open-program': onlyProgram,
  'open-section': section,
  'complete-section': section,
  'finish-module': onlyModule,
  'start-conversation': z.strictObject({
    ...program,
    conversationId: Uuid.optional(),
    subject: PlainText,
    body: PlainText,
    notifyInbox: z.boolean().optional(),
  }),
  reply: z.strictObject({
    ...program,
    conversationId: Uuid,
    body: PlainText,
    notifyInbox: z.boolean().optional(),
  }),
  'read-conversation': z.strictObject({ ...program, conversationId: Uuid }),
  'set-resident-notifications': z.strictObject({ ...program, ...Channels.shape }),
  'save-form': z.strictObject({ ...form, answers: Answers }),
  'submit-form': z.strictObject({ ...form, answers: Answers }),
  'open-form': z.strictObject(form),
  comment: z.strictObject({ ...module, sectionId: Slug, text: PlainText }),
  'read-comment': z.strictObject({ ...program, commentId: Uuid }),
  'raise-flag': z.strictObject({ ...program, severity: Severity, text: PlainText }),
  'clear-flag': z.strictObject({ ...program, flagId: Uuid }),
  'create-activity-plan': z.strictObject({
    ...program,
    planId: Uuid.optional(),
    elements: z
      .array(z.strictObject({ title: PlainText, kind: ElementKind }))
      .min(1)
      .max(50),
    schedule: Schedule,
    graceDays,
    remind: z.boolean(),
  }),
  'change-activity-plan': z.strictObject({ ...plan, schedule: Schedule.optional(), graceDays: graceDays.optional() }),
  'stop-activity-plan': z.strictObject(plan),
  'register-activity': z.strictObject({ ...plan, occasion: Instant, answers: z.array(AnswerText).max(50) }),
  /** `due` is the clock's: see `reminder-sent`. */
  'send-reminder': z.strictObject({ ...program, about: Subject, due: Instant.optional() }),
  'announce-absence': z
    .strictObject({ ...program, from: Day, to: Day, text: PlainText })
    .refine(({ from, to }) => from <= to, { message: 'ends-before-it-begins', path: ['to'] }),
  'record-documentation': z.strictObject({ ...program, dutyId: Uuid, code: RegistrationCode.optional() }),
  'export-program': z.strictObject({ ...program, format: z.enum(['json', 'fhir']) }),
  'change-clinician': z.strictObject({ ...program, clinician: HsaId, reason: Slug }),
  'end-program': z.strictObject({
    ...program,
    reason: Slug,
    residentAware: z.boolean(),
    notifyResident: z.boolean().optional(),
    maintenance: z.strictObject({ until: Day.optional() }).optional(),
  }),
  'close-maintenance': onlyProgram,
  'purge-program': z.strictObject({ ...program, disposalDecision: Reference }),
};
export type ProgramCommand = CommandOf<typeof programCommands>;
