import { inspect } from 'node:util';
import { expect } from 'vitest';
import { z } from 'zod';
import { canaries } from './values.ts';

const Code = z.string().regex(/^[a-z][a-z-]{1,40}$/);

/** A problem as the library tells it: nothing in it but names that are the library's own. */
const Problem = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('invalid'),
    issues: z
      .array(z.strictObject({ path: z.string().max(200), code: Code }))
      .min(1)
      .max(20),
  }),
  z.strictObject({ kind: z.literal('refused'), code: Code }),
  z.strictObject({ kind: z.literal('conflict'), stream: z.string().max(100) }),
  z.strictObject({ kind: z.literal('unavailable'), what: z.enum(['store', 'keys']), retry: z.boolean() }),
  z.strictObject({ kind: z.literal('unknown'), commandId: z.uuid() }),
  z.strictObject({ kind: z.literal('damaged'), what: z.string().max(200) }),
]);

/** Everything that a value tells whoever prints it: as a text, as JSON, and looked into as a debugger does. */
export const toldBy = (value: unknown, seen: ReadonlySet<unknown> = new Set()): string => {
  if (seen.has(value)) return '';
  const parts = [inspect(value, { depth: 20, showHidden: true, maxStringLength: Number.POSITIVE_INFINITY })];
  if (value instanceof Error) {
    const inner = new Set([...seen, value]);
    parts.push(value.name, value.message, value.stack ?? '', String(value));
    for (const key of Reflect.ownKeys(value)) parts.push(toldBy(Reflect.get(value, key), inner));
  }
  parts.push(JSON.stringify(value) ?? '');
  return parts.join('\n');
};

/** Which of some secrets a text holds, in whatever case. */
export const foundIn = (text: string, secrets: readonly string[] = canaries): readonly string[] => {
  const all = text.toLowerCase();
  return secrets.filter((secret) => all.includes(secret.toLowerCase()));
};

/** A problem as data, of the shape that docs/refusals.md promises, and without what was given. */
export const expectProblem = (problem: unknown): void => {
  expect(foundIn(toldBy(problem))).toEqual([]);
  expect(Problem.safeParse(problem).error?.issues ?? []).toEqual([]);
};

/** An error of a wrong set-up, or one that carries a problem: nothing else is thrown or rejected with. */
export const expectTypedError = (error: unknown): void => {
  expect(foundIn(toldBy(error))).toEqual([]);
  expect(error).toBeInstanceOf(Error);
  const { name, message, problem } = error as Error & { readonly problem?: unknown };
  expect(message).toMatch(/^[^\n]{1,600}\.$/);
  if (problem === undefined) expect(name).toBe('SetUpError');
  else expectProblem(problem);
};

const intrinsics: readonly object[] = [
  ...[Object, Function, Array, String, Number, Boolean, Symbol, BigInt, Date, RegExp, Error, TypeError, RangeError],
  ...[Map, Set, WeakMap, WeakSet, Promise, Proxy, ArrayBuffer, DataView, Uint8Array, Buffer, JSON, Math, Reflect],
  ...[
    Intl,
    globalThis,
    process,
    console,
    Object.getPrototypeOf(Uint8Array),
    Object.getPrototypeOf([][Symbol.iterator]()),
  ],
];

const prototypes = intrinsics.flatMap((one) => {
  const prototype: unknown = Object.getOwnPropertyDescriptor(one, 'prototype')?.value;
  return typeof prototype === 'object' && prototype !== null ? [prototype] : [];
});

/** What changes by itself: listeners, and what Node.js fills in when it is first asked for. */
const isRestless = (key: PropertyKey): boolean =>
  /^(_events|_eventsCount|exitCode|Symbol\(undici.*)$/.test(String(key));

type Kept = readonly (readonly [owner: object, key: PropertyKey, held: unknown])[];

const heldBy = (owner: object): Kept =>
  Reflect.ownKeys(owner)
    .filter((key) => !isRestless(key))
    .map((key) => {
      const { value, get, set } = Object.getOwnPropertyDescriptor(owner, key) ?? {};
      return [owner, key, value ?? get ?? set];
    });

/** What everything global holds now, to be compared with what it holds after. */
export const everythingGlobal = (): Kept => [...intrinsics, ...prototypes].flatMap(heldBy);

/** The keys of global things that are new, gone or hold something else. */
export const changedSince = (before: Kept): readonly string[] => {
  const after = everythingGlobal();
  const index = (kept: Kept) => {
    const owners = new Map<object, Map<PropertyKey, unknown>>();
    for (const [owner, key, held] of kept) {
      const keys = owners.get(owner) ?? new Map<PropertyKey, unknown>();
      owners.set(owner, keys.set(key, held));
    }
    return owners;
  };
  const [was, is] = [index(before), index(after)];
  const differs = (one: typeof was, other: typeof was) =>
    [...one].flatMap(([owner, keys]) =>
      [...keys].filter(([key, held]) => {
        const others = other.get(owner);
        return others?.has(key) !== true || !Object.is(others.get(key), held);
      }),
    );
  return [...new Set([...differs(was, is), ...differs(is, was)].map(([key]) => String(key)))];
};

const innocent = Reflect.ownKeys(Object.prototype).length + Reflect.ownKeys(Array.prototype).length;

/** Looked at after each run, where the whole comparison would take too long. */
export const expectInnocent = (): void => {
  expect(Reflect.ownKeys(Object.prototype).length + Reflect.ownKeys(Array.prototype).length).toBe(innocent);
};
