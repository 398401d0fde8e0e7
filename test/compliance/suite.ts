import { beforeAll, describe, expect, test } from 'vitest';
import { commandSchemas } from '../../src/commands/catalog.ts';
import type { Grounds } from '../../src/compliance/living/grounds.ts';
import type { Reach } from '../../src/compliance/reach.ts';
import { rules } from '../../src/compliance/rules/rules.ts';
import { trying } from '../../src/compliance/trying.ts';
import { seed } from './seed.ts';

/** How a store is tried: how long its runs are, and how often each case has to have come. */
export type Trial = {
  readonly name: string;
  readonly grounds: Grounds;
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

/** Registers all rules over random runs through one store. The runs are the same for each, so they are made once. */
export const invariants = ({
  name,
  grounds,
  mostSteps,
  atLeast,
  everyCommand,
  usually,
  worlds = 16,
  most,
}: Trial): void => {
  const runs = Math.min(most ?? Number.POSITIVE_INFINITY, Number(process.env.FOLJA_RUNS ?? usually));
  const patience = Math.max(600_000, runs * 2_000);
  const { findings, smallest } = trying({
    ...{ grounds, runs, mostSteps, seed },
    worlds: Math.max(worlds, Math.round(runs / 50)),
  });

  describe(`any run of commands through ${name}`, () => {
    beforeAll(() => console.info(`test/compliance, ${name}: FOLJA_SEED=${seed}`));

    for (const rule of rules) {
      test(
        `${rule.id} ${rule.en}`,
        async () => {
          const run = (await findings()).failed.get(rule.id);
          if (run !== undefined) throw (await smallest(rule, run)).reason;
        },
        patience,
      );
    }

    test(
      'the runs reach what they are meant to',
      async () => {
        const { reach } = await findings();
        console.info(`test/compliance, ${name}: ${JSON.stringify(reach)}`);
        const types = everyCommand ? Object.keys(commandSchemas) : [];
        for (const type of types) expect(reach[`accepted ${type}`] ?? 0, type).toBeGreaterThan(0);
        for (const [what, least] of Object.entries(atLeast))
          expect(reach[what] ?? 0, what).toBeGreaterThanOrEqual(least);
      },
      patience,
    );
  });
};
