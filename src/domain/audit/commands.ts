import { z } from 'zod';
import type { CommandOf } from '../decider.ts';
import { HsaId, Reference } from '../identifiers.ts';
import { Day } from '../time.ts';

/** What a spot check of the log came to. */
export const LogFinding = z.enum(['nothing-unusual', 'to-be-investigated', 'unauthorized-access']);

/** A calendar year of the log, by the Swedish calendar. */
export const LogYear = z.int().min(1900).max(9900);

/** The commands of the log auditor, as a host sends them. They are kept in the access log, for they are about no aggregate. */
export const auditCommands = {
  // HSLF-FS 2016:40 4 kap. 9 §: spot checks of the log are made systematically, and documented.
  'record-log-check': z
    .strictObject({
      careProviderId: HsaId,
      from: Day,
      to: Day,
      entries: z.int().nonnegative(),
      finding: LogFinding,
      reference: Reference.optional(),
    })
    .refine(({ from, to }) => from <= to, { message: 'ends-before-it-begins', path: ['to'] }),
  // The same section: the log is kept for five years at least; what goes then goes by a decision (arkivlagen 10 §).
  'dispose-log-year': z.strictObject({ year: LogYear, disposalDecision: Reference }),
};
export type AuditCommand = CommandOf<typeof auditCommands>;
