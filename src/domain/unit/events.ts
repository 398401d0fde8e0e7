import { z } from 'zod';
import { Role } from '../actors.ts';
import type { EventOf } from '../decider.ts';
import { AssignmentName, HsaId, PersonName, publicText, Reference, Slug } from '../identifiers.ts';
import { Day } from '../time.ts';

/** What the directory says of a staff member on a unit, but the name (R043, R053–R055). */
export const directoryFacts = {
  hsaId: HsaId,
  profession: Slug,
  employment: Slug,
  assignments: z.array(AssignmentName).max(50),
  trainings: z.array(Slug).max(100),
};

/** Identifies the key under which the names of a unit's staff are sealed. */
const keyId = z.string().regex(/^[0-9a-f]{32}$/);

const flagType = Slug;
const staffMember = { data: z.strictObject(directoryFacts), sealed: z.strictObject({ name: PersonName }) };
const onlyStaff = { data: z.strictObject({ hsaId: HsaId }) };
const onlyTemplate = { data: z.strictObject({ templateId: Slug }) };

/** The stored events of a care unit. Keys are the names on disk: shapes are only ever added to. */
export const unitEvents = {
  'unit-activated': {
    data: z.strictObject({
      name: publicText(200),
      kind: Slug,
      careProviderId: HsaId,
      county: publicText(64),
      operator: z.enum(['public', 'private']),
      environment: z.enum(['production', 'training']),
      validTo: Day.optional(),
      order: Reference.optional(),
      keyId,
    }),
  },
  'unit-changed': {
    data: z.strictObject({
      name: publicText(200).optional(),
      kind: Slug.optional(),
      validTo: Day.nullable().optional(),
      answerWithinDays: z.int().positive().optional(),
      welcomeText: z.strictObject({ templateId: Slug, text: publicText(10_000) }).optional(),
    }),
  },
  'unit-deactivated': { data: z.strictObject({ warnedOf: z.array(Slug).optional() }) },
  'template-enabled': onlyTemplate,
  'template-disabled': onlyTemplate,
  'staff-registered': staffMember,
  'staff-changed': staffMember,
  'role-granted': {
    data: z.strictObject({
      hsaId: HsaId,
      role: Role,
      templateIds: z.array(Slug).max(100).optional(),
      decidedBy: HsaId.optional(),
    }),
  },
  'role-revoked': { data: z.strictObject({ hsaId: HsaId, role: Role }) },
  'staff-deactivated': onlyStaff,
  'staff-reactivated': onlyStaff,
  'notifications-set': {
    data: z.strictObject({
      hsaId: HsaId,
      receive: z.boolean(),
      channels: z.array(z.enum(['email', 'sms'])).max(2),
      flagTypes: z.array(flagType).max(50),
    }),
  },
};
export type UnitEvent = EventOf<typeof unitEvents>;
