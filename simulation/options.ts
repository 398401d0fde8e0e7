import { parseArgs } from 'node:util';

/** How large the region is, and which of all random years it lives. */
export type Options = {
  readonly units: number;
  readonly programs: number;
  readonly days: number;
  readonly seed: number;
  readonly keep: boolean;
  readonly help: boolean;
};

const known = {
  units: { type: 'string', default: '20' },
  programs: { type: 'string', default: '2000' },
  days: { type: 'string', default: '365' },
  seed: { type: 'string', default: '1177' },
  keep: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

export const help = `Lives a year of a region on a fresh SQLite store: random but seeded staff, residents and clock. At the end every
invariant is checked, and the views are compared with those of a rebuild.

  npm run simulate                                      20 units, 2000 programs
  npm run simulate -- --units 4 --programs 50           a smaller region
  npm run simulate -- --days 120                        a shorter year
  npm run simulate -- --seed 42                         another year; the same seed lives the same one
  npm run simulate -- --keep                            leaves the files, and prints where

Ends with 0 when everything holds, with 1 when something does not, and with 2 when it was called wrongly.`;

const names = Object.keys(known).map((name) => `--${name}`);
const bounds = { units: [3, 500], programs: [1, 100_000], days: [30, 730], seed: [0, 2 ** 31] } as const;

const outside = (values: Readonly<Record<keyof typeof bounds, string>>): string | undefined =>
  (Object.keys(bounds) as (keyof typeof bounds)[]).find((name) => {
    const [least, most] = bounds[name];
    return !/^\d+$/.test(values[name]) || Number(values[name]) < least || Number(values[name]) > most;
  });

/** Reads the command line: the options, or one sentence that says what is wrong with it. */
export const readOptions = (given: readonly string[]): Options | string => {
  const { tokens } = parseArgs({ args: [...given], options: known, strict: false, tokens: true });
  const strange = tokens.find((token) => token.kind !== 'option' || !(token.name in known));
  if (strange !== undefined)
    return `The simulation does not know ${given[strange.index]}: it takes ${names.join(', ')}.`;
  const { values } = parseArgs({ args: [...given], options: known, strict: false }) as unknown as {
    readonly values: Readonly<Record<keyof typeof bounds, string>> & Pick<Options, 'keep' | 'help'>;
  };
  const wrong = outside(values);
  if (wrong !== undefined) return `--${wrong} takes a whole number from ${bounds[wrong as 'units'].join(' to ')}.`;
  const { keep, help: wantsHelp, ...numbers } = values;
  const { units, programs, days, seed } = numbers;
  return {
    ...{ units: Number(units), programs: Number(programs), days: Number(days), seed: Number(seed) },
    ...{ keep, help: wantsHelp },
  };
};
