import * as E from 'fp-ts/lib/Either.js';
import type { z } from 'zod';
import { hsaIdFields, isStrictHsaId, readPersonalNumber } from '../domain/identifiers.ts';
import type { Policy } from '../domain/policy.ts';
import type { Day } from '../domain/time.ts';
import { bounded, type Plain } from './bounded.ts';
import type { Issue } from './problem.ts';

/** When and under which policy input is read. */
export type Reading = { readonly today: Day; readonly policy: Policy };

export type Read<A> = E.Either<readonly Issue[], A>;
type ZodIssue = z.core.$ZodIssue;

const codes: Readonly<Record<string, string>> = {
  invalid_type: 'invalid-type',
  too_big: 'too-big',
  too_small: 'too-small',
  invalid_format: 'invalid-format',
  unrecognized_keys: 'unknown-key',
  invalid_union: 'invalid-value',
  invalid_value: 'invalid-value',
  invalid_key: 'invalid-key',
};

const isOwnCode = (message: string): boolean => /^[a-z][a-z-]{1,40}$/.test(message);

const codeOf = (issue: ZodIssue): string =>
  issue.code === 'custom'
    ? isOwnCode(issue.message)
      ? issue.message
      : 'invalid-value'
    : (codes[issue.code] ?? 'invalid-value');

const joined = (path: readonly PropertyKey[]): string => path.map(String).join('.');

/** Answers are kept by question, and what a caller names a question may be anything: the place of an issue ends above it. */
const answers = 'answers';
const placeOf = (path: readonly PropertyKey[]): readonly PropertyKey[] =>
  path.includes(answers) ? path.slice(0, path.indexOf(answers) + 1) : path;

/** The places and codes of a schema's complaints; keys that the schema does not know are not repeated. */
export const issuesOf = (error: z.ZodError, root: string): readonly Issue[] =>
  error.issues.slice(0, 20).map((issue) => ({ path: joined([root, ...placeOf(issue.path)]), code: codeOf(issue) }));

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One field read at its day and policy: a personal number becomes 12 digits, an HSA-id is held to the strict form. */
const readField = (key: string, value: unknown, path: string, reading: Reading): Read<unknown> => {
  if (key === answers) return E.right(value);
  if (typeof value !== 'string') return readDeep(value, path, reading);
  if (key === 'personalNumber') {
    const digits = readPersonalNumber(value, reading.today);
    return digits === undefined ? E.left([{ path, code: 'personal-number' }]) : E.right(digits);
  }
  const isLoose = hsaIdFields.has(key) && !reading.policy.testIdentifiers && !isStrictHsaId(value);
  return isLoose ? E.left([{ path, code: 'hsa-id' }]) : E.right(value);
};

const readRecord = (value: Readonly<Record<string, unknown>>, path: string, reading: Reading): Read<unknown> => {
  const read: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) {
    const result = readField(key, field, joined([path, key]), reading);
    if (E.isLeft(result)) return result;
    read[key] = result.right;
  }
  return E.right(read);
};

const readDeep = (value: unknown, path: string, reading: Reading): Read<unknown> => {
  if (Array.isArray(value)) {
    return E.traverseArray((entry: unknown) => readDeep(entry, path, reading))(value);
  }
  return isRecord(value) ? readRecord(value, path, reading) : E.right(value);
};

/** Plain data through a schema, and what needs the day and the policy. `root` begins the paths of issues. */
export const readPlain = <A>(schema: z.ZodType<A>, plain: Plain, root: string, reading: Reading): Read<A> => {
  const parsed = schema.safeParse(plain);
  if (!parsed.success) return E.left(issuesOf(parsed.error, root));
  return readDeep(parsed.data, root, reading) as Read<A>;
};

/** Input through bounds, and then as plain data. */
export const readInput = <A>(schema: z.ZodType<A>, input: unknown, root: string, reading: Reading): Read<A> => {
  const plain = bounded(input, root);
  return E.isLeft(plain) ? plain : readPlain(schema, plain.right.value, root, reading);
};
