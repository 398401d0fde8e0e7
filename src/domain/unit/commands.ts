import { z } from 'zod';
import { Role } from '../actors.ts';
import type { CommandOf } from '../decider.ts';
import { HsaId, PersonName, publicText, Reference, Slug } from '../identifiers.ts';
import { Day } from '../time.ts';
import { directoryFacts } from './events.ts';

/** What the directory says of a staff member on a unit; the name is flesh. */
export const StaffFacts = z.strictObject({ ...directoryFacts, name: PersonName });
export type StaffFacts = z.infer<typeof StaffFacts>;

const staffOnUnit = z.strictObject({ unitId: HsaId, hsaId: HsaId });
const templateOnUnit = z.strictObject({ unitId: HsaId, templateId: Slug });

/** The commands of a care unit, as a host sends them. */
export const unitCommands = {
  'activate-unit': z.strictObject({
    unitId: HsaId,
    name: publicText(200),
    kind: Slug,
    careProviderId: HsaId,
    county: publicText(64),
    operator: z.enum(['public', 'private']), // R056
    environment: z.enum(['production', 'training']), // R060, D26
    validTo: Day.optional(),
    administrator: StaffFacts,
    order: Reference.optional(), // R057: by which the head of unit ordered the first administrator
  }),
  'change-unit': z.strictObject({
    unitId: HsaId,
    name: publicText(200).optional(),
    kind: Slug.optional(),
    validTo: Day.nullable().optional(),
    answerWithinDays: z.int().positive().max(365).optional(), // R099, R100
    welcomeText: z.strictObject({ templateId: Slug, text: publicText(10_000) }).optional(),
  }),
  'deactivate-unit': z.strictObject({ unitId: HsaId }),
  'enable-template': templateOnUnit,
  'disable-template': templateOnUnit,
  'register-staff': z.strictObject({ unitId: HsaId, staff: StaffFacts }),
  'grant-role': z.strictObject({
    unitId: HsaId,
    hsaId: HsaId,
    role: Role,
    templateIds: z.array(Slug).max(100).optional(),
    decidedBy: HsaId.optional(), // R011: the head of unit, who appoints
  }),
  'revoke-role': z.strictObject({ unitId: HsaId, hsaId: HsaId, role: Role }),
  'deactivate-staff': staffOnUnit,
  'reactivate-staff': staffOnUnit,
  'sign-in': z.strictObject({ unitId: HsaId }),
  // Everybody's own choice, with nothing on before it: by e-mail and SMS, for the flag types that are named (R158, R161–R165).
  'set-notifications': z.strictObject({
    unitId: HsaId,
    receive: z.boolean(),
    channels: z.array(z.enum(['email', 'sms'])).max(2),
    flagTypes: z.array(Slug).max(50),
  }),
};

export type AnyUnitCommand = CommandOf<typeof unitCommands>;
/** What the unit's history decides; `sign-in` is only recorded, in the access log. */
export type UnitCommand = Exclude<AnyUnitCommand, { type: 'sign-in' }>;
