import Table from 'cli-table3';
import { bites, type Fault, isSurvived, type Tally, type Try } from './fault.ts';

/** What a fault came to, with its control. */
export type Result = {
  readonly id: string;
  readonly name: string;
  readonly promises: readonly string[];
  readonly missing?: string;
  readonly tally?: Tally;
  readonly control?: Tally & { readonly without: string };
  readonly verdict: 'survived' | 'skipped' | 'failed';
};

type Given = { readonly seed: number; readonly times: number };
type Show = (what: string) => (done: number, total: number) => void;

const times = (tries: number, factor: number): number => Math.max(1, Math.round(tries * factor));

/** Tries a fault and its control, and says whether the one was survived and the other was not. */
export const resultOf = async (fault: Fault, { seed, times: factor }: Given, show: Show): Promise<Result> => {
  const { id, name, promises, control } = fault;
  const missing = fault.missing();
  if (missing !== undefined) return { id, name, promises, missing, verdict: 'skipped' };
  const tried = (run: Try, tries: number, what: string): Promise<Tally> =>
    run({ tries: times(tries, factor), seed, onProgress: show(what) });
  const tally = await tried(fault.run, fault.tries.full, id.padEnd(5));
  const without = await tried(control.run, control.tries.full, `${id} - `.padEnd(5));
  const verdict = isSurvived(tally) && bites(without) ? 'survived' : 'failed';
  return { id, name, promises, tally, control: { ...without, without: control.without }, verdict };
};

const cells = ({ id, name, promises, missing, tally, control, verdict }: Result): string[] => {
  const what = [id, name, promises.join(' ')];
  if (tally === undefined || control === undefined) return [...what, '', '', '', '', '', `skipped: needs ${missing}`];
  const { tried, happened, survived, lost, torn } = tally;
  const counts = [tried, happened, survived, lost, torn].map(String);
  const not = `${control.happened - control.survived} of ${control.happened} without ${control.without}`;
  return [...what, ...counts, verdict === 'survived' ? `fails ${not}` : `FAILED (control: fails ${not})`];
};

/** One table of all faults. */
export const tableOf = (results: readonly Result[]): string => {
  const table = new Table({
    head: ['', 'fault', 'promises', 'tried', 'happened', 'survived', 'lost', 'torn', 'control'],
    colWidths: [null, 46, 12, null, null, null, null, null, 46],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const result of results) table.push(cells(result));
  return table.toString();
};

/** What one fault came to, in a line. */
export const lineOf = ({ id, verdict, tally, missing }: Result): string => {
  if (tally === undefined) return `${id}: not tried, it needs ${missing}`;
  const { tried, happened, survived, lost, torn } = tally;
  return `${id}: ${verdict}, ${survived} of ${happened} survived (${tried} tried), ${lost} lost, ${torn} torn`;
};

const failuresOf = ({ id, tally }: Result): readonly string[] =>
  (tally?.failures ?? []).map((failure) => `${id}: ${failure}`);

/** What the table comes to, in a sentence or some. */
export const verdictOf = (results: readonly Result[]): string => {
  const count = (verdict: Result['verdict']): number => results.filter((one) => one.verdict === verdict).length;
  const sum = (of: (tally: Tally) => number): number =>
    results.reduce((total, { tally }) => total + (tally === undefined ? 0 : of(tally)), 0);
  return [
    ...results.flatMap(failuresOf),
    `${count('survived')} faults survived, ${count('failed')} not, ${count('skipped')} not tried on this machine.`,
    `${sum(({ happened }) => happened)} faults happened, ${sum(({ lost }) => lost)} acknowledged appends lost, ${sum(({ torn }) => torn)} torn.`,
  ].join('\n');
};
