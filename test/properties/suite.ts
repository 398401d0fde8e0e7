import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { commandSchemas } from '../../src/commands/catalog.ts';
import { type Life, lives } from './arbitraries.ts';
import { checkI23, checkModel, checkNothingElse, checkP10, checkRepeats } from './checks/answers.ts';
import {
  checkI05,
  checkI06,
  checkI13,
  checkI15,
  checkI19,
  checkI20,
  checkLog,
  checkPurges,
  checkShapes,
} from './checks/histories.ts';
import {
  checkI04Shown,
  checkI07,
  checkI08,
  checkI09,
  checkI12,
  checkI17,
  checkI20Shown,
  checkI21Shown,
} from './checks/looks.ts';
import { checkI11, checkI14, checkI16, checkI18, checkI22, checkI26 } from './checks/pairs.ts';
import { checkI01, checkI02, checkI03, checkI04 } from './checks/units.ts';
import { explore } from './explore.ts';
import { type Reach, reachOf } from './reach.ts';
import type { RunStore } from './stores.ts';
import type { Trace } from './trace.ts';

/** How a store is tried: how long its runs are, and how often each case has to have come. */
export type Trial = {
  readonly name: string;
  readonly open: () => RunStore;
  readonly mostSteps: number;
  readonly atLeast: Partial<Reach>;
};

const runs = Number(process.env.RUNS ?? 200);
const patience = 600_000;

/** A seed of the day unless one is asked for: FOLJA_SEED=123 npx vitest run test/properties. */
const seed = Number(process.env.FOLJA_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** What has to hold of any run: each invariant by its number. */
const checks: readonly (readonly [title: string, check: (trace: Trace) => unknown])[] = [
  ['the library answers as a simple model of the documents does', checkModel],
  ['every stored event has the shape of its type', checkShapes],
  ['P3 P6 P7 revisions and positions have no gaps and are heard in order', checkLog],
  ['P4 what is refused or repeated writes one entry of the access log and nothing else', checkNothingElse],
  ['P4 a command sent again gives the first receipt and changes nothing', checkRepeats],
  ['P10 a rebuild gives the same rows as following event by event', ({ tables }) => checkP10(tables)],
  ['I01 an active unit has an administrator, whose role was the first', checkI01],
  ['I02 every later role is given by an administrator of the unit, to somebody with the assignment', checkI02],
  ['I03 whoever starts a program is fit for it, on a unit that has it', checkI03],
  [
    'I04 whoever becomes responsible is eligible at that moment, and is the only one',
    (trace) => {
      checkI04(trace);
      checkI04Shown(trace);
    },
  ],
  ['I05 a treatment begins with its three modules, and a clinician opens the others', checkI05],
  ['I06 nothing that a resident does opens a module', checkI06],
  ['I07 a treatment is done when its seven steps are', checkI07],
  ['I08 the chapters of the support program are open from start to end', checkI08],
  ['I09 the color of a section never goes back', checkI09],
  ['I11 a resident sees nothing of staff but names', checkI11],
  ['I12 the days left follow from activation, allotment and the day', checkI12],
  ['I13 a resident’s message goes to whoever is responsible at that instant', checkI13],
  ['I14 a pending handover takes nothing from the resident', checkI14],
  ['I15 one handover is pending at most, and the receiver alone approves it', checkI15],
  ['I16 a denied handover leaves everything as it was', checkI16],
  ['I17 the tab of handovers lists what is offered, and nothing that is the unit’s own', checkI17],
  ['I18 a handover keeps content, progress and conversations', checkI18],
  ['I19 an end has a reason of the program’s and the chosen notice', checkI19],
  [
    'I20 after the end nothing is written, and read only in maintenance',
    (trace) => {
      checkI20(trace);
      checkI20Shown(trace);
    },
  ],
  [
    'I21 a purge is ordered where it may be, and leaves nothing',
    (trace) => {
      checkPurges(trace);
      checkI21Shown(trace);
      expect(trace.remnants).toEqual([]);
    },
  ],
  ['I22 a new start makes a new program and leaves the old as it was', checkI22],
  ['I23 every command and view call has one entry in the audit log', checkI23],
  ['I26 the programs of two relatives share nothing', checkI26],
];

/** Registers all invariants over random runs through one store. The runs are the same for each, so they are made once. */
export const invariants = ({ name, open, mostSteps, atLeast }: Trial): void => {
  const traces = new Map<string, Promise<Trace>>();
  const traceOf = (life: Life): Promise<Trace> => {
    const key = JSON.stringify(life);
    const known = traces.get(key) ?? explore(open(), life);
    traces.set(key, known);
    return known;
  };
  const holds = (check: (trace: Trace) => unknown): Promise<void> =>
    fc.assert(
      fc.asyncProperty(fc.noBias(lives(mostSteps)), async (life) => {
        check(await traceOf(life));
      }),
      { numRuns: runs, seed },
    );

  describe(`any run of commands through ${name}`, () => {
    beforeAll(() => console.info(`test/properties, ${name}: FOLJA_SEED=${seed}`));

    for (const [title, check] of checks) test(title, () => holds(check), patience);

    test(
      'the runs reach what they are meant to',
      async () => {
        await holds(() => undefined);
        const reach = reachOf(await Promise.all(traces.values()));
        console.info(`test/properties, ${name}: ${JSON.stringify(reach)}`);
        for (const type of Object.keys(commandSchemas)) expect(reach.accepted[type] ?? 0, type).toBeGreaterThan(0);
        for (const [what, wanted] of Object.entries(atLeast)) {
          expect(reach[what as keyof Reach], what).toBeGreaterThanOrEqual(Number(wanted));
        }
      },
      patience,
    );
  });
};
