import { inspect } from 'node:util';
import fc from 'fast-check';

/** A word that is in every hostile text, and is to come back nowhere. */
export const canary = 'Kanariefågel';

/** What of the word is still there when its å is written in another way, and the test numbers that hostile texts hold. */
export const canaries: readonly string[] = ['kanarief', '198112289874', '811228-9874', '191212121212'];

const levels = 100_000;
const aLongText = canary.repeat(25_000);

const nested = (open: string, close: string): unknown =>
  JSON.parse(`${open.repeat(levels)}"${canary}"${close.repeat(levels)}`);
const [deepArray, deepObject] = [nested('[', ']'), nested('{"a":', '}')];

/** Sets a key as JSON.parse does: `__proto__` becomes a key like any other. */
const own = (target: object, key: PropertyKey, value: unknown): object =>
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });

/** An object of entries, whatever their keys are called. */
export const objectOf = (entries: readonly (readonly [PropertyKey, unknown])[]): object =>
  entries.reduce((made: object, [key, value]) => own(made, key, value), {});

const toss = (): never => {
  throw new Error(canary);
};

const fieldNames = ['type', 'data', 'id', 'view', 'kind', 'until', 'key', 'path', 'store', 'masterKey', 'length'];

const throwingGetters = (): object =>
  Object.defineProperties({}, Object.fromEntries(fieldNames.map((name) => [name, { get: toss, enumerable: true }])));

const everyTrap = (): object =>
  new Proxy(
    {},
    { get: toss, has: toss, ownKeys: toss, getPrototypeOf: toss, getOwnPropertyDescriptor: toss, apply: toss },
  );

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

const cyclic = (): object => {
  const value: { self?: object; readonly [field: string]: unknown } = { type: canary, view: canary };
  value.self = value;
  return value;
};

/** Grows with every look: two more of its kind at each. */
const growing = (): object =>
  Object.defineProperties({}, { a: { get: growing, enumerable: true }, b: { get: growing, enumerable: true } });

/** Says something else each time it is asked. */
const fickle = (): object => {
  let asked = 0;
  const answer = (): unknown => {
    asked += 1;
    return asked % 2 === 1 ? 'sign-in' : { [canary]: asked };
  };
  return Object.defineProperties(
    {},
    Object.fromEntries(fieldNames.map((name) => [name, { get: answer, enumerable: true }])),
  );
};

const lyingArray = (): object =>
  new Proxy([canary], { get: (target, key) => (key === 'length' ? 2 ** 53 : Reflect.get(target, key)) });

class Instance {
  readonly type = 'sign-in';
  readonly view = 'units';
  readonly data = { [canary]: 1 };
}

/** What no JSON can hold, or no program should write, by what it is. */
const oddities: readonly (readonly [what: string, make: () => unknown])[] = [
  ['undefined', () => undefined],
  ['a symbol', () => Symbol(canary)],
  ['a bigint', () => 2n ** 64n],
  ['a function', () => () => canary],
  ['a function that throws', () => toss],
  ['a date', () => new Date()],
  ['no date', () => new Date(Number.NaN)],
  ['a map', () => new Map([[canary, canary]])],
  ['a set', () => new Set([canary])],
  ['bytes', () => Buffer.from(canary)],
  ['32 bytes', () => new Uint8Array(32)],
  ['a pattern', () => /Kanarie/],
  ['an error', () => new Error(canary)],
  ['an instance of a class', () => new Instance()],
  ['a boxed text', () => Object(canary)],
  ['a long text', () => aLongText],
  ['a deep array', () => deepArray],
  ['a deep object', () => deepObject],
  ['a cycle', cyclic],
  ['a getter that throws', throwingGetters],
  ['a proxy that throws', everyTrap],
  ['a revoked proxy', revoked],
  ['an object that grows', growing],
  ['an object that changes its mind', fickle],
  ['an array that lies of its length', lyingArray],
  ['an array of 2^32 - 1 holes', () => new Array(2 ** 32 - 1)],
  ['an array with holes', () => Object.assign(new Array(5), { 3: canary })],
  ['an array with names', () => Object.assign([canary], { type: canary })],
  ['20 001 values', () => Array.from({ length: 20_001 }, () => 1)],
  ['20 001 keys', () => Object.fromEntries(Array.from({ length: 20_001 }, (_, index) => [`k${index}`, 1]))],
  ['a symbol for a key', () => ({ [Symbol(canary)]: canary })],
  ['a hidden key', () => Object.defineProperty({}, canary, { value: canary })],
  ['a promise that never ends', () => objectOf([['then', () => undefined]])],
  [
    'a promise that fails',
    () => objectOf([['then', (_: unknown, no: (error: Error) => void) => no(new Error(canary))]]),
  ],
  ['a text that throws', () => ({ toString: toss, valueOf: toss, toJSON: toss, [Symbol.toPrimitive]: toss })],
  ['a prototype of its own', () => Object.create({ type: canary, polluted: canary })],
  ['no prototype', () => own(Object.create(null), canary, canary)],
  ['the prototype of objects', () => Object.prototype],
  ['the constructor of objects', () => Object],
  ['everything global', () => globalThis],
];

