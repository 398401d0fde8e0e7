import type { Rule } from './rules/rule.ts';
import { beginningOf, historyOf } from './telling/history.ts';
import { withoutPersonsOf } from './telling/persons.ts';
import type { Counterexample } from './trying.ts';

/** A rule that does not hold, as people read it: which rule, where it comes from, and the shortest history that breaks it. Nothing in it is personal. */
export type Failure = {
  readonly id: string;
  readonly en: string;
  readonly sv: string;
  readonly sources: readonly string[];
  readonly reason: string;
  /** What there is when the history begins: units, staff in their roles, templates. */
  readonly beginning: readonly string[];
  /** A line for each step. */
  readonly history: readonly string[];
  /** With these three the same is found again. */
  readonly seed: number;
  readonly path: string;
  readonly steps: number;
};

const messageOf = (reason: unknown): string => (reason instanceof Error ? reason.message : 'it does not hold');

/** What a counterexample says, without anybody in it. */
export const failureFrom = (
  { id, en, sv, sources }: Rule,
  found: Counterexample,
  { seed, steps }: Pick<Failure, 'seed' | 'steps'>,
): Failure => {
  const { trace, path } = found;
  const clean = withoutPersonsOf(trace);
  return {
    ...{ id, en, sv, sources: [...sources], seed, path, steps },
    reason: clean(messageOf(found.reason)),
    beginning: beginningOf(trace).map(clean),
    history: historyOf(trace).map(clean),
  };
};

/** How the run in which it was found is lived again. */
export const againOf = ({ seed, path, steps }: Pick<Failure, 'seed' | 'path' | 'steps'>): string =>
  `compliance({ open, seed: ${seed}, path: '${path}', steps: ${steps}, runs: 1 })`;

/** What a rule's failure found, from what there was to the last step: lines without a heading. */
export const linesOf = ({ reason, beginning, history }: Failure): readonly string[] => [
  `Found: ${reason}`,
  '',
  `The shortest history that was found, of ${history.length} ${history.length === 1 ? 'step' : 'steps'}:`,
  ...beginning.map((line) => `     ${line}`),
  ...history.map((line, index) => `${String(index + 1).padStart(3)}. ${line}`),
];

/** A failure as the text of an error. */
export const textOf = (failure: Failure): string => {
  const { id, en, sv, sources } = failure;
  return [
    `${id} does not hold: ${en}.`,
    `(${sv})`,
    `From: ${sources.join(', ')}`,
    ...linesOf(failure),
    '',
    `The same again: ${againOf(failure)}`,
  ].join('\n');
};
