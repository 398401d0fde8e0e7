import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { viewNames } from '../../src/projections/viewing.ts';
import { aStartedProgram, theProgram } from './given.ts';
import { asActor, asCommand, asQuery, canary, expectClean, type Send } from './inputs.ts';
import { commandTypes } from './life.ts';
import { stores } from './world.ts';

const numbers = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0, 2 ** 53, 1e308),
);
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    canary,
    '__proto__',
    'constructor',
    '\ud800',
    '\u0000',
    theProgram.slice(1),
    '198112289874',
    '',
    'a'.repeat(300_000),
  ),
);
const keys = fc.oneof(
  texts.filter((text) => text.length < 100),
  fc.constantFrom(
    'type',
    'data',
    'id',
    'view',
    'kind',
    'programId',
    'toString',
    '__proto__',
    'authentication',
    'limit',
  ),
);

/** JSON as no host writes it: odd keys, odd texts, numbers that are none, a few levels deep. */
const { hostile } = fc.letrec<{ hostile: unknown; object: object }>((tie) => ({
  hostile: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    texts,
    numbers,
    fc.constant(null),
    fc.boolean(),
    tie('object'),
  ),
  object: fc.oneof(
    fc.array(tie('hostile'), { maxLength: 6 }),
    fc.array(fc.tuple(keys, tie('hostile')), { maxLength: 6 }).map((entries) => {
      const made = {};
      for (const [key, value] of entries)
        Object.defineProperty(made, key, { value, enumerable: true, configurable: true, writable: true });
      return made;
    }),
  ),
}));

const merged = (first: object) =>
  hostile.map((more) => ({ ...first, ...(typeof more === 'object' ? more : { more }) }));
const commands = fc.oneof(
  hostile,
  fc.record({ type: fc.constantFrom(...commandTypes), data: hostile }),
  fc.constantFrom(...commandTypes).chain((type) => merged({ type, data: { programId: theProgram, nonsense: 1 } })),
);
const queries = fc.oneof(
  hostile,
  fc.constantFrom(...viewNames).chain((view) => merged({ view, nonsense: 1 })),
);
const actors = fc.oneof(
  hostile,
  fc.constantFrom('staff', 'resident', 'platform', 'system').chain((kind) => merged({ kind })),
);

const runs = 1_000;
const ways: readonly (readonly [what: string, send: Send, inputs: fc.Arbitrary<unknown>])[] = [
  ['a command', asCommand, commands],
  ['a query', asQuery, queries],
  ['an actor', asActor, actors],
];

describe.each(stores)('any JSON %s', (kind) => {
  test.each(ways)('is no more than an invalid %s, told without its values', async (_, send, inputs) => {
    const world = await aStartedProgram(kind);
    const before = (await world.events()).length;
    const innocent = Reflect.ownKeys(Object.prototype).length;
    await fc.assert(
      fc.asyncProperty(inputs, async (input) => {
        expectClean(await send(world, input), canary, '198112289874');
        expect(Reflect.ownKeys(Object.prototype)).toHaveLength(innocent);
      }),
      { numRuns: runs },
    );
    const stored = (await world.events()).slice(before);
    expect(stored.length).toBeLessThanOrEqual(20);
    expect(new Set(stored.map(({ type }) => type))).toEqual(new Set(['refused']));
  });
});
