import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { commandSchemas } from '../../src/commands/catalog.ts';
import { type Life, lives, worldsOf } from './arbitraries.ts';
import { exploring } from './explore.ts';
import { type Reach, reachOf, sumOf } from './reach.ts';
import { seed } from './seed.ts';
import type { StoreKind } from './stores.ts';
import { checks } from './suite.checks.ts';
import type { Trace } from './trace.ts';

/** How a store is tried: how long its runs are, and how often each case has to have come. */
export type Trial = {
  readonly name: string;
  readonly kind: StoreKind;
  readonly mostSteps: number;
  readonly atLeast: Reach;
  /** Whether every command is to be accepted at least once. */
  readonly everyCommand: boolean;
  /** How many runs are tried unless FOLJA_RUNS says so: as many as reach what they are meant to. */
  readonly usually: number;
  /** How many different beginnings there are at least, each of which is set up once: 16 unless told. */
  readonly worlds?: number;
  /** How many runs are tried at most, however many are asked for. */
  readonly most?: number;
};

const worldsFor = (runs: number, least: number): number => Math.max(least, Math.round(runs / 50));
/** So many smaller runs are tried altogether when something fails: some hundred of them take a minute. */
const mostSmaller = 300;

/** What came of one run: what each check found, and what the run reached. The run itself is let go. */
type Findings = { readonly failures: ReadonlyMap<string, unknown>; readonly reach: Reach };

const failureOf = (check: (trace: Trace) => unknown, trace: Trace): readonly unknown[] => {
  try {
    check(trace);
    return [];
  } catch (failure) {
    return [failure];
  }
};

const examine = async (explore: ReturnType<typeof exploring>, life: Life): Promise<Findings> => {
  const trace = await explore(life);
  const failures = checks.flatMap(([title, check]) =>
    failureOf(check, trace).map((failure) => [title, failure] as const),
  );
  return { failures: new Map(failures), reach: reachOf(trace) };
};

/** Registers all invariants over random runs through one store. The runs are the same for each, so they are made once. */
export const invariants = ({
  name,
  kind,
  mostSteps,
  atLeast,
  everyCommand,
  usually,
  worlds = 16,
  most,
}: Trial): void => {
  const runs = Math.min(most ?? Number.POSITIVE_INFINITY, Number(process.env.FOLJA_RUNS ?? usually));
  const patience = Math.max(600_000, runs * 2_000);
  const explore = exploring(kind);
  const anyLife = fc.noBias(lives(mostSteps, worldsOf(worldsFor(runs, worlds), seed)));
  const made = new Map<string, Promise<Findings>>();
  let smaller = 0;
  const findingsOf = (life: Life): Promise<Findings> => {
    const key = createHash('sha256').update(JSON.stringify(life)).digest('base64');
    const known = made.get(key);
    if (known !== undefined) return known;
    // What is tried to make a failure smaller is not kept, and comes to an end.
    if (made.size >= runs) {
      smaller += 1;
      return smaller > mostSmaller ? Promise.resolve({ failures: new Map(), reach: {} }) : examine(explore, life);
    }
    const findings = examine(explore, life);
    made.set(key, findings);
    return findings;
  };
  const allRuns = (inspect: (findings: Findings) => void): Promise<void> =>
    fc.assert(
      fc.asyncProperty(anyLife, async (life) => inspect(await findingsOf(life))),
      { numRuns: runs, seed },
    );

  describe(`any run of commands through ${name}`, () => {
    beforeAll(() => console.info(`test/properties, ${name}: FOLJA_SEED=${seed}`));

    for (const [title] of checks) {
      const inspect = ({ failures }: Findings): void => {
        if (failures.has(title)) throw failures.get(title);
      };
      test(title, () => allRuns(inspect), patience);
    }

    test(
      'the runs reach what they are meant to',
      async () => {
        const reaches: Reach[] = [];
        await allRuns(({ reach }) => void reaches.push(reach));
        const reach = sumOf(reaches);
        console.info(`test/properties, ${name}: ${JSON.stringify(reach)}`);
        const types = everyCommand ? Object.keys(commandSchemas) : [];
        for (const type of types) expect(reach[`accepted ${type}`] ?? 0, type).toBeGreaterThan(0);
        for (const [what, least] of Object.entries(atLeast))
          expect(reach[what] ?? 0, what).toBeGreaterThanOrEqual(least);
      },
      patience,
    );
  });
};
