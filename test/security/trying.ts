import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { expect } from 'vitest';
import { changedSince, everythingGlobal, expectInnocent, expectProblem, expectTypedError } from './judging.ts';
import { type Make, type Parcel, parcelled } from './values.ts';

/** The same each time unless told; `npm run test:hostile` draws one, and prints it. */
export const seed = Number(process.env.FOLJA_SEED ?? 1177);

const usually = 300;

/** How often each entry is tried: a few hundred times, or as often as FOLJA_HOSTILE says; in the same proportion fewer where a single try is slow. */
export const runsOf = (usual: number): number => {
  const { FOLJA_HOSTILE: wanted } = process.env;
  return wanted === undefined ? usual : Math.ceil(Number(wanted) * Math.min(1, usual / usually));
};

/** What became of a call: it answered, or it threw or rejected. */
export type Outcome = { readonly answered: unknown } | { readonly thrown: unknown };

/** Calls, and takes whatever comes of it. */
export const outcomeOf = async (call: () => unknown): Promise<Outcome> => {
  try {
    return { answered: await call() };
  } catch (thrown) {
    return { thrown };
  }
};

/** Fails where a call that never rejects did, or where its problem is not one of the documented kind. */
export const expectEither = (outcome: Outcome): void => {
  expect(outcome).toHaveProperty('answered');
  if (!('answered' in outcome)) return;
  const result = outcome.answered as E.Either<unknown, unknown>;
  if (E.isLeft(result)) expectProblem(result.left);
  else expect(E.isRight(result)).toBe(true);
};

/** Fails where a call threw or rejected with anything but a typed error. */
export const expectTyped = (outcome: Outcome): void => {
  if ('thrown' in outcome) expectTypedError(outcome.thrown);
};

/** A call that takes longer than this has not ended. */
const endsWithin = 60_000;

/** Tries a call with very many values: each call ends, as `expected` says, and nothing global is changed by any. */
export const tryAll = async (
  values: fc.Arbitrary<Make>,
  call: (value: unknown) => unknown,
  expected: (outcome: Outcome) => void,
  usual = usually,
): Promise<void> => {
  const before = everythingGlobal();
  await fc.assert(
    fc.asyncProperty(parcelled(values), async ({ make }: Parcel) => {
      const value = make();
      expected(await outcomeOf(() => call(value)));
      expectInnocent();
    }),
    { numRuns: runsOf(usual), seed, timeout: endsWithin },
  );
  expect(changedSince(before)).toEqual([]);
};
