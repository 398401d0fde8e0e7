import { z } from 'zod';
import type { CommandOf } from '../decider.ts';
import { HsaId, PersonName, PlainText, Reference, Slug, Uuid, WrittenPersonalNumber } from '../identifiers.ts';
import { Day } from '../time.ts';
import { Attested, Channels } from './events.ts';

const program = { programId: Uuid };
const module = { ...program, moduleId: Slug };
const onlyProgram = z.strictObject(program);
const onlyModule = z.strictObject(module);
const section = z.strictObject({ ...module, sectionId: Slug });
const days = z.int().positive().max(3_650);

/** The commands of a program, as a host sends them. */
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
