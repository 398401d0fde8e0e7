import type { CommandType } from '../../src/commands/catalog.ts';
import { plusDays } from './model/state.ts';
import { type Proposer, pick } from './scene.ts';
import { auditor, ownProvider } from './world.ts';

type LogType = Extract<CommandType, `${string}-log-check` | `${string}-log-year`>;

const findings = ['nothing-unusual', 'to-be-investigated', 'unauthorized-access'] as const;

/** What is sensible to send about the log; now and then a check of days to come, or a year that is too young. */
export const sensibleLog: { readonly [Type in LogType]: Proposer<Type> } = {
  'record-log-check': ({ today, step: { a, b, c } }) => {
    const to = plusDays(today, c % 7 === 0 ? 1 : -(c % 7));
    const finding = pick(findings, b) ?? 'nothing-unusual';
    const data = { careProviderId: ownProvider, from: plusDays(to, -30), to, entries: a, finding };
    return { data, actor: auditor };
  },
  'dispose-log-year': ({ number, step: { a } }) => ({
    data: { year: 2014 + (a % 8), disposalDecision: `RA-2026/${number}` },
    actor: auditor,
  }),
};
