import { parseArgs } from 'node:util';

/** Which faults are tried, how often, and how it is told. */
export type Options = {
  readonly seed: number;
  /** Of the usual number of tries: 1, or a part or a multiple of it. */
  readonly times: number;
  readonly only: readonly string[];
  readonly json: boolean;
  readonly help: boolean;
};

const known = {
  seed: { type: 'string', default: process.env.FOLJA_SEED ?? '1177' },
  times: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

export const help = `Lets the SQLite store meet what can happen to a machine, and looks whether everything promised holds afterwards. Each fault is
tried once more with what protects from it switched off: that has to fail.

  npm run test:faults                   every fault
  npm run test:faults -- F3 F13         some of them
  npm run test:faults -- --times 10     ten times as many tries as usual
  npm run test:faults -- --seed 42      other moments; the same seed tries the same ones
  npm run test:faults -- --json         the table as JSON

Some need strace, gcc, faketime or root; where those are missing the table says so. Ends with 0 when everything held, else with 1, and with 2
when it was called wrongly.`;

/** Reads the command line: the options, or one sentence that says what is wrong with it. */
export const readOptions = (given: readonly string[]): Options | string => {
  const { tokens } = parseArgs({ args: [...given], options: known, strict: false, tokens: true });
  const strange = tokens.find(
    (token) =>
      (token.kind === 'option' && !(token.name in known)) ||
      (token.kind === 'positional' && !/^F\d{1,2}$/.test(token.value)),
  );
  if (strange !== undefined)
    return `${given[strange.index]} is neither a fault, such as F3, nor one of --seed, --times, --json, --help.`;
  const { values, positionals } = parseArgs({ args: [...given], options: known, allowPositionals: true });
  if (!/^\d+$/.test(values.seed)) return '--seed takes a whole number.';
  if (!(Number(values.times) > 0)) return '--times takes a number above 0.';
  return { ...values, seed: Number(values.seed), times: Number(values.times), only: positionals };
};
