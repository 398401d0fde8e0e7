import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Actor } from '../../src/access/actor.ts';
import { type CommandType, commandSchemas } from '../../src/commands/catalog.ts';
import { anyActor } from '../../src/compliance/arbitraries/actors.ts';
import { anyClock } from '../../src/compliance/arbitraries/clocks.ts';
import { anyCommand, anyQuery } from '../../src/compliance/arbitraries/commands.ts';
import { anyPolicy } from '../../src/compliance/arbitraries/policies.ts';
import { anyTemplateContent } from '../../src/compliance/arbitraries/templates.ts';
import { readPersonalNumber } from '../../src/domain/identifiers.ts';
import { Policy } from '../../src/domain/policy.ts';
import { TemplateContent } from '../../src/domain/template/content.ts';
import { inMemoryStore } from '../../src/eventStore/inMemory.ts';
import { openFolja } from '../../src/folja.ts';
import { viewQueries } from '../../src/projections/viewing.ts';
import { seed } from './seed.ts';

const numRuns = 20;
const types = Object.keys(commandSchemas) as readonly CommandType[];
const masterKey = new Uint8Array(32).fill(7);

type Fields = Readonly<Record<string, unknown>>;
type Schema = { readonly safeParse: (value: unknown) => { readonly success: boolean } };

/** Nothing that any field of the library's input takes. */
const garbage = { nonsense: '\u0000' };

/** The value with each of its fields in turn changed to garbage, that field's name beside it. */
const spoiled = (value: Fields): readonly (readonly [string, Fields])[] =>
  Object.keys(value).map((name) => [name, { ...value, [name]: garbage }]);

const expectShape = (values: fc.Arbitrary<unknown>, schema: Schema): void => {
  fc.assert(
    fc.property(values, (value) => {
      expect(schema.safeParse(value).success).toBe(true);
      for (const [name, other] of spoiled(value as Fields))
        if (name !== 'answers') expect([name, schema.safeParse(other).success]).toEqual([name, false]);
    }),
    { seed, numRuns },
  );
};

describe('any command of a type', () => {
  test.each(types)('%s has its shape, and none with one field changed to garbage', (type) => {
    expectShape(
      anyCommand(type).map(({ data }) => data),
      commandSchemas[type],
    );
  });

  test('is of every type in turn', () => {
    const made = new Set(fc.sample(anyCommand(), { numRuns: 1_500, seed }).map(({ type }) => type));
    expect([...made].sort()).toEqual([...types].sort());
  });

  test('leaves out and names each field that may be left out', () => {
    const made = fc.sample(anyCommand('end-program'), { numRuns: 100, seed }).map(({ data }) => Object.keys(data));
    for (const field of ['notifyResident', 'maintenance']) {
      expect(made.some((names) => names.includes(field))).toBe(true);
      expect(made.some((names) => !names.includes(field))).toBe(true);
    }
  });

  test('names residents only by numbers that nobody living has', () => {
    const made = fc.sample(anyCommand('start-program'), { numRuns: 100, seed });
    for (const { data } of made) {
      const { personalNumber } = (data as { readonly resident: { readonly personalNumber: string } }).resident;
      expect(readPersonalNumber(personalNumber, '2026-03-02')).toMatch(/^\d{8}9[89]\d\d$/);
    }
  });

  test('is answered by the library, whoever sends it', async () => {
    const folja = await openFolja({ store: inMemoryStore(), masterKey });
    await fc.assert(
      fc.asyncProperty(anyCommand(), anyActor(), async (command, actor) => {
        const answer = await folja.execute(command, actor);
        expect(answer._tag === 'Right' ? 'done' : answer.left.kind).toMatch(/^(done|refused|invalid)$/);
      }),
      { seed, numRuns: 100 },
    );
    await folja.close();
  });
});

describe('any question to a view', () => {
  test.each([...viewQueries])('%s has its shape, and none with one field changed to garbage', (view, schema) => {
    expectShape(anyQuery(view), schema);
  });

  test('is asked of every view in turn', () => {
    const asked = new Set(fc.sample(anyQuery(), { numRuns: 600, seed }).map(({ view }) => view));
    expect([...asked].sort()).toEqual([...viewQueries.keys()].sort());
  });

  test('is of no view that there is not', () => {
    expect(() => anyQuery('no-view')).toThrow('there is no view');
  });
});

describe('any actor, policy and template', () => {
  test('an actor has its shape, of every kind', () => {
    expectShape(anyActor(), Actor);
    const kinds = new Set(fc.sample(anyActor(), { numRuns: 100, seed }).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['platform', 'resident', 'staff', 'system']);
    expect(fc.sample(anyActor('staff'), { numRuns: 20, seed }).every(({ kind }) => kind === 'staff')).toBe(true);
  });

  test('a policy has its shape, and the library opens under it', async () => {
    expectShape(anyPolicy(), Policy);
    for (const policy of fc.sample(anyPolicy(), { numRuns: 2, seed }))
      await (await openFolja({ store: inMemoryStore(), masterKey, policy })).close();
  });

  test('a template has its shape, and as many modules as are asked for', () => {
    expectShape(anyTemplateContent(), TemplateContent);
    const large = fc.sample(anyTemplateContent({ fewestModules: 30, mostModules: 30 }), { numRuns: 3, seed });
    expect(large.map(({ modules }) => modules.length)).toEqual([30, 30, 30]);
  });
});

describe('any clock of a run', () => {
  const clocks = fc.sample(anyClock(30), { numRuns: 200, seed });
  const steps = clocks.flatMap((clock) => clock.slice(1).map((at, index) => [clock[index] as Date, at] as const));
  const passed = steps.map(([before, after]) => after.getTime() - before.getTime());
  const day = 86_400_000;

  test('reads as often as it is asked to', () => {
    expect(clocks.every((clock) => clock.length === 30)).toBe(true);
  });

  test('stands still, goes back, and leaps over years', () => {
    expect(passed.some((ms) => ms === 0)).toBe(true);
    expect(passed.some((ms) => ms < 0 && ms >= -36 * 60 * 60_000)).toBe(true);
    expect(passed.some((ms) => ms > 400 * day)).toBe(true);
  });

  test.each(['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z', '2028-02-29T00:00:00Z'])('leaps over %s', (edge) => {
    const at = Date.parse(edge);
    expect(steps.some(([before, after]) => before.getTime() < at && after.getTime() > at)).toBe(true);
  });
});
