import fc from 'fast-check';
import { anyPolicy } from '../../src/compliance/arbitraries/policies.ts';
import { anyTemplateContent, type TemplateSize } from '../../src/compliance/arbitraries/templates.ts';
import { type Life, lives, type Step, worldsOf } from '../../src/compliance/lives.ts';
import { exploring } from '../../src/compliance/living/exploring.ts';
import { groundsOf } from '../../src/compliance/living/grounds.ts';
import { type Reach, reachOf, sumOf } from '../../src/compliance/reach.ts';
import { rules } from '../../src/compliance/rules/rules.ts';
import type { Setting, Template } from '../../src/compliance/setting.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { inMemoryStore } from '../../src/eventStore/inMemory.ts';
import { openFolja } from '../../src/folja.ts';
import { insideOf, keepInside } from '../../src/inside.ts';

const masterKey = new Uint8Array(32).fill(7);

/** Some templates, each under an id of its own; perhaps none. */
export const anyTemplates = (size: TemplateSize = {}, fewest = 0): fc.Arbitrary<readonly Template[]> =>
  fc.uniqueArray(fc.record({ templateId: fc.constantFrom('ett', 'tva', 'tre'), content: anyTemplateContent(size) }), {
    minLength: fewest,
    maxLength: 3,
    selector: ({ templateId }) => templateId,
  });

/** A region: its policy, and the templates that it publishes. */
export const anySetting: fc.Arbitrary<Setting> = fc.record({ policy: anyPolicy(), templates: anyTemplates() });

/** How the library of a setting is opened; `told` is the policy that the model is told that it has. */
const groundsFor = (policy: Partial<Policy>, told: Partial<Policy>) =>
  groundsOf(async (given) => {
    const folja = await openFolja({ store: inMemoryStore(), masterKey, policy, ...given });
    const inside = insideOf(folja);
    if (inside !== undefined) keepInside(folja, { ...inside, policy: { ...inside.policy, ...told } });
    return folja;
  });

/** What came of some lives: what each rule said that did not hold, and what they reached. */
export type Lived = { readonly failures: readonly string[]; readonly reach: Reach };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const usual: Omit<Step, 'what'> = { a: 0, b: 0, c: 0, minutes: 10, twist: 'none', watched: false, hasId: true };

type GivenStep = Pick<Step, 'what'> & Partial<Step>;

/** A run of given steps, and no others. */
const lifeOf = (units: Life['units'], steps: readonly GivenStep[]): Life => ({
  units,
  after: 0,
  steps: steps.map((step) => ({ check: () => true, run: (_, living) => living.take({ ...usual, ...step }) })),
});

/** Which runs are lived, and what the model is told of the policy where that is not the library's. */
export type Lives = {
  readonly runs: number;
  readonly seed: number;
  readonly told?: Partial<Policy>;
  /** The steps of one run, instead of random ones. */
  readonly steps?: readonly GivenStep[];
};

const mostSteps = 24;

/** Lives some runs in a setting, on the store in memory, and holds each against every rule. */
export const liveIn = async (
  { policy, templates }: Setting,
  { runs, seed, told = {}, steps }: Lives,
): Promise<Lived> => {
  const explore = exploring(groundsFor(policy, told), templates);
  const worlds = worldsOf(2, seed, { policy: { ...policy, ...told }, templates });
  const failures: string[] = [];
  const reaches: Reach[] = [];
  const random = fc.sample(fc.noBias(lives(mostSteps, worlds)), { numRuns: runs, seed });
  for (const life of steps === undefined ? random : [lifeOf(worlds[0] ?? [], steps)]) {
    const trace = await explore(life);
    for (const { id, check } of rules) {
      try {
        check(trace);
      } catch (error) {
        failures.push(`${id}: ${messageOf(error)}`);
      }
    }
    reaches.push(reachOf(trace));
  }
  return { failures, reach: sumOf(reaches) };
};
