import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { changedSince, everythingGlobal, expectInnocent, expectTypedError, foundIn, toldBy } from './judging.ts';
import { expectEither, expectTyped, tryAll } from './trying.ts';
import { canary, hostile, parsable } from './values.ts';

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** A merge as it is often written: it follows `__proto__` to where all objects have theirs. */
const naiveMerge = (target: Fields, source: Fields, depth = 0): Fields => {
  for (const key of Object.keys(source)) {
    const [there, value] = [target[key], source[key]];
    if (isFields(there) && isFields(value) && depth < 4) naiveMerge(there, value, depth + 1);
    else target[key] = value;
  }
  return target;
};

/** Whether `__proto__` leads anywhere: Node.js can be told that it throws. */
const leadsAnywhere = ((): boolean => {
  try {
    return Reflect.get({}, '__proto__') === Object.prototype;
  } catch {
    return false;
  }
})();

/** A reader without a bound, as deep as what it reads. */
const unboundedDepth = (value: unknown): number =>
  isFields(value) ? 1 + Math.max(0, ...Object.values(value).map(unboundedDepth)) : 0;

const globals = [Object.prototype, Array.prototype, Function.prototype, Object];
const kept = globals.map((one) => [one, Object.getOwnPropertyDescriptors(one)] as const);

const putBack = (): void => {
  for (const [one, descriptors] of kept) {
    for (const key of Reflect.ownKeys(one)) if (!Object.hasOwn(descriptors, key)) Reflect.deleteProperty(one, key);
  }
  for (const [one, descriptors] of kept) {
    for (const key of Reflect.ownKeys(descriptors)) {
      const descriptor = Reflect.get(descriptors, key) as PropertyDescriptor;
      if (descriptor.configurable === true) Object.defineProperty(one, key, descriptor);
    }
  }
};

const complaint = async (work: Promise<void>): Promise<string> => {
  try {
    await work;
    return 'nothing';
  } catch (error) {
    return toldBy(error);
  } finally {
    putBack();
  }
};

describe('what hostile input is tried with (control)', () => {
  afterEach(putBack);

  test.skipIf(leadsAnywhere)('is stopped before a merge can pollute, where `__proto__` throws', () => {
    const before = everythingGlobal();
    expect(() => naiveMerge({}, JSON.parse('{"__proto__":{"polluted":1}}') as Fields)).toThrow('__proto__');
    expect(changedSince(before)).toEqual([]);
  });

  test.runIf(leadsAnywhere)('finds a merge that pollutes', async () => {
    const before = everythingGlobal();
    const attack = JSON.parse(`{"__proto__":{"polluted":"${canary}"}}`) as Fields;
    naiveMerge({}, attack);
    expect(changedSince(before)).toEqual(['polluted']);
    putBack();
    expect(changedSince(before)).toEqual([]);
    let found = 0;
    const merging = (make: () => unknown): void => {
      const value = make();
      if (isFields(value)) naiveMerge({}, value);
      try {
        expectInnocent();
      } catch {
        found += 1;
        putBack();
      }
    };
    for (const make of fc.sample(parsable, { numRuns: 1_000, seed: 1177 })) merging(make);
    expect(found).toBeGreaterThan(0);
  });

  test('finds a reader without a bound on depth', async () => {
    const found = await complaint(tryAll(hostile, unboundedDepth, expectTyped, 2_000));
    expect(found).toMatch(/Maximum call stack|expected 'RangeError'|expected 'TypeError'|kanarief/i);
    expect(() => unboundedDepth(JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)))).toThrow(RangeError);
  });

  test('finds a call that rejects where none may, and one that never ends', async () => {
    const rejecting = tryAll(hostile, () => Promise.reject(new Error('no')), expectEither, 10);
    expect(await complaint(rejecting)).not.toBe('nothing');
    const endless = fc.assert(
      fc.asyncProperty(fc.constant(1), () => new Promise<void>(() => undefined)),
      { numRuns: 1, timeout: 50 },
    );
    expect(await complaint(endless)).toMatch(/timeout/i);
  });

  test('finds a value that an error repeats, wherever it is in it', () => {
    const made: readonly Error[] = [
      new Error(`wrong: ${canary}.`),
      new Error('Wrong.', { cause: new Error('inside', { cause: { said: canary } }) }),
      Object.assign(new Error('Wrong.'), { name: 'SetUpError', value: canary }),
      Object.assign(new Error('Wrong.'), { problem: { kind: 'invalid', issues: [{ path: canary, code: 'too-big' }] } }),
      Object.assign(new Error('Wrong.'), { name: 'SetUpError', [Symbol('input')]: [canary] }),
      Object.defineProperty(new Error('Wrong.'), 'hidden', { value: { deep: { deeper: canary } } }),
      new AggregateError([new Error(canary)], 'Wrong.'),
    ];
    for (const error of made) {
      expect(foundIn(toldBy(error))).toEqual(['kanarief']);
      expect(() => expectTypedError(error)).toThrow();
    }
    expectTypedError(Object.assign(new Error('Wrong.'), { name: 'SetUpError' }));
  });
});
