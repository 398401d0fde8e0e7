import * as E from 'fp-ts/lib/Either.js';

const known = new WeakSet<object>();

/** The error that a wrong set-up is thrown as: one sentence that says what to do. */
export const setUpError = (sentence: string): Error => {
  const error = Object.assign(new Error(sentence), { name: 'SetUpError' });
  known.add(error);
  return error;
};

/** True for an error that this library has made of a wrong set-up. */
export const isSetUpError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && known.has(error);

/** Reads what a host gave. Where reading fails, by a getter for one, the set-up is wrong too, and what was thrown is not repeated. */
export const readGiven = <A>(what: string, read: () => A): A => {
  try {
    return read();
  } catch (error) {
    if (isSetUpError(error)) throw error;
    throw setUpError(`${what} cannot be read: give plain data.`);
  }
};

const codeIn = (error: unknown): string => {
  const code = E.tryCatch(
    () => (error as { readonly code?: unknown } | null)?.code,
    () => undefined,
  );
  return E.isRight(code) && typeof code.right === 'string' && /^[A-Z][A-Z_]{1,40}$/.test(code.right)
    ? ` (${code.right})`
    : '';
};

/** Opens what a host gave. What fails without a sentence of its own, such as a disk, is told by its code: its message could hold anything. */
export const openGiven = async <A>(open: () => Promise<A>): Promise<A> => {
  try {
    return await open();
  } catch (error) {
    if (isSetUpError(error)) throw error;
    throw setUpError(
      `The store could not be opened${codeIn(error)}: give what sqliteStore gives, and look at its files.`,
    );
  }
};

/** A name that somebody may have mistyped; anything else could be anything, and is not repeated. */
const isName = (key: string): boolean => /^[A-Za-z]{1,24}$/.test(key);

/** Throws where options have a key that is none of theirs. */
export const requireKnown = (whose: string, options: object, names: readonly string[]): void => {
  const unknown = Object.keys(options).find((key) => !names.includes(key));
  if (unknown === undefined) return;
  const what = isName(unknown) ? `no option ${unknown}` : 'not every option that it was given';
  throw setUpError(`${whose} has ${what}: it takes ${names.join(', ')}.`);
};
