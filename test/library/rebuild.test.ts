import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { programOf } from '../../bench/copying.ts';
import { clinician, purge } from '../../bench/model.ts';
import {
  addPrograms,
  aFilledDirectory,
  alter,
  differencesIn,
  expectRebuilt,
  fill,
  holding,
  manyPrograms,
  type Phase,
  phaseOf,
  until,
} from './rebuilds.ts';
import { aWorld, codeOf, openIn, type Rows, type World } from './world.ts';

const overview = { view: 'overview', tab: 'ended' } as const;

/** Commands and views, one after the other, until it is enough. */
const goingOn = async (world: World, isOver: () => boolean): Promise<number> => {
  let count = 0;
  for (let number = 1_000; !isOver(); number += 1) {
    await addPrograms(world, number, 1);
    expect((await world.sees<Rows>(overview, clinician)).rows).toHaveLength(50);
    count += 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return count;
};

const worldOf = async (kind: 'in memory' | 'in SQLite'): Promise<World> => {
  if (kind === 'in SQLite') return openIn(await aFilledDirectory());
  const world = await aWorld(kind);
  await fill(world, manyPrograms);
  return world;
};

/** Starts a rebuild; tells whether it has ended. */
const rebuilding = (world: World) => {
  let isOver = false;
  const progress: (readonly [number, number])[] = [];
  const ended = world.folja.rebuild({ onProgress: (done, total) => progress.push([done, total]) }).finally(() => {
    isOver = true;
  });
  return { ended, progress, isOver: () => isOver };
};

describe.each(['in memory', 'in SQLite'] as const)('a rebuild %s', (kind) => {
  test('P10 while commands and views go on gives what following event by event gives', async () => {
    const world = await worldOf(kind);
    const isAltered = alter(world);
    expect(await differencesIn(world)).not.toMatchObject({ differences: [] });
    const { ended, progress, isOver } = rebuilding(world);
    const count = await goingOn(world, isOver);
    await ended;
    expect(count).toBeGreaterThan(3);
    expect(isAltered()).toBe(false);
    await expectRebuilt(world);
    expect(progress[0]?.[0]).toBe(0);
    expect(progress.map(([done]) => done)).toEqual(progress.map(([done]) => done).toSorted((a, b) => a - b));
    const [done, total] = progress.at(-1) ?? [];
    expect(done).toBe(total);
  });

  test('P10 P12 while programs are purged begins again, and leaves no row of them', async () => {
    const world = await worldOf(kind);
    const { ended } = rebuilding(world);
    for (const number of [3, 4, 5]) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      expect(await purge(world.folja, programOf(number))).toBe(true);
      expect(holding(world, programOf(number))).toEqual([]);
    }
    await ended;
    await expectRebuilt(world);
    for (const number of [3, 4, 5]) {
      expect(holding(world, programOf(number))).toEqual([]);
      expect(codeOf(await world.folja.view({ view: 'program', programId: programOf(number) }, clinician))).toBe(
        'program-purged',
      );
    }
  });

  test('asked for twice at once is done twice, one after the other', async () => {
    const world = await worldOf(kind);
    const results = await Promise.all([world.folja.rebuild(), world.folja.rebuild()]);
    expect(results).toHaveLength(2);
    await expectRebuilt(world);
  });

  test('ends with the library, and says so', async () => {
    const world = await worldOf(kind);
    const ended = world.folja.rebuild().then(
      () => 'done',
      ({ problem }) => problem,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    await world.close();
    expect(await ended).toMatchObject({ kind: 'unavailable' });
  });
});

describe('the side file of a rebuild', () => {
  test('P12 lies beside the store, for its owner only, and goes when it is done', async () => {
    const world = await openIn(await aFilledDirectory());
    const file = join(world.directory, 'unit.db.rebuild');
    const { ended } = rebuilding(world);
    await until(() => existsSync(file));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await ended;
    expect(existsSync(file)).toBe(false);
    expect(existsSync(`${file}-wal`)).toBe(false);
  });

  test('P12 is found by the purge of another library, whatever it is in the middle of', async () => {
    const missed: Phase[] = [];
    for (const [index, phase] of (['building', 'copying', 'emptying'] as const).entries()) {
      const world = await openIn(await aFilledDirectory());
      const other = await openIn(world.directory, { clock: world.clock });
      const file = join(world.directory, 'unit.db.rebuild');
      const { ended, isOver } = rebuilding(world);
      await until(() => isOver() || (existsSync(file) && phaseOf(world.directory) === phase));
      if (isOver()) missed.push(phase);
      const madeAt = statSync(file, { throwIfNoEntry: false })?.birthtimeMs;
      const purged = programOf(10 + index);
      expect(await purge(other.folja, purged)).toBe(true);
      expect(holding(other, purged)).toEqual([]);
      // It is another one by now, or none.
      expect(statSync(file, { throwIfNoEntry: false })?.birthtimeMs).not.toBe(madeAt);
      await ended;
      expect(holding(world, purged)).toEqual([]);
      await expectRebuilt(world);
    }
    expect(missed).toEqual([]);
  });
});
