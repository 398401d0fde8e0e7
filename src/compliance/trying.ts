import fc from 'fast-check';
import { type Life, lives, worldsOf } from './lives.ts';
import { exploring } from './living/exploring.ts';
import type { Grounds } from './living/grounds.ts';
import { settingOn } from './living/settled.ts';
import { type Reach, reachOf, sumOf } from './reach.ts';
import type { Rule } from './rules/rule.ts';
import { rules } from './rules/rules.ts';
import { standardSetting, type Template } from './setting.ts';
import type { Trace } from './trace.ts';

/** How a store and its configuration are tried. */
export type Trial = {
  readonly grounds: Grounds;
  readonly templates?: readonly Template[];
  /** How many runs, of how many steps at most, from which seed. */
  readonly runs: number;
  readonly mostSteps: number;
  readonly seed: number;
  /** How many different beginnings there are, each with units of its own: a run begins with one of them. */
  readonly worlds: number;
  /** Begins with this run instead of the first: what a failure says of itself. */
  readonly path?: string;
  readonly onProgress?: (done: number, total: number) => void;
  /** Lives no more when a rule has failed. */
  readonly untilFailure?: boolean;
};

/** Where a rule did not hold: the smallest run that was found, and what was thrown there. */
export type Counterexample = { readonly trace: Trace; readonly reason: unknown; readonly path: string };

/** What all runs came to: how many were lived, how often they came to what the rules are about, and what failed. */
export type Findings = {
  readonly runs: number;
  readonly reach: Reach;
  /** The number of the first run in which each rule failed, by the rule's id. */
  readonly failed: ReadonlyMap<string, number>;
};

/** Runs that are tried altogether to make a failure smaller: some hundred of them take a minute. */
const mostSmaller = 300;

const failureOf = ({ check }: Rule, trace: Trace): readonly unknown[] => {
  try {
    check(trace);
    return [];
  } catch (failure) {
    return [failure];
  }
};

/** Runs that were skipped come before the first. */
const firstOf = (path: string | undefined): number => Number(path?.split(':')[0] ?? 0);

/** What a trial lives: the runs, and how one is lived. */
type Lived = { readonly anyLife: fc.Arbitrary<Life>; readonly explore: (life: Life) => Promise<Trace> };

const livedIn = async ({ grounds, templates = standardSetting.templates, ...trial }: Trial): Promise<Lived> => {
  const worlds = worldsOf(trial.worlds, trial.seed, await settingOn(grounds, templates));
  return { anyLife: fc.noBias(lives(trial.mostSteps, worlds)), explore: exploring(grounds, templates) };
};

/** What is known of the runs so far. */
type Tally = { readonly failed: Map<string, number>; readonly reaches: Reach[] };

const examine = (trace: Trace, { failed, reaches }: Tally, first: number): void => {
  const run = first + reaches.length;
  for (const rule of rules) if (!failed.has(rule.id) && failureOf(rule, trace).length > 0) failed.set(rule.id, run);
  reaches.push(reachOf(trace));
};

const tryAll = async ({ runs, seed, path, ...trial }: Trial, { anyLife, explore }: Lived): Promise<Findings> => {
  const tally: Tally = { failed: new Map(), reaches: [] };
  let broken: { readonly by: unknown } | undefined;
  const isOver = (): boolean => broken !== undefined || (trial.untilFailure === true && tally.failed.size > 0);
  const live = async (life: Life): Promise<void> => {
    if (isOver()) return;
    try {
      examine(await explore(life), tally, firstOf(path));
    } catch (error) {
      broken = { by: error };
    }
    trial.onProgress?.(tally.reaches.length, runs);
  };
  await fc.check(fc.asyncProperty(anyLife, live), { seed, numRuns: runs, ...(path === undefined ? {} : { path }) });
  // That the library could not be opened or lived on is no finding about a rule.
  if (broken !== undefined) throw broken.by;
  return { runs: tally.reaches.length, reach: sumOf(tally.reaches), failed: tally.failed };
};

const findSmallest = async (
  { seed }: Trial,
  { anyLife, explore }: Lived,
  rule: Rule,
  run: number,
): Promise<Counterexample> => {
  const found: Counterexample[] = [];
  let tried = 0;
  const live = async (life: Life): Promise<void> => {
    tried += 1;
    if (tried > mostSmaller) return;
    const trace = await explore(life);
    const [reason] = failureOf(rule, trace);
    if (reason === undefined) return;
    found[0] = { trace, reason, path: String(run) };
    throw reason;
  };
  await fc.check(fc.asyncProperty(anyLife, live), { seed, path: String(run), numRuns: 1 });
  const [smallest] = found;
  if (smallest === undefined) throw new Error(`${rule.id} failed in run ${run}, and held when that was lived again.`);
  return smallest;
};

/** Tries random runs: once for all rules, and once more for a rule that failed, to find the smallest run in which it does. */
export type Trying = {
  readonly findings: () => Promise<Findings>;
  readonly smallest: (rule: Rule, run: number) => Promise<Counterexample>;
};

/** Makes a trial that lives its runs when they are first asked for. */
export const trying = (trial: Trial): Trying => {
  let lived: Promise<Lived> | undefined;
  const once = (): Promise<Lived> => {
    lived ??= livedIn(trial);
    return lived;
  };
  let found: Promise<Findings> | undefined;
  return {
    findings: () => {
      found ??= once().then((all) => tryAll(trial, all));
      return found;
    },
    smallest: async (rule, run) => findSmallest(trial, await once(), rule, run),
  };
};
