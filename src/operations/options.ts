import * as E from 'fp-ts/lib/Either.js';
import { problemError } from './operating.ts';

/** Called as work goes on: how much is done, of how much. What it throws is its own: the work goes on, and it is not called again. */
export type Progress = (done: number, total: number) => void;

const isFunction = (given: unknown): given is (...given: readonly number[]) => unknown => typeof given === 'function';

/** The host's listener, whose own failures are nobody's problem. */
export const listening = (listener: (...given: readonly number[]) => unknown = () => undefined): Progress => {
  let hasFailed = false;
  return (done, total) => {
    if (hasFailed) return;
    try {
      listener(done, total);
    } catch {
      hasFailed = true;
    }
  };
};

/** The fields of a call's options, read once; none where they are no object, or one that fails when it is read. */
export const fieldsOf = (given: unknown): Readonly<Record<string, unknown>> =>
  E.getOrElse(() => ({}))(
    E.tryCatch(
      (): Record<string, unknown> => ({ ...(typeof given === 'object' ? given : {}) }),
      () => undefined,
    ),
  );

/** Whom a call is to tell how far it has come: nobody unless its options say so. Throws, as an invalid problem, for what nobody can call. */
export const progressIn = (doing: string, given: unknown): Progress => {
  const { onProgress } = fieldsOf(given);
  const isWrong = given !== undefined && (typeof given !== 'object' || given === null);
  if (!isWrong && (onProgress === undefined || isFunction(onProgress))) return listening(onProgress);
  throw problemError(doing, { kind: 'invalid', issues: [{ path: 'options', code: 'invalid-type' }] });
};
