import * as E from 'fp-ts/lib/Either.js';
import type { Circumstances, Decision, RefusalCode } from '../decider.ts';
import { refused } from '../decider.ts';
import type { TemplateContent } from '../template/content.ts';
import { addDays, addMonths, type Day, dayOf } from '../time.ts';
import type { ProgramCommand } from './commands.ts';
import type { ProgramEvent } from './events.ts';
import { type Ended, isReadable, type Ongoing, type Program } from './state.ts';

type Decided = Decision<ProgramEvent>;
type Of<Type extends ProgramCommand['type']> = Extract<ProgramCommand, { type: Type }>;

const no = (code: RefusalCode): Decided => E.left(refused(code));

/** The last day of the maintenance that was asked for; undefined when none was (R233, D12). */
const lastDay = (
  maintenance: Of<'end-program'>['data']['maintenance'],
  today: Day,
  defaultDays: number,
): Day | undefined => (maintenance === undefined ? undefined : (maintenance.until ?? addDays(today, defaultDays)));

/** Follow-ups that fall due after the end and so become impossible (R224). */
const remaining = (program: Ongoing, template: TemplateContent, today: Day): boolean =>
  template.followUps.some(({ afterMonths }) => addMonths(dayOf(program.startedAt), afterMonths) > today);

/** What whoever ends the program is warned of; kept with the event, so that the same receipt can be given again. */
const warnings = (
  program: Ongoing,
  template: TemplateContent,
  data: Of<'end-program'>['data'],
  today: Day,
): string[] => [
  ...(remaining(program, template, today) ? ['follow-ups-remain'] : []),
  ...(data.residentAware ? [] : ['resident-not-aware']), // R081
];

/** Ends the program: with a reason of its template, and a notice unless it is turned off (R226–R235). */
export const end = (
  { data }: Of<'end-program'>,
  program: Ongoing,
  template: TemplateContent,
  { at, policy }: Circumstances,
): Decided => {
  if (program.pendingHandover !== undefined) return no('handover-pending'); // D3
  if (!template.endReasons.some(({ code }) => code === data.reason)) return no('unknown-end-reason');
  const today = dayOf(at);
  const readableUntil = lastDay(data.maintenance, today, policy.maintenance.defaultDays);
  if (readableUntil !== undefined && readableUntil < today) {
    return E.left({ kind: 'invalid', issues: [{ path: 'data.maintenance.until', code: 'in-the-past' }] });
  }
  if (readableUntil !== undefined && readableUntil > addDays(today, policy.maintenance.maxDays)) {
    return no('maintenance-too-long');
  }
  const { reason, residentAware, notifyResident = true } = data;
  const warnedOf = warnings(program, template, data, today);
  const until = readableUntil === undefined ? {} : { readableUntil };
  const warned = warnedOf.length === 0 ? {} : { warnedOf };
  return E.right([{ type: 'ended', data: { reason, residentAware, notifyResident, ...until, ...warned } }]);
};

/** Ends the maintenance before its last day (D4). */
export const closeMaintenance = (program: Ended, { at }: Circumstances): Decided =>
  isReadable(program, dayOf(at)) ? E.right([{ type: 'maintenance-closed', data: {} }]) : E.right([]);

/** Orders the erasure of the resident's data (gallra, R240–R246); again is nothing, for it is done. */
export const purge = (
  { data: { disposalDecision } }: Of<'purge-program'>,
  program: Exclude<Program, { status: 'absent' }>,
  { at }: Circumstances,
): Decided => {
  if (program.status === 'purged') return E.right([]);
  if (program.status === 'ongoing') return no('program-not-ended');
  return isReadable(program, dayOf(at))
    ? no('maintenance-running') // D4
    : E.right([{ type: 'purged', data: { disposalDecision } }]);
};
