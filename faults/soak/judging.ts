import type { Problem } from '../../src/index.ts';

/** What an answer is counted as, and whether nobody should be answered that. */
export type Judged = { readonly outcome: string; readonly isUnclean: boolean };

/** A random id looks like a personal number by chance now and then. */
const isIdRefused = (problem: Problem): boolean =>
  problem.kind === 'invalid' && problem.issues.every(({ path }) => path === 'command.id');

/** Days that were to come when the caller took them from the clock are past where the clock has jumped before they were read. */
const overtaken = 'overtaken by the clock';

/** Judges a problem that a caller was answered: `hasJumped` where the clock jumped between the first thing that the caller did and this answer. */
export const judged = (problem: Problem, hasJumped: boolean): Judged => {
  const clean = (outcome: string): Judged => ({ outcome, isUnclean: false });
  if (problem.kind === 'refused' || problem.kind === 'conflict' || isIdRefused(problem)) return clean(problem.kind);
  if (problem.kind === 'unavailable' && problem.retry) return clean(problem.kind);
  if (problem.kind === 'invalid' && hasJumped) return clean(overtaken);
  return { outcome: problem.kind, isUnclean: true };
};
