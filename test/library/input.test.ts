import { describe, expect, test } from 'vitest';
import { aStartedProgram } from './given.ts';
import { canary, everywhere, expectClean } from './inputs.ts';
import { maternity } from './people.ts';
import { type StoreKind, stores } from './world.ts';

const { unitId } = maternity;

const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
const nestedObjects = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

const cyclic = (): object => {
  const value: { self?: object; [field: string]: unknown } = { type: 'reply', view: 'units', kind: 'staff' };
  value.self = value;
  return value;
};
const throwing = {
  get type(): string {
    throw new Error(canary);
  },
  get id(): string {
    throw new Error(canary);
  },
  get view(): string {
    throw new Error(canary);
  },
};
const everyTrap = (): object =>
  new Proxy(
    {},
    {
      get: () => {
        throw new Error(canary);
      },
      ownKeys: () => {
        throw new Error(canary);
      },
      getPrototypeOf: () => {
        throw new Error(canary);
      },
      has: () => {
        throw new Error(canary);
      },
    },
  );

class Command {
  readonly type = 'sign-in';
  readonly view = 'units';
  readonly data = { unitId };
}

/** What no host should send, by what it is; and what is said of it where a bound is passed. */
type Hostile = readonly [what: string, make: () => unknown, code?: string];
const hostile: readonly Hostile[] = [
  ['nothing', () => undefined],
  ['null', () => null],
  ['a text', () => canary],
  ['a long text', () => canary.repeat(5_000_000)],
  ['a number', () => 1],
  ['NaN', () => Number.NaN, 'not-json'],
  ['infinity', () => Number.POSITIVE_INFINITY],
  ['a bigint', () => 10n, 'not-json'],
  ['a symbol', () => Symbol(canary)],
  ['a function', () => () => canary, 'not-json'],
  ['an array', () => [canary]],
  ['an empty object', () => ({})],
  ['a date', () => new Date()],
  ['a map', () => new Map([['type', 'reply']])],
  ['bytes', () => Buffer.from(canary)],
  ['an instance of a class', () => new Command(), 'not-json'],
  ['an object without a known key', () => ({ [canary]: canary })],
  ['text 50 MB long in a field', () => ({ type: 'x'.repeat(50_000_000), view: 'x'.repeat(50_000_000) })],
  ['a key 50 MB long', () => ({ ['x'.repeat(50_000_000)]: 1 }), 'too-large'],
  ['100 000 nested arrays', () => nested(100_000), 'too-deep'],
  ['100 000 nested objects', () => nestedObjects(100_000), 'too-deep'],
  ['a huge array', () => Array.from({ length: 1_000_000 }, () => 1), 'too-large'],
  ['an array that is huge and empty', () => new Array(2 ** 32 - 1), 'too-large'],
  ['an array with holes', () => Object.assign(new Array(3), { 1: 1 })],
  ['very many keys', () => Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`k${index}`, 1]))],
  ['a cycle', cyclic, 'too-deep'],
  ['a getter that throws', () => throwing, 'not-json'],
  ['a proxy that throws', everyTrap, 'not-json'],
  [
    'a revoked proxy',
    () => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return proxy;
    },
  ],
  ['__proto__', () => JSON.parse(`{"__proto__":{"polluted":"${canary}"},"type":"reply","view":"units"}`)],
  ['__proto__ deep down', () => JSON.parse(`{"type":"reply","data":{"a":{"__proto__":{"polluted":1}}}}`)],
  ['constructor', () => JSON.parse(`{"constructor":{"prototype":{"polluted":1}},"type":"reply","view":"units"}`)],
  ['toString', () => ({ type: 'toString', view: 'toString', kind: 'toString', data: {} })],
  ['hasOwnProperty', () => ({ type: 'hasOwnProperty', view: 'hasOwnProperty', kind: 'hasOwnProperty', data: {} })],
];

const prototypes = (): string =>
  JSON.stringify(
    [Object.prototype, Array.prototype, 'polluted' in {}].map((one) => Reflect.ownKeys(Object(one)).length),
  );

const expectInvalid = async (kind: StoreKind, [, make, code]: Hostile): Promise<void> => {
  const world = await aStartedProgram(kind);
  const [before, innocent] = [(await world.events()).length, prototypes()];
  const input = make();
  const problems = [];
  for (const send of Object.values(everywhere)) problems.push(await send(world, input));
  for (const problem of problems) expectClean(problem, canary, 'polluted');
  if (code !== undefined) expect(problems[0]).toMatchObject({ issues: [{ code }] });
  expect(prototypes()).toBe(innocent);
  const stored = (await world.events()).slice(before);
  expect(stored.map(({ type }) => type)).toEqual(Object.keys(everywhere).map(() => 'refused'));
  for (const { data } of stored) {
    expect(data).toMatchObject({ code: 'invalid', programs: [], size: expect.any(Number) });
    expect(JSON.stringify(data).length).toBeLessThan(200);
  }
};

describe.each(stores)('input %s', (kind) => {
  for (const one of hostile)
    test(`is invalid wherever it is sent, and leaves an entry with a code and a size only: ${one[0]}`, () =>
      expectInvalid(kind, one));
});
