import { z } from 'zod';
import type { EventOf } from '../decider.ts';
import { HsaId, publicText, Slug, Uuid } from '../identifiers.ts';

const handover = { handoverId: Uuid };

/** The stored events of a handover. They lie in the program's stream: shapes are only ever added to. */
export const handoverEvents = {
  'handover-initiated': {
    data: z.strictObject({
      ...handover,
      fromUnit: HsaId,
      toUnit: HsaId,
      residentInformed: z.boolean(),
      disclosureBasis: Slug.optional(),
    }),
  },
  'handover-approved': { data: z.strictObject({ ...handover, clinician: HsaId }) },
  'handed-over': {
    data: z.strictObject({
      ...handover,
      fromUnit: HsaId,
      toUnit: HsaId,
      careProviderId: HsaId,
      county: publicText(64),
      clinician: HsaId,
    }),
  },
  'handover-denied': { data: z.strictObject({ ...handover, reason: Slug.optional() }) },
  'handover-withdrawn': { data: z.strictObject(handover) },
};
export type HandoverEvent = EventOf<typeof handoverEvents>;
