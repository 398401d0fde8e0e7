import { z } from 'zod';
import type { EventOf } from '../decider.ts';
import { HsaId } from '../identifiers.ts';
import { Day } from '../time.ts';
import { TemplateContent } from './content.ts';

const version = { major: z.int().positive(), minor: z.int().nonnegative() };

/** The stored events of a template. Keys are the names on disk: shapes are only ever added to. */
export const templateEvents = {
  'template-published': {
    data: z.strictObject({ ...version, content: TemplateContent, reviewedBy: HsaId.optional() }),
  },
  'template-reviewed': {
    data: z.strictObject({ ...version, outcome: z.enum(['approved', 'changes-needed']), nextReview: Day }),
  },
};
export type TemplateEvent = EventOf<typeof templateEvents>;
