import type { Command } from '../../../src/commands/catalog.ts';
import { changed, invalid, isOffice, type Model, type Moment, no, nothing, type Verdict } from './state.ts';

type Of<Type extends Command['type']> = Extract<Command, { type: Type }>;
type Judge<Type extends Command['type']> = (model: Model, command: Of<Type>, moment: Moment) => Verdict;

const yearOf = (day: string): number => Number(day.slice(0, 4));

/** A check is recorded of days that have come. */
export const recordLogCheck: Judge<'record-log-check'> = (_, { data }, moment) =>
  isOffice(moment, 'log-auditor') ? (data.to <= moment.today ? changed(() => undefined) : invalid) : no;

/** A year goes when it is five years old; no run lasts so long that it would be one of its own, so it lies before the log. */
export const disposeLogYear: Judge<'dispose-log-year'> = ({ disposed }, { data: { year } }, moment) => {
  if (!isOffice(moment, 'log-auditor')) return no;
  if (disposed.has(year)) return nothing;
  return yearOf(moment.today) - year > 5 ? changed(() => disposed.add(year)) : no;
};
