import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ComplianceOptions, Verdict, Verdicts } from '../../compliance.ts';
import { type Kit, loadKit, loadOptions } from '../compliance/loading.ts';
import { withOwnStores } from '../compliance/ownStores.ts';
import { type CliCommand, positive } from '../options.ts';
import { progressOn } from '../progress.ts';
import { unavailableError, usageError } from '../stopping.ts';
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts';

const formats = ['text', 'md', 'json'] as const;

type Options = {
  readonly module?: string;
  readonly format: (typeof formats)[number];
  readonly runs?: number;
  readonly steps?: number;
  readonly seed?: number;
  readonly path?: string;
  readonly quiet?: boolean;
};

const lineOf = ({ id, en, failure }: Verdict): string =>
  `${id.padEnd(8)}${failure === undefined ? 'holds          ' : 'DOES NOT HOLD  '}${en}\n`;

const textAfter = (found: Verdicts, { failureText, sumOf }: Kit): string => {
  const failures = found.verdicts.flatMap(({ failure }) =>
    failure === undefined ? [] : [`\n${failureText(failure)}\n`],
  );
  return `${failures.join('')}\n${sumOf(found)}\n`;
};

const givenIn = ({ runs, steps, seed, path }: Options): Partial<ComplianceOptions> => ({
  ...(runs === undefined ? {} : { runs }),
  ...(steps === undefined ? {} : { steps }),
  ...(seed === undefined ? {} : { seed }),
  ...(path === undefined ? {} : { path }),
});

const sentenceOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

/** Tries all rules; whatever keeps them from being tried ends with a sentence of its own. */
const tried = async (
  kit: Kit,
  options: ComplianceOptions,
  onVerdict: (verdict: Verdict) => void,
): Promise<Verdicts> => {
  try {
    return await kit.verdicts(options, onVerdict);
  } catch (error) {
    if (error instanceof TypeError) throw usageError(sentenceOf(error));
    throw unavailableError(sentenceOf(error));
  }
};

const report = (found: Verdicts, kit: Kit, format: Options['format'], at: string): string => {
  if (format === 'text') return textAfter(found, kit);
  return format === 'md' ? kit.reportAsMarkdown(found, { at }) : kit.reportAsJson(found, { at });
};

const tryAll = async (terminal: Terminal, kit: Kit, options: Options, host: ComplianceOptions): Promise<ExitCode> => {
  const { format, quiet } = options;
  const onProgress = progressOn(terminal, 'Trying', quiet);
  const found = await tried(kit, { ...host, ...givenIn(options), onProgress }, (verdict) => {
    if (format === 'text') terminal.out(lineOf(verdict));
  });
  terminal.out(report(found, kit, format, terminal.now().toISOString()));
  return found.verdicts.every(({ failure }) => failure === undefined) ? exitCodes.done : exitCodes.problems;
};

const run = async (terminal: Terminal, options: Options): Promise<ExitCode> => {
  const { module } = options;
  const kit = await loadKit();
  return module === undefined
    ? withOwnStores((open) => tryAll(terminal, kit, options, { open }))
    : tryAll(terminal, kit, options, await loadOptions(module));
};

const whole = (text: string): number => {
  if (/^-?\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number.');
};

const digits = (text: string): string => {
  if (/^\d{1,9}$/.test(text)) return text;
  throw new InvalidArgumentError('It is the number of a run, as a failure says it.');
};

const declare = (command: Command): Command =>
  command
    .argument('[module]', 'a module whose default export are the options of compliance; the library itself unless told')
    .addOption(new Option('--format <name>', 'how the report is printed').choices([...formats]).default('text'))
    .option('--runs <number>', 'how many runs; 100 unless told', positive)
    .option('--steps <number>', 'how many steps a run has at most; 36 unless told', positive)
    .option('--seed <number>', 'which runs, of all: the same number gives the same ones; 1177 unless told', whole)
    .option('--path <number>', 'begins with this run: what a failure says of itself', digits)
    .option('--quiet', 'no progress');

/** Holds the rules of the library against random runs, through the library as a host opens it. */
export const compliance: CliCommand = {
  name: 'compliance',
  summary: 'whether the rules hold in random runs through the library as a host opens it; needs fast-check',
  declare,
  run,
};
