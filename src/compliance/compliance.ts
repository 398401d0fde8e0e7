import type { Folja } from '../folja.ts';
import { type Failure, failureFrom, textOf } from './failure.ts';
import { type Given, groundsOf } from './living/grounds.ts';
import { watched } from './opening.ts';
import { type Tried, triedWith } from './report/tried.ts';
import type { Rule } from './rules/rule.ts';
import { rules } from './rules/rules.ts';
import { standardSetting, type Template } from './setting.ts';
import { type Findings, type Trying, trying } from './trying.ts';

/** What is tried, and how long. */
export type ComplianceOptions = {
  /**
   * Opens the library as the host does, with its policy and store, on an empty store each time: called once for each run or two. The clock
   * and `deliver` that it is given are to be handed on to `openFolja`; what that gives is to be given back as it is.
   */
  readonly open: (given: Given) => Promise<Folja>;
  /** The templates that the host publishes; the bundled ones unless told. */
  readonly templates?: readonly Template[];
  /** How many runs: 100 unless told. */
  readonly runs?: number;
  /** How many steps a run has at most: 36 unless told. */
  readonly steps?: number;
  /** Which runs, of all: the same number gives the same ones. 1177 unless told. */
  readonly seed?: number;
  /** Begins with this run: what a failure says of itself. */
  readonly path?: string;
  /** How many runs have been lived, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
};

/** A rule as a host's test runs it. */
export type ComplianceProperty = {
  readonly id: string;
  /** The rule in one sentence, after its number: what a test is called. */
  readonly name: string;
  /** The same sentence in Swedish. */
  readonly swedish: string;
  readonly sources: string[];
  /** Resolves when the rule holds in all runs; rejects with the shortest history in which it does not, and nothing personal in it. */
  readonly check: () => Promise<void>;
};

/** What became of one rule. */
export type Verdict = Pick<Rule, 'id' | 'en' | 'sv' | 'sources'> & {
  readonly runs: number;
  /** Absent where the rule holds. */
  readonly failure?: Failure;
};

/** What became of all rules, and under what they were tried. */
export type Verdicts = {
  readonly tried: Tried;
  readonly seed: number;
  readonly verdicts: readonly Verdict[];
  /** How often the runs came to what the rules are about. */
  readonly reach: Findings['reach'];
};

const defaults = { runs: 100, steps: 36, seed: 1177 };

/** A host's beginnings are each set up anew, so many cost nothing; as many for few runs as for many, so that a run is the same among both. */
const worlds = 256;

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;

const isTemplate = (one: unknown): boolean => {
  const { templateId, content } = (one ?? {}) as Partial<Template>;
  return typeof templateId === 'string' && typeof content === 'object' && content !== null;
};

const requireNumbers = ({ runs, steps, seed }: Required<Pick<ComplianceOptions, 'runs' | 'steps' | 'seed'>>): void => {
  if (!isCount(runs) || !isCount(steps)) throw new TypeError('runs and steps are whole numbers from 1 on.');
  if (!Number.isSafeInteger(seed)) throw new TypeError('seed is a whole number.');
};

/** Throws one sentence for options that cannot be used. */
const requireOptions = (options: ComplianceOptions): void => {
  if (typeof options?.open !== 'function')
    throw new TypeError('compliance needs open: give it a function that opens the library on an empty store.');
  requireNumbers({ ...defaults, ...options });
  const { path = '0', templates = [] } = options;
  if (typeof path !== 'string' || !/^\d{1,9}$/.test(path))
    throw new TypeError('path is the number of a run in digits, as a failure says it.');
  if (!Array.isArray(templates) || !templates.every(isTemplate))
    throw new TypeError('templates is a list of templates, each with its templateId and its content.');
};

/** Runs that have been asked for, and what is known of how the library was opened for them. */
type Prepared = {
  readonly options: Required<Pick<ComplianceOptions, 'runs' | 'steps' | 'seed'>> & ComplianceOptions;
  readonly smallest: Trying['smallest'];
  readonly findings: Trying['findings'];
  readonly tried: (findings: Findings) => Tried;
};

const prepare = (given: ComplianceOptions): Prepared => {
  requireOptions(given);
  const options = { ...defaults, ...given };
  const { runs, steps, seed, templates, path, onProgress } = options;
  const { open, mistake, policy } = watched(options.open);
  const { findings, smallest } = trying({
    ...{ grounds: groundsOf(open), runs, mostSteps: steps, seed, worlds },
    ...(templates === undefined ? {} : { templates }),
    ...(path === undefined ? {} : { path }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return {
    options,
    smallest,
    findings: async () => {
      const found = await findings().catch((error: unknown) => {
        throw mistake() ?? error;
      });
      const wrong = mistake();
      if (wrong !== undefined) throw wrong;
      if (found.runs < runs) throw new Error(`compliance came to an end after ${found.runs} of ${runs} runs.`);
      return found;
    },
    tried: ({ reach }) =>
      triedWith({
        ...{ runs, steps, seed, path, calls: reach.calls ?? 0 },
        ...{ policy: policy()?.id ?? '', templates: templates ?? standardSetting.templates },
      }),
  };
};

const failureOf = async ({ smallest, options }: Prepared, { failed }: Findings, rule: Rule) => {
  const run = failed.get(rule.id);
  return run === undefined ? undefined : failureFrom(rule, await smallest(rule, run), options);
};

/**
 * The rules of the library as tests of a host's own: I01 to I28 and P1 to P10, each held against the same random runs of commands, questions and
 * clocks through the library as the host opens it. Needs fast-check.
 *
 * @example
 * const open = (given) => openFolja({ store: inMemoryStore(), masterKey, policy, ...given });
 * for (const { name, check } of compliance({ open })) test(name, check);
 */
export const compliance = (options: ComplianceOptions): ComplianceProperty[] => {
  const prepared = prepare(options);
  return rules.map((rule) => ({
    id: rule.id,
    name: `${rule.id} ${rule.en}`,
    swedish: rule.sv,
    sources: [...rule.sources],
    check: async () => {
      const failure = await failureOf(prepared, await prepared.findings(), rule);
      if (failure !== undefined) throw new Error(textOf(failure));
    },
  }));
};

/**
 * The same as data, for a report: what became of each rule, and how often the runs came to what the rules are about.
 *
 * @param onVerdict is told of each rule as soon as it is known
 */
export const verdicts = async (
  options: ComplianceOptions,
  onVerdict: (verdict: Verdict) => void = () => undefined,
): Promise<Verdicts> => {
  const prepared = prepare(options);
  const findings = await prepared.findings();
  const found: Verdict[] = [];
  for (const rule of rules) {
    const failure = await failureOf(prepared, findings, rule);
    const { id, en, sv, sources } = rule;
    const verdict = { ...{ id, en, sv, sources, runs: findings.runs }, ...(failure === undefined ? {} : { failure }) };
    found.push(verdict);
    onVerdict(verdict);
  }
  return { tried: prepared.tried(findings), seed: prepared.options.seed, verdicts: found, reach: findings.reach };
};
