import * as E from 'fp-ts/lib/Either.js';
import type { Circumstances, Decision, RefusalCode } from '../decider.ts';
import { refused } from '../decider.ts';
import type { TemplateContent } from '../template/content.ts';
import { addDays, type Day, dayOf } from '../time.ts';
import type { ProgramCommand } from './commands.ts';
import type { ProgramEvent } from './events.ts';
import type { ProgramFacts } from './facts.ts';
import { followUpDay } from './forms.ts';
import { type Ended, formKey, isReadable, type Ongoing, type Program } from './state.ts';

type Decided = Decision<ProgramEvent>;
type Of<Type extends ProgramCommand['type']> = Extract<ProgramCommand, { type: Type }>;

const no = (code: RefusalCode): Decided => E.left(refused(code));

/** The last day of the maintenance that was asked for; undefined when none was (R233, D12). */
const lastDay = (
  maintenance: Of<'end-program'>['data']['maintenance'],
  today: Day,
  defaultDays: number,
): Day | undefined => (maintenance === undefined ? undefined : (maintenance.until ?? addDays(today, defaultDays)));

/** Whether a follow-up falls due after the end, and so becomes impossible (R224); one that is submitted already does not. */
const remaining = (program: Ongoing, template: TemplateContent, today: Day): boolean =>
  template.followUps.some((followUp) => {
    const state = program.forms.get(formKey(followUp.moduleId, followUp.formId));
    const isDone = state === 'unread' || state === 'opened';
    return !isDone && followUpDay(dayOf(program.startedAt), followUp) > today;
  });

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

/** Ends the program: with a reason of its template, and a notice unless it is turned off (R225–R230, R233). */
export const end = (
  { data }: Of<'end-program'>,
  program: Ongoing,
  template: TemplateContent,
  { at, policy }: Circumstances,
): Decided => {
  if (program.pendingHandover !== undefined) return no('handover-pending'); // R239, D3
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

/** Orders the erasure of the resident's data (gallra, R240–R246); again is nothing, for it is done. Duties that are open are warned of (R261). */
export const purge = (
  { data: { disposalDecision } }: Of<'purge-program'>,
  program: Exclude<Program, { status: 'absent' }>,
  { at }: Circumstances,
  { openDuties = 0 }: ProgramFacts,
): Decided => {
  if (program.status === 'purged') return E.right([]);
  if (program.status === 'ongoing') return no('program-not-ended');
  if (isReadable(program, dayOf(at))) return no('maintenance-running'); // D4
  const warned = openDuties > 0 ? { warnedOf: ['duties-open'] } : {};
  return E.right([{ type: 'purged', data: { disposalDecision, ...warned } }]);
};

/** That a duty is documented in the journal: attested by the clinician, never assumed (R252–R261). Again is nothing. */
export const recordDocumentation = (
  { data: { dutyId, code } }: Of<'record-documentation'>,
  program: Ongoing | Ended,
  { isDuty }: ProgramFacts,
): Decided => {
  if (program.documented.has(dutyId)) return E.right([]);
  if (isDuty !== true) return no('unknown-duty');
  return E.right([{ type: 'documentation-recorded', data: { dutyId, ...(code === undefined ? {} : { code }) } }]);
};

/** That the program was written out (R029, R244); the document itself is made for the answer and never stored. */
export const exportProgram = ({ data: { format } }: Of<'export-program'>): Decided =>
  E.right([{ type: 'exported', data: { format } }]);
