import { z } from 'zod';
import type { EventOf } from '../decider.ts';
import { HsaId, PersonName, PlainText, publicText, Reference, Slug, Uuid } from '../identifiers.ts';
import { Day } from '../time.ts';

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

const module = { moduleId: Slug };
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
      notifyInbox: z.boolean().optional(),
    }),
    sealed: z.strictObject({ body: PlainText }),
  },
  'conversation-read': { data: z.strictObject({ conversationId: Uuid, side: Side }) },
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
  purged: { data: z.strictObject({ disposalDecision: Reference }) },
};
export type ProgramEvent = EventOf<typeof programEvents>;
