import { spawn } from 'node:child_process';
import { once } from 'node:events';
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
  later,
  type Phase,
  phaseOf,
  until,
} from './rebuilds.ts';
import { masterKey, openIn, type World } from './world.ts';

/** A process of its own that rebuilds. */
const begin = (directory: string) => {
  const given = { path: join(directory, 'unit.db'), key: Buffer.from(masterKey).toString('hex') };
  const args = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  const program = join(import.meta.dirname, 'rebuildingProcess.ts');
  const child = spawn(process.execPath, ['--no-warnings', program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  later(() => child.kill('SIGKILL'));
  let printed = '';
  child.stdout.on('data', (text: Buffer) => {
    printed += text.toString();
  });
  return { child, closed: once(child, 'close'), printed: () => printed };
};

/** Lines of progress that have something done, of all that were printed. */
const hasBegun = (printed: string): boolean => /^\[[1-9]\d{2,},/m.test(printed);

/** A directory in which a rebuild was killed in a phase. */
const killedIn = async (phase: Phase): Promise<string> => {
  for (;;) {
    const directory = await aFilledDirectory();
    const { child, closed, printed } = begin(directory);
    await until(
      () => child.exitCode !== null || (phaseOf(directory) === phase && (phase !== 'building' || hasBegun(printed()))),
    );
    child.kill('SIGKILL');
    const [, signal] = await closed;
    // One that was over sooner is no kill.
    if (signal === 'SIGKILL' && phaseOf(directory) === phase) return directory;
  }
};

/** Rebuilds, and gives what was done when it began. */
const rebuilt = async ({ folja }: World): Promise<number> => {
  const progress: number[] = [];
  await folja.rebuild({ onProgress: (done) => progress.push(done) });
  return progress[0] ?? 0;
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

describe('a rebuild in another process', () => {
  test('P10 takes in what is committed here, and one that is asked for here waits for it', async () => {
    const directory = await aFilledDirectory();
    const world = await openIn(directory);
    const { child, closed, printed } = begin(directory);
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
