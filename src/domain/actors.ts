import { z } from 'zod';
import { HsaId } from './identifiers.ts';

/** The four roles of staff on a unit (R010): BA, B, IA and DA in the manuals. */
export const Role = z.enum([
  'authorization-administrator',
  'clinician',
  'resident-administrator',
  'data-administrator',
]);
export type Role = z.infer<typeof Role>;

/** How somebody was authenticated, attested by the host (R061); the level is the Swedish assurance level (tillitsnivå). */
export const Authentication = z.strictObject({
  method: z.enum(['siths', 'bankid', 'freja', 'other']),
  assurance: z.literal([2, 3, 4]),
});
export type Authentication = z.infer<typeof Authentication>;

/** Why somebody acts: the closed list of the national log contract (PDL 2:4). */
export const Purpose = z.enum([
  'care',
  'quality',
  'other-documentation',
  'statistics',
  'administration',
  'quality-register',
]);
export type Purpose = z.infer<typeof Purpose>;

/**
 * Who did it, as an event keeps it. A resident's number is never here: `person` is a keyed reference that dies with its year,
 * used only where no program names the resident.
 */
export const By = z.strictObject({
  kind: z.enum(['staff', 'resident', 'platform', 'system', 'unknown']),
  hsaId: HsaId.optional(),
  role: Role.optional(),
  unitId: HsaId.optional(),
  unitRevision: z.int().nonnegative().optional(),
  careProviderId: HsaId.optional(),
  office: z.enum(['regional-team', 'production-office', 'expert', 'log-auditor']).optional(),
  /** `operations` is the library's own work, on whose behalf no host acts. */
  process: z.enum(['clock', 'directory', 'delivery', 'operations']).optional(),
  authentication: Authentication.optional(),
  purpose: Purpose.optional(),
  person: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
});
export type By = z.infer<typeof By>;

/** How logs and lists name who did it: an HSA-id, `resident`, or a process; a resident's number is never here. */
export const actorName = ({ kind, hsaId, process }: By): string =>
  kind === 'resident' || kind === 'unknown' ? kind : (hsaId ?? process ?? kind);
