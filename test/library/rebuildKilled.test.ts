import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { programOf } from '../../bench/copying.ts';
import { purge } from '../../bench/model.ts';
import { passingIn } from '../../src/projections/rebuilding/passing.ts';
import {
  addPrograms,
  aFilledDirectory,
  differencesIn,
  expectRebuilt,
  holding,
  type Phase,
  phaseOf,
  until,
} from './rebuilds.ts';
import { beginApart } from './rebuildsApart.ts';
import { openIn, type World } from './world.ts';

/** Lines of progress that have something done, of all that were printed. */
const hasBegun = (printed: string): boolean => /^\[[1-9]\d{2,},/m.test(printed);

/** A directory in which a rebuild was killed in a phase, at any moment of it. */
const killedIn = async (phase: Phase): Promise<string> => {
  for (;;) {
    const directory = await aFilledDirectory();
    const { child, closed, printed } = beginApart(directory);
    await until(
      () => child.exitCode !== null || (phaseOf(directory) === phase && (phase !== 'building' || hasBegun(printed()))),
    );
    child.kill('SIGKILL');
    const [, signal] = await closed;
    // One that was over sooner is no kill.
    if (signal === 'SIGKILL' && phaseOf(directory) === phase) return directory;
  }
};

/** A directory in which a rebuild was killed where it had stopped: in the middle of a slice, or when half of the tables had their new names. */
const killedAt = async (place: 'rows' | 'swapping', without: readonly string[] = []): Promise<string> => {
  const directory = await aFilledDirectory();
  const { halted, kill } = beginApart(directory, { at: [place], without });
  await halted(place);
  expect(await kill()).toBe('SIGKILL');
  return directory;
};

/** Rebuilds, and gives what was done when it began. */
const rebuilt = async ({ folja }: World): Promise<number> => {
  const progress: number[] = [];
  await folja.rebuild({ onProgress: (done) => progress.push(done) });
  return progress[0] ?? 0;
};

/** What becomes of another rebuild where one was killed: `done` where it goes on, and read models are then as they are to be. */
const afterwards = async (directory: string): Promise<string> => {
  try {
    const world = await openIn(directory);
    await rebuilt(world);
    await expectRebuilt(world);
    return 'done';
  } catch (error) {
    return error instanceof Error ? error.message : 'another error';
  }
};

describe('a process that is killed while it rebuilds', () => {
  test.each(['building', 'copying', 'emptying'] as const)(
    'P9 P10 while it is %s leaves read models as they are to be, and another rebuild goes on',
    async (phase) => {
      const world = await openIn(await killedIn(phase));
      expect(await differencesIn(world)).toMatchObject({ differences: [] });
      await addPrograms(world, 1_000, 1);
      expect(await differencesIn(world)).toMatchObject({ differences: [] });
      expect(await rebuilt(world)).toBeGreaterThan(0);
      await expectRebuilt(world);
      expect(await rebuilt(world)).toBe(0);
    },
  );

  test('P9 P10 in the middle of a slice leaves rows and their position as they were before it', async () => {
    expect(await afterwards(await killedAt('rows'))).toBe('done');
  });

  test('P9 P10 in the middle of putting tables in their place leaves all of them as they were, and another rebuild goes on', async () => {
    const directory = await killedAt('swapping');
    expect(phaseOf(directory)).toBe('copying');
    const world = await openIn(directory);
    expect(await differencesIn(world)).toMatchObject({ differences: [] });
    expect(await rebuilt(world)).toBeGreaterThan(0);
    await expectRebuilt(world);
  });

  test('P10 while it clears up leaves that to the next opening', async () => {
    const world = await openIn(await killedIn('emptying'));
    await until(() => passingIn(world.engine.readModels, 'former').length === 0);
    expect(await differencesIn(world)).toMatchObject({ differences: [] });
  });

  test.each(['building', 'copying', 'emptying'] as const)(
    'P12 R242 while it is %s leaves nothing that a purge does not reach, and the next rebuild begins anew',
    async (phase) => {
      const world = await openIn(await killedIn(phase));
      const purged = programOf(7);
      expect(await purge(world.folja, purged)).toBe(true);
      expect(holding(world, purged)).toEqual([]);
      expect(existsSync(join(world.directory, 'unit.db.rebuild'))).toBe(false);
      expect(await rebuilt(world)).toBe(0);
      expect(holding(world, purged)).toEqual([]);
      await expectRebuilt(world);
    },
  );
});

describe('a process that is killed while it rebuilds without what protects from it (control)', () => {
  test('P9 P10 is not survived where rows move without their position: they are there twice', async () => {
    const directory = await killedAt('rows', ['a transaction of rows and position']);
    expect(await afterwards(directory)).toMatch(/^The rebuild .*damaged/);
  });

  test('P9 P10 is not survived where tables are put in their place one by one: the file cannot be opened', async () => {
    const directory = await killedAt('swapping', ['a transaction of the swap']);
    expect(await afterwards(directory)).toMatch(/^The event store is damaged/);
  });
});

describe('a rebuild in another process', () => {
  test('P10 takes in what is committed here, and one that is asked for here waits for it', async () => {
    const directory = await aFilledDirectory();
    const world = await openIn(directory);
    const { child, closed, printed } = beginApart(directory);
    await until(() => hasBegun(printed()));
    await addPrograms(world, 1_000, 4);
    const here = world.folja.rebuild();
    await until(() => child.exitCode !== null || phaseOf(directory) === 'copying');
    await addPrograms(world, 2_000, 4);
    expect(await closed).toEqual([0, null]);
    expect((await here).events).toBeGreaterThanOrEqual(Number(/"events":(\d+)/.exec(printed())?.[1]));
    await expectRebuilt(world);
  });
});
