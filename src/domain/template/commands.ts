import { z } from 'zod';
import type { CommandOf } from '../decider.ts';
import { HsaId, Slug } from '../identifiers.ts';
import { Day } from '../time.ts';
import { TemplateContent } from './content.ts';

/** A version of a template as people write it: major and minor number, such as 2.1. */
export const Version = z.string().regex(/^[1-9]\d{0,5}\.(0|[1-9]\d{0,5})$/);

/** The commands of a template, as a host sends them. */
export const templateCommands = {
  'publish-template': z
    .strictObject({
      templateId: Slug,
      change: z.enum(['major', 'minor']),
      /** The older line that a minor version goes to; absent = the newest. */
      major: z.int().positive().optional(),
      content: TemplateContent,
      reviewedBy: HsaId.optional(),
    })
    .refine(({ change, major }) => change === 'minor' || major === undefined, {
      message: 'only-for-minor',
      path: ['major'],
    }),
  'review-template': z.strictObject({
    templateId: Slug,
    version: Version,
    outcome: z.enum(['approved', 'changes-needed']),
    nextReview: Day,
  }),
};
export type TemplateCommand = CommandOf<typeof templateCommands>;
