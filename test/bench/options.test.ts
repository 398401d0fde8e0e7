import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { readOptions } from '../../bench/options.ts';
import { sections } from '../../bench/rows.ts';

const given = (...args: readonly string[]) => E.getOrElseW((said: string) => said)(readOptions(args));

describe('the options of the bench', () => {
  test('are everything in stores of two sizes, eleven rounds each, unless told', () => {
    expect(given()).toMatchObject({ sizes: [1_000, 10_000], rounds: 11, only: sections, isQuick: false });
    expect(given('--quick')).toMatchObject({ sizes: [100, 1_000], rounds: 3, isQuick: true });
    expect(given('--full')).toMatchObject({ sizes: [1_000, 10_000, 100_000] });
  });

  test('choose parts, sizes, rounds, a seed and where stores and figures lie', () => {
    const wanted = given('--only', 'commands,views', '--sizes', '5,10', '--rounds', '2', '--seed', '7', '--json', 'a');
    expect(wanted).toMatchObject({ only: ['commands', 'views'], sizes: [5, 10], rounds: 2, seed: 7, json: 'a' });
    expect(given('--keep', 'here')).toMatchObject({ kept: { directory: 'here', isThere: false } });
    expect(given('--from', 'here')).toMatchObject({ kept: { directory: 'here', isThere: true } });
  });

  test.each([
    [['--fast'], "Unknown option '--fast': --help says what there is."],
    [['--only', 'speed'], `"speed" is no part of the bench: --only takes ${sections.join(', ')}.`],
    [['--rounds', 'many'], '--rounds takes a whole number from 1 on, not "many".'],
    [['--seed', '-1'], /^Option '--seed' argument is ambiguous/],
    [['--sizes', '10,5'], '--sizes takes two numbers of programs or more, the smallest first, not "10,5".'],
    [['--quick', '--full'], '--quick and --full are two benches: give one of them.'],
    [['--keep', 'a', '--from', 'a'], '--keep fills stores and --from uses them: give one.'],
  ])('that cannot be used are told in a sentence: %j', (args, sentence) => {
    expect(given(...args)).toEqual(typeof sentence === 'string' ? sentence : expect.stringMatching(sentence));
  });
});
