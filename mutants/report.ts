import Table from 'cli-table3';
import type { Caught } from './hunting.ts';

/** Whether a rule found a mutant. */
export const isCaught = ({ by }: Caught): boolean => by.length > 0;

const outcomeOf = ({ by, broke }: Caught): string => {
  if (by.length > 0) return by.join(' ');
  return broke ? 'SURVIVED: the library could not be run' : 'SURVIVED';
};

/** Which rule caught each mutant, and in which run. */
export const tableOf = (caught: readonly Caught[]): string => {
  const table = new Table({
    head: ['mutant', 'what is wrong then', 'run', 'caught by'],
    colWidths: [28, 60, null, 40],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const one of caught) table.push([one.mutant.id, one.mutant.what, String(one.lived), outcomeOf(one)]);
  return table.toString();
};

/** What the table comes to. */
export const summaryOf = (caught: readonly Caught[], control: Omit<Caught, 'mutant'>): string => {
  const rules = new Set(caught.flatMap(({ by }) => by));
  const asItIs =
    control.by.length === 0 && !control.broke
      ? `The library as it is: no rule fails in ${control.lived} runs.`
      : `The library as it is FAILS: ${control.by.join(' ') || 'it could not be run'}.`;
  return [`${caught.filter(isCaught).length} of ${caught.length} mutants caught, by ${rules.size} rules.`, asItIs].join(
    '\n',
  );
};