/** Makes a value when it is asked for: what is hostile is not handed to the tools that draw it, which would look into it. */
export type Make = () => unknown;

const numbers = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 2 ** 53 + 2, 1e308, 5e-324, 0.5),
);

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => `${canary}${text}`),
  fc.constantFrom(
    ...[canary, canary.normalize('NFD'), `${canary}\u0000`, `${canary}\ud800`, `\udfff${canary}`, `${canary}\u202e`],
    ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', '', ' ', '\n', '../..'],
    ...['198112289874', '811228-9874', "'; DROP TABLE events; --", '{{constructor}}', '%00', '9007199254740993'],
  ),
);

const keys = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'then', 'toJSON', canary, ...fieldNames),
  texts,
);

const asMade =
  (value: unknown): Make =>
  () =>
    value;

type Oddities = typeof oddities;
const oddOf = (some: Oddities): fc.Arbitrary<Make> => fc.constantFrom(...some).map(([, make]) => make);

const hostileOf = (some: Oddities): fc.Arbitrary<Make> =>
  fc.letrec<{ any: Make; object: Make }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      { arbitrary: texts.map(asMade), weight: 4 },
      { arbitrary: numbers.map(asMade), weight: 3 },
      { arbitrary: fc.constantFrom(null, true, false).map(asMade), weight: 2 },
      { arbitrary: oddOf(some), weight: 4 },
      { arbitrary: tie('object'), weight: 6 },
    ),
    object: fc.oneof(
      fc.array(tie('any'), { maxLength: 5 }).map((items) => () => items.map((make) => make())),
      fc
        .array(fc.tuple(keys, tie('any')), { maxLength: 5 })
        .map((entries) => () => objectOf(entries.map(([key, make]) => [key, make()]))),
    ),
  })).any;

/** JSON as no host writes it, with what is no JSON in any place of it. */
export const hostile = hostileOf(oddities);

/** What JSON.parse can give: for what reads files. */
export const parsable = hostileOf(
  oddities.filter(([what]) =>
    ['a long text', 'a deep array', 'a deep object', '20 001 values', '20 001 keys'].includes(what),
  ),
);

type Path = readonly PropertyKey[];

const isTree = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) ||
  Array.isArray(value);

const known = new WeakMap<object, readonly Path[]>();

/** Every place in a value, its root among them; found once for each value. */
const placesOf = (value: unknown): readonly Path[] => {
  if (typeof value !== 'object' || value === null) return [[]];
  const places = known.get(value) ?? placesIn(value);
  known.set(value, places);
  return places;
};

const placesIn = (value: unknown, above: Path = []): readonly Path[] => [
  above,
  ...(isTree(value) ? Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...above, key])) : []),
];

const withAt = (value: unknown, [key, ...rest]: Path, put: (there: unknown) => unknown): unknown => {
  if (key === undefined) return put(value);
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  return own(copy, key, withAt((value as Record<PropertyKey, unknown>)[key], rest, put));
};

/** The right shape, with one thing wrong: a value, or a key that does not belong there. */
export const nearly = (right: unknown, wrong = hostile): fc.Arbitrary<Make> =>
  fc.record({ place: fc.constantFrom(...placesOf(right)), value: wrong, key: keys, isMore: fc.boolean() }).map(
    ({ place, value, key, isMore }) =>
      () =>
        withAt(right, place, (there) =>
          isMore && isTree(there) && !Array.isArray(there) ? own({ ...there }, key, value()) : value(),
        ),
  );

/** Hostile values of every kind, and as many of the right shape with one thing wrong. */
export const anyBut = (...right: readonly unknown[]): fc.Arbitrary<Make> =>
  fc.oneof(hostile, oddOf(oddities), { arbitrary: fc.constantFrom(...right).chain(nearly), weight: 2 });

/** Several at once, as a list. */
export const together = (...makers: readonly fc.Arbitrary<Make>[]): fc.Arbitrary<Make> =>
  fc.tuple(...makers).map((all) => () => all.map((make) => make()));

/** One of some values as they are. */
export const oneOf = (...values: readonly unknown[]): fc.Arbitrary<Make> => fc.constantFrom(...values).map(asMade);

/** A value that a failing property can print, whatever it is. */
export type Parcel = { readonly make: Make };

const shown = (make: Make): string => {
  try {
    return inspect(make(), { depth: 4, maxStringLength: 100, maxArrayLength: 10, showProxy: true });
  } catch {
    return 'a value that cannot be shown';
  }
};

/** Wraps values, so that what is found wanting is printed without being looked into further. */
export const parcelled = (makers: fc.Arbitrary<Make>): fc.Arbitrary<Parcel> =>
  makers.map((make) => ({ make, [fc.toStringMethod]: () => shown(make) }));
