import { describe, expect, test } from 'vitest';
import { programOf } from '../../bench/copying.ts';
import { purge } from '../../bench/model.ts';
import { aFilledDirectory, holding, phaseOf } from './rebuilds.ts';
import { beginApart } from './rebuildsApart.ts';
import { openIn } from './world.ts';

/** The tables that hold a purged program when a slice of a copy has come to its end that had begun before the purge. */
const afterLateSlice = async (without: readonly string[]): Promise<readonly string[]> => {
  const directory = await aFilledDirectory();
  const world = await openIn(directory);
  const purged = programOf(1);
  const { halted, release, kill } = beginApart(directory, { at: ['slice', 'next'], without });
  await halted('slice');
  expect(phaseOf(directory)).toBe('copying');
  expect(await purge(world.folja, purged)).toBe(true);
  expect(holding(world, purged)).toEqual([]);
  release();
  await halted('next');
  expect(await kill()).toBe('SIGKILL');
  return holding(world, purged);
};

describe('a slice of a copy that has begun when a purge comes', () => {
  test('P12 R242 writes nothing of the program: the mark is gone', async () => {
    expect(await afterLateSlice([])).toEqual([]);
  });

  test('P12 R242 would write what was read before, without a look at the mark (control)', async () => {
    expect(await afterLateSlice(['a look at the mark'])).not.toEqual([]);
  });
});
