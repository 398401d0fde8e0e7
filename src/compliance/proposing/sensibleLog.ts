import type { CommandType } from '../../commands/catalog.ts';
import { plusDays } from '../model/state.ts';
import { auditor, ownProvider } from '../world.ts';
import { type Proposer, pick } from './scene.ts';

type LogType = Extract<CommandType, `${string}-log-check` | `${string}-log-year`>;

/** The log of a run begins in this year: those before it have no entries. */
const firstYear = 2026;

const findings = ['nothing-unusual', 'to-be-investigated', 'unauthorized-access'] as const;

/** What is sensible to send about the log; now and then a check of days to come, or a year that is too young. */
export const sensibleLog: { readonly [Type in LogType]: Proposer<Type> } = {
  'record-log-check': ({ today, step: { a, b, c } }) => {
    const to = plusDays(today, c % 7 === 0 ? 1 : -(c % 7));
    const finding = pick(findings, b) ?? 'nothing-unusual';
    const data = { careProviderId: ownProvider, from: plusDays(to, -30), to, entries: a, finding };
    return { data, actor: auditor };
  },
  'dispose-log-year': ({ number, model, step: { a } }) => {
    const oldest = firstYear - model.setting.policy.auditYears - 7;
    const year = Math.max(1900, Math.min(firstYear - 1, oldest + (a % 8)));
    return { data: { year, disposalDecision: `RA-2026/${number}` }, actor: auditor };
  },
};
