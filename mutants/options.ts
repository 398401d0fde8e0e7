import { parseArgs } from 'node:util';

/** Which mutants are tried, and how long each. */
export type Options = {
  readonly runs: number;
  readonly seed: number;
  readonly only: readonly string[];
  readonly json: boolean;
  readonly help: boolean;
};

const known = {
  runs: { type: 'string', default: '60' },
  seed: { type: 'string', default: process.env.FOLJA_SEED ?? '1177' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

export const help = `Puts one mistake after the other into the library, and looks whether the compliance properties find it, or, where it is
out of their reach, the tests that are named with it. Each runs in a process of its own; nothing on the disk is changed.

  npm run test:mutants                          every mutant
  npm run test:mutants -- key-not-destroyed     some of them
  npm run test:mutants -- --runs 200            longer, before one is said to survive
  npm run test:mutants -- --seed 42             other runs
  npm run test:mutants -- --json                the table as JSON

Ends with 0 when every mutant is caught, else with 1, and with 2 when it was called wrongly.`;

const isWhole = (text: string): boolean => /^[1-9]\d*$/.test(text);

/** Reads the command line: the options, or one sentence that says what is wrong with it. */
export const readOptions = (given: readonly string[], ids: readonly string[]): Options | string => {
  const { tokens } = parseArgs({ args: [...given], options: known, strict: false, tokens: true });
  const strange = tokens.find(
    (token) =>
      (token.kind === 'option' && !(token.name in known)) ||
      (token.kind === 'positional' && !ids.includes(token.value)),
  );
  if (strange !== undefined)
    return `${given[strange.index]} is neither a mutant nor one of --runs, --seed, --json, --help.`;
  const { values, positionals } = parseArgs({ args: [...given], options: known, allowPositionals: true });
  if (!isWhole(values.runs) || !isWhole(values.seed)) return '--runs and --seed take a whole number.';
  return { ...values, runs: Number(values.runs), seed: Number(values.seed), only: positionals };
};
