import { CommanderError } from 'commander';
import type { Problem } from '../access/problem.ts';
import { type ExitCode, exitCodes } from './terminal.ts';

/** Why a command came to nothing: one sentence for people, and the code for programs. */
export type Stopped = { readonly code: ExitCode; readonly sentence: string };

const stop = (code: ExitCode, sentence: string): Error => Object.assign(new Error(sentence), { stopped: code });

/** The error of a command that was not called as it is to be. */
export const usageError = (sentence: string): Error => stop(exitCodes.usage, sentence);

/** The error of a command whose files or keys are not as they are to be. */
export const unavailableError = (sentence: string): Error => stop(exitCodes.unavailable, sentence);

/** The error of a command whose reader has gone, as that of `folja audit | head`: there is nothing to say, and nobody to say it to. */
export const readerGone = (): Error => stop(exitCodes.problems, '');

const issuesIn = (issues: Extract<Problem, { kind: 'invalid' }>['issues']): string =>
  issues.map(({ path, code }) => `${path} (${code})`).join(', ');

/** A problem of the library as a sentence. Its codes are the ones that docs/refusals.md explains; it holds nothing personal. */
const stoppedBy = (problem: Problem): Stopped => {
  switch (problem.kind) {
    case 'invalid':
      return { code: exitCodes.usage, sentence: `The library cannot use ${issuesIn(problem.issues)}.` };
    case 'refused':
      return { code: exitCodes.problems, sentence: `Refused: ${problem.code} (see docs/refusals.md).` };
    case 'damaged':
      return { code: exitCodes.problems, sentence: `Stored bytes are damaged (${problem.what}): run folja verify.` };
    case 'conflict':
      return { code: exitCodes.unavailable, sentence: 'Others kept changing the same things: try again.' };
    case 'unknown':
      return {
        code: exitCodes.unavailable,
        sentence: 'The store failed, and it may or may not be done: look, then try again.',
      };
    case 'unavailable':
      return { code: exitCodes.unavailable, sentence: unavailable(problem) };
  }
};

const unavailable = ({ what, retry }: Extract<Problem, { kind: 'unavailable' }>): string =>
  `The ${what === 'keys' ? 'key file' : 'store'} cannot be used${retry ? ' now: try again' : ': look at its files, and at the master key'}.`;

type Known = {
  readonly stopped?: ExitCode;
  readonly problem?: Problem;
  readonly name: string;
  readonly message: string;
};

/** Whatever was thrown, as one sentence. The message of an unknown error may hold anything, so nothing of it is shown. */
export const stoppedOf = (error: unknown): Stopped => {
  // Commander has said by itself what is wrong.
  if (error instanceof CommanderError)
    return { code: error.exitCode === 0 ? exitCodes.done : exitCodes.usage, sentence: '' };
  if (!(error instanceof Error)) return { code: exitCodes.unavailable, sentence: ownMistake };
  const { stopped, problem, name, message }: Known = error;
  if (stopped !== undefined) return { code: stopped, sentence: message };
  if (problem !== undefined) return stoppedBy(problem);
  if (name === 'SetUpError') return { code: exitCodes.unavailable, sentence: message };
  return { code: exitCodes.unavailable, sentence: ownMistake };
};

const ownMistake = 'The command failed by a mistake of its own: please report what was asked for.';
