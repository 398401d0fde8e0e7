import { z } from 'zod';
import { Authentication, Role } from './actors.ts';
import { AssignmentName, HsaId, publicText, RegistrationCode, Slug, WrittenPersonalNumber } from './identifiers.ts';

/** The events of a program that may be something to document: what staff and resident do with each other (R252–R261). */
export const dutyCauses = [
  'started',
  'welcome-text-changed',
  'module-activated',
  'module-made-current',
  'module-days-changed',
  'module-finished',
  'module-completed',
  'module-deactivated',
  'conversation-started',
  'message-sent',
  'form-submitted',
  'form-opened',
  'comment-made',
  'comment-read',
  'flag-raised',
  'activity-plan-created',
  'activity-plan-changed',
  'activity-plan-stopped',
  'activity-registered',
  'reminder-sent',
  'absence-announced',
  'clinician-changed',
  'handover-initiated',
  'handover-denied',
  'handover-withdrawn',
  'handed-over',
  'ended',
  'maintenance-closed',
] as const;
const isDutyCause = (event: string): boolean => (dutyCauses as readonly string[]).includes(event);

/** One documentation duty (R252–R261, D20): the event that raises it, and with which registration code by unit kind. */
const Duty = z.strictObject({
  /** One of `dutyCauses`. */
  event: Slug.refine(isDutyCause),
  unitKind: Slug.optional(),
  /** The code to register; without one, the template's for the unit's kind. */
  code: RegistrationCode.optional(),
  attribute: publicText(64).optional(),
  /** False where the event is to be documented but no code registered (D20: the end). */
  registers: z.boolean().optional(),
});
export type Duty = z.infer<typeof Duty>;

/** What the system is called in the national log: without it, no entries can be made for that. */
const LoggingSystem = z.strictObject({
  id: HsaId,
  name: publicText(200),
  /** What sort of information its programs are, of the national list (KV Informationstyp). */
  informationType: publicText(64).optional(),
});

const days = z.int().positive().max(36_500);

/**
 * The region's choices where the manuals are silent or disagree (docs/decisions, D1–D28). Every event names the policy under which it
 * was decided, so a change of values needs a new `id`.
 */
export const Policy = z.strictObject({
  id: Slug,
  /** Takes HSA-ids that do not have the national form: for test environments only. */
  testIdentifiers: z.boolean(),
  /** The only residents that a training unit may hold (D26). */
  testResidents: z.array(WrittenPersonalNumber).max(10_000),
  /** The employment assignment (medarbetaruppdrag) without which nobody holds a role (R052). */
  requiredAssignment: AssignmentName,
  /** Professions that may hold a role (R032); a role without an entry is open to any. */
  professionsByRole: z.partialRecord(Role, z.array(Slug).max(100)),
  /** How staff may have been authenticated (R061). */
  staffMethods: z.array(Authentication.shape.method).min(1),
  minimumAssurance: Authentication.shape.assurance,
  handover: z.strictObject({ initiator: z.enum(['resident-administrator', 'clinician-or-resident-administrator']) }), // D1
  starting: z.strictObject({ byResidentAdministrator: z.boolean() }), // D9
  ending: z.strictObject({ byResidentAdministrator: z.boolean() }), // D8
  maintenance: z
    .strictObject({ defaultDays: days, maxDays: days })
    .refine(({ defaultDays, maxDays }) => defaultDays <= maxDays), // D12
  answerWithinDays: days, // R100
  twoYears: z.strictObject({ days, warnDays: days }), // D11
  severities: z.record(Slug, z.enum(['info', 'action'])), // D21
  auditYears: z.int().min(5), // HSLF-FS 2016:40 4 kap. 9 §: at least five
  reviewBeforeMajor: z.boolean(), // R266
  statistics: z.strictObject({ smallestCount: z.int().nonnegative() }),
  duties: z.array(Duty).max(100),
  system: LoggingSystem.optional(),
});
export type Policy = z.infer<typeof Policy>;

/** The policy of a host that says nothing: the column "Decision" of D1–D28. */
export const defaultPolicy: Policy = {
  id: 'standard-1',
  testIdentifiers: false,
  testResidents: [],
  requiredAssignment: 'VoB SJF',
  professionsByRole: {},
  staffMethods: ['siths'],
  minimumAssurance: 3,
  handover: { initiator: 'resident-administrator' },
  starting: { byResidentAdministrator: false },
  ending: { byResidentAdministrator: false },
  maintenance: { defaultDays: 90, maxDays: 365 },
  answerWithinDays: 7,
  twoYears: { days: 730, warnDays: 60 },
  severities: {
    message: 'action',
    comment: 'action',
    form: 'action',
    'activity-missed': 'action',
    'time-expired': 'info',
    handover: 'info',
  },
  auditYears: 5,
  reviewBeforeMajor: false,
  statistics: { smallestCount: 0 },
  duties: [
    { event: 'started' },
    { event: 'message-sent' },
    { event: 'form-opened' },
    { event: 'reminder-sent' },
    { event: 'ended', registers: false },
  ],
};
