import { z } from 'zod';
import type { CommandOf } from '../decider.ts';
import { HsaId, Slug, Uuid } from '../identifiers.ts';

const handover = { handoverId: Uuid, programId: Uuid.optional() };

/** The commands of a handover, as a host sends them. */
export const handoverCommands = {
  'initiate-handover': z.strictObject({
    handoverId: Uuid.optional(),
    programId: Uuid,
    toUnit: HsaId,
    residentInformed: z.boolean(),
    disclosureBasis: Slug.optional(),
  }),
  'approve-handover': z.strictObject({ ...handover, clinician: HsaId }),
  'deny-handover': z.strictObject({ ...handover, reason: Slug.optional() }),
  'withdraw-handover': z.strictObject(handover),
};
export type HandoverCommand = CommandOf<typeof handoverCommands>;
