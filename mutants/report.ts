import Table from 'cli-table3';
import type { Caught } from './hunting.ts';

/** Whether a rule or a test found a mutant. */
export const isCaught = ({ by }: Caught): boolean => by.length > 0;

const outcomeOf = ({ by, broke }: Caught): string => {
  if (by.length > 0) return by.join(' ');
  return broke ? 'SURVIVED: the library could not be run' : 'SURVIVED';
};

/** Which rule caught each mutant, and in which run, or which test. */
export const tableOf = (caught: readonly Caught[]): string => {
  const table = new Table({
    head: ['mutant', 'what is wrong then', 'run', 'caught by'],
    colWidths: [28, 60, null, 40],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const one of caught)
    table.push([one.mutant.id, one.mutant.what, one.lived > 0 ? String(one.lived) : '', outcomeOf(one)]);
  return table.toString();
};

type Control = Omit<Caught, 'mutant'>;

/** Whether nothing fails on the library as it is. */
export const isQuiet = ({ by, broke }: Control): boolean => by.length === 0 && !broke;

const failingOf = ({ by }: Control): string => `The library as it is FAILS: ${by.join(' ') || 'it could not be run'}.`;

const distinctOf = (caught: readonly Caught[]): number => new Set(caught.flatMap(({ by }) => by)).size;

/** What the table comes to. */
export const summaryOf = (caught: readonly Caught[], control: Control, ofTests?: Control): string => {
  const byRules = caught.filter(({ mutant }) => mutant.tests === undefined);
  const byTests = caught.filter(({ mutant }) => mutant.tests !== undefined);
  return [
    `${caught.filter(isCaught).length} of ${caught.length} mutants caught, by ${distinctOf(byRules)} rules and ${distinctOf(byTests)} tests.`,
    isQuiet(control) ? `The library as it is: no rule fails in ${control.lived} runs.` : failingOf(control),
    ...(ofTests === undefined
      ? []
      : [isQuiet(ofTests) ? 'None of those tests fails without a mutant.' : failingOf(ofTests)]),
  ].join('\n');
};
