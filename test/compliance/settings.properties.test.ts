import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { gavleborg } from '../../examples/policies/gavleborg.ts';
import { skane } from '../../examples/policies/skane.ts';
import { anyPolicy } from '../../src/compliance/arbitraries/policies.ts';
import { sumOf } from '../../src/compliance/reach.ts';
import { standardSetting } from '../../src/compliance/setting.ts';
import { testResident } from '../../src/compliance/world.ts';
import { seed } from './seed.ts';
import { anySetting, anyTemplates, type Lived, liveIn } from './settings.ts';

/** How many settings are tried, each with so many lives; FOLJA_RUNS says of how many settings otherwise. */
const settings = Math.min(400, Number(process.env.FOLJA_RUNS ?? 6));
const each = process.env.FOLJA_RUNS === undefined ? 1 : 3;
const patience = 120_000 + settings * each * 3_000;

const { policy: standard } = standardSetting;
const withTestResident = { ...standard, id: 'settings-1', testResidents: [testResident] };

const sampled = <A>(values: fc.Arbitrary<A>, count: number): readonly A[] =>
  fc.sample(values, { numRuns: count, seed });

describe('any run of commands under any policy, with any templates', () => {
  beforeAll(() => console.info(`test/compliance, settings: FOLJA_SEED=${seed}`));

  test(
    'keeps every rule',
    async () => {
      const lived: Lived[] = [];
      for (const [index, setting] of sampled(anySetting, settings).entries()) {
        const found = await liveIn(setting, { runs: each, seed: seed + index });
        expect(found.failures, `setting ${index}`).toEqual([]);
        lived.push(found);
      }
      const reach = sumOf(lived.map((one) => one.reach));
      console.info(`test/compliance, settings: ${JSON.stringify(reach)}`);
      expect(reach.starts ?? 0).toBeGreaterThan(0);
    },
    patience,
  );
});

describe('any run of commands in a region of its own', () => {
  test.each([
    ['Region Skåne', skane],
    ['Region Gävleborg', gavleborg],
  ])(
    '%s keeps every rule',
    async (_, policy) => {
      const { failures, reach } = await liveIn(
        { ...standardSetting, policy: { ...withTestResident, ...policy } },
        { runs: 2 * each, seed },
      );
      expect(failures).toEqual([]);
      expect(reach.starts ?? 0).toBeGreaterThan(0);
    },
    patience,
  );

  test.each([1, 30])(
    'with templates of %i modules keeps every rule',
    async (modules) => {
      const size = { fewestModules: modules, mostModules: modules };
      const [templates = []] = sampled(anyTemplates(size, 1), 1);
      const { failures } = await liveIn({ policy: withTestResident, templates }, { runs: each, seed });
      expect(templates.every(({ content }) => content.modules.length === modules)).toBe(true);
      expect(failures).toEqual([]);
    },
    patience,
  );

  test(
    'without any template keeps every rule, and starts nothing',
    async () => {
      const [policy = standard] = sampled(anyPolicy(), 1);
      const { failures, reach } = await liveIn({ policy, templates: [] }, { runs: each, seed });
      expect(failures).toEqual([]);
      expect(reach.starts ?? 0).toBe(0);
    },
    patience,
  );
});

/** Programs that are started, and ended by whom the model holds to be allowed to. */
const ends = [1, 2, 3, 4].flatMap((a) => [
  { what: 'start-program' as const, a, b: a, c: 2 },
  { what: 'end-program' as const, a, b: a, c: 2 },
]);

describe('a model that is told another policy than the library has', () => {
  test.each([
    ['D8 who ends', { ending: { byResidentAdministrator: true } }],
    ['R032 who holds a role', { professionsByRole: { clinician: [] } }],
  ])(
    'disagrees: %s',
    async (_, told) => {
      const setting = { ...standardSetting, policy: withTestResident };
      const { failures } = await liveIn(setting, { runs: 1, seed, told, steps: ends });
      expect(failures.some((failure) => failure.startsWith('answers'))).toBe(true);
      expect(await liveIn(setting, { runs: 1, seed, steps: ends })).toMatchObject({ failures: [] });
    },
    patience,
  );
});
