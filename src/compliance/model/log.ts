import type { Judge } from './state.ts';
import { changed, invalid, isOffice, no, nothing } from './state.ts';

const yearOf = (day: string): number => Number(day.slice(0, 4));

/** A check is recorded of days that have come. */
export const recordLogCheck: Judge<'record-log-check'> = (model, { data }, moment) =>
  isOffice(model, moment, 'log-auditor') ? (data.to <= moment.today ? changed(() => undefined) : invalid) : no;

/** A year goes when it is as old as the region keeps the log; no run lasts so long that it would be one of its own, so it lies before the log. */
export const disposeLogYear: Judge<'dispose-log-year'> = (model, { data: { year } }, moment) => {
  const { disposed, setting } = model;
  if (!isOffice(model, moment, 'log-auditor')) return no;
  if (disposed.has(year)) return nothing;
  return yearOf(moment.today) - year > setting.policy.auditYears ? changed(() => disposed.add(year)) : no;
};
