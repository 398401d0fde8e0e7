import { parseArgs } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import { type Section, sections } from './rows.ts';

/** What somebody wants measured. */
export type Options = {
  readonly help: boolean;
  readonly isQuick: boolean;
  /** How many programs the stores hold, the smallest first. */
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly seed: number;
  readonly only: readonly Section[];
  /** Where the table is written as JSON. */
  readonly json?: string;
  /** Where filled stores lie, and whether they are to be there already. */
  readonly kept?: { readonly directory: string; readonly isThere: boolean };
};

const taken = {
  quick: { type: 'boolean', default: false },
  full: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  sizes: { type: 'string' },
  rounds: { type: 'string' },
  seed: { type: 'string', default: '1177' },
  only: { type: 'string' },
  json: { type: 'string' },
  keep: { type: 'string' },
  from: { type: 'string' },
} as const;

type Given = ReturnType<typeof parse>;
const parse = (args: readonly string[]) => parseArgs({ args: [...args], options: taken }).values;

const isSection = (name: string): name is Section => sections.some((section) => section === name);

const onlyOf = ({ only }: Given): E.Either<string, readonly Section[]> => {
  const names = only?.split(',').map((name) => name.trim()) ?? sections;
  const unknown = names.find((name) => !isSection(name));
  return unknown === undefined
    ? E.right(names.filter(isSection))
    : E.left(`"${unknown}" is no part of the bench: --only takes ${sections.join(', ')}.`);
};

const wholeOf = (name: string, text: string, least: number): E.Either<string, number> =>
  Number.isSafeInteger(Number(text)) && Number(text) >= least
    ? E.right(Number(text))
    : E.left(`--${name} takes a whole number from ${least} on, not "${text}".`);

const usualSizes = ({ quick, full }: Given): readonly number[] =>
  quick ? [100, 1_000] : [1_000, 10_000, ...(full ? [100_000] : [])];

const sizesOf = (given: Given): E.Either<string, readonly number[]> => {
  const sizes = given.sizes?.split(',').map(Number) ?? usualSizes(given);
  const isRising = sizes.every((size, index) => Number.isSafeInteger(size) && size > (sizes[index - 1] ?? 0));
  return isRising && sizes.length > 1
    ? E.right(sizes)
    : E.left(`--sizes takes two numbers of programs or more, the smallest first, not "${given.sizes}".`);
};

const usualRounds = 11;
const quickRounds = 3;

const read = (given: Given): E.Either<string, Options> => {
  const { help, quick, full, json, keep, from } = given;
  if (quick && full) return E.left('--quick and --full are two benches: give one of them.');
  if (keep !== undefined && from !== undefined) return E.left('--keep fills stores and --from uses them: give one.');
  const only = onlyOf(given);
  if (E.isLeft(only)) return only;
  const rounds = wholeOf('rounds', given.rounds ?? `${quick ? quickRounds : usualRounds}`, 1);
  if (E.isLeft(rounds)) return rounds;
  const seed = wholeOf('seed', given.seed, 0);
  if (E.isLeft(seed)) return seed;
  const sizes = sizesOf(given);
  if (E.isLeft(sizes)) return sizes;
  const directory = keep ?? from;
  return E.right({
    ...{ help, isQuick: quick, sizes: sizes.right, rounds: rounds.right, seed: seed.right, only: only.right },
    ...(json === undefined ? {} : { json }),
    ...(directory === undefined ? {} : { kept: { directory, isThere: from !== undefined } }),
  });
};

/** Reads the options of the bench; Left with a sentence that says what to do. */
export const readOptions = (args: readonly string[]): E.Either<string, Options> => {
  try {
    return read(parse(args));
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/\.? To specify.*$/, '') : 'The options are not usable';
    return E.left(`${said}: --help says what there is.`);
  }
};
