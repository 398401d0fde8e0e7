import * as E from 'fp-ts/lib/Either.js';
import type { Issue } from './problem.ts';

/** Bounds on what comes in: checked before any schema looks at it, without recursion. */
const deepest = 32;
const mostCharacters = 256 * 1024;
const mostValues = 20_000;

/** Plain data, copied: no prototype, getter or later change of the caller's reaches the library. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

type Place = { readonly target: Plain[] | Record<string, Plain>; readonly source: object; readonly depth: number };

const isPlainObject = (value: object): boolean => {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

const issue = (path: string, code: string): readonly Issue[] => [{ path, code }];

/** Thrown inside this file only, by `copy`, and caught by `bounded`. */
const reject = (code: string): never => {
  throw { rejected: code };
};

const scalar = (value: unknown): Plain => {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return reject('not-json');
};

const entriesOf = (source: object): readonly (readonly [string, unknown])[] => {
  if (Array.isArray(source)) {
    // It may be as long as 2³² without holding anything, so its length is looked at before it is walked through.
    if (source.length > mostValues) return reject('too-large');
    return Array.from(source, (value, index) => [String(index), value] as const);
  }
  if (!isPlainObject(source)) return reject('not-json');
  if (Object.keys(source).length > mostValues) return reject('too-large');
  // A key that is set to undefined is a key left out, as in JSON.
  return Object.entries(source).filter(([, value]) => value !== undefined);
};

const copy = (input: unknown): { readonly value: Plain; readonly size: number } => {
  let characters = 0;
  let values = 0;
  const places: Place[] = [];
  const place = (value: unknown, depth: number): Plain => {
    values += 1;
    if (values > mostValues) reject('too-large');
    if (typeof value === 'string') characters += value.length;
    if (characters > mostCharacters) reject('too-large');
    if (typeof value !== 'object' || value === null) return scalar(value);
    if (depth > deepest) reject('too-deep');
    const target: Plain[] | Record<string, Plain> = Array.isArray(value) ? [] : {};
    places.push({ target, source: value, depth });
    return target;
  };
  const root = place(input, 1);
  for (let next = places.pop(); next !== undefined; next = places.pop()) {
    for (const [key, value] of entriesOf(next.source)) {
      characters += key.length;
      if (key === '__proto__') reject('unknown-key');
      (next.target as Record<string, Plain>)[key] = place(value, next.depth + 1);
    }
  }
  return { value: root, size: characters };
};

/**
 * Copies input within bounds: at most 32 levels, 256 Ki characters and 20 000 values, plain JSON only.
 *
 * @param root the path of its issue
 * @returns the copy and its size in characters, or one issue: too-deep, too-large, not-json, unknown-key
 */
export const bounded = (
  input: unknown,
  root: string,
): E.Either<readonly Issue[], { readonly value: Plain; readonly size: number }> =>
  E.tryCatch(
    () => copy(input),
    (error) => {
      const code = (error as { readonly rejected?: unknown } | null)?.rejected;
      return issue(root, typeof code === 'string' ? code : 'not-json');
    },
  );
