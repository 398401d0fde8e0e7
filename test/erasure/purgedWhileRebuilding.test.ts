import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { programOf } from '../../bench/copying.ts';
import { purge } from '../../bench/model.ts';
import type { Engine } from '../../src/eventStore/engine.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { aFilledDirectory, expectRebuilt } from '../library/rebuilds.ts';
import { beginApart } from '../library/rebuildsApart.ts';
import { open, type World } from '../library/world.ts';
import { type RowOnPage, recordsIn, recordsOf } from './recordsOf.ts';
import { filesIn } from './scanning.ts';

const phases = ['building', 'copying', 'swapping', 'emptying'] as const;
type Phase = (typeof phases)[number];
type Weaken = (engine: Engine) => Engine;

/** The library on the files of a directory, and what is found in them of a program. */
const opened = async (directory: string, weaken: Weaken): Promise<World> => {
  const store = sqliteStore({ path: join(directory, 'unit.db') });
  return open({ open: async (...given) => weaken(await store.open(...given)) }, directory);
};

const purged = programOf(2);

/** How many of the program's rows lie in each file of a directory that has any: the store, what is built beside it, logs, journals and whatever else is there. */
const scanned = (directory: string, rows: readonly RowOnPage[]): Readonly<Record<string, number>> => {
  const found = filesIn(directory).map(
    (file) => [basename(file), recordsIn(readFileSync(file), purged, rows).length] as const,
  );
  return Object.fromEntries(found.filter(([, count]) => count > 0));
};

/** A purge by another process than the one that rebuilds, which has stopped in a phase; in the middle of the swap it waits for that. */
const purgedIn = async (phase: Phase, weaken: Weaken = (engine) => engine) => {
  const directory = await aFilledDirectory();
  const world = await opened(directory, weaken);
  const rows = recordsOf(world.engine.readModels, purged);
  const rebuilding = beginApart(directory, { at: [phase] });
  await rebuilding.halted(phase);
  const before = scanned(directory, rows);
  const purging = purge(world.folja, purged);
  if (phase === 'swapping') {
    await wait(100);
    rebuilding.release();
  }
  expect(await purging).toBe(true);
  const after = scanned(directory, rows);
  if (phase !== 'swapping') rebuilding.release();
  expect(await rebuilding.closed).toEqual([0, null]);
  return { world, rows, before, after, ended: scanned(directory, rows) };
};

describe('a program that is purged while another process rebuilds', () => {
  test.each(phases)(
    'P12 R242 E1 leaves no row in any file of the store, neither then nor later: %s',
    async (phase) => {
      const { world, rows, before, after, ended } = await purgedIn(phase);
      expect(rows.length).toBeGreaterThan(30);
      // The live tables have each of them; what is on its way has them once more.
      expect(before['unit.db'] ?? 0).toBeGreaterThan(0.9 * rows.length);
      const side = Object.entries(before).filter(([name]) => name.startsWith('unit.db.rebuild'));
      expect(side.map(([, count]) => count > 10)).toContain(true);
      expect(after).toEqual({});
      expect(ended).toEqual({});
      await expectRebuilt(world);
    },
    300_000,
  );

  test('P12 E2 leaves its rows in the side file where the purge does not reach that (control)', async () => {
    const { before, after } = await purgedIn('building', (engine) => ({ ...engine, discardAside: () => undefined }));
    const inSide = Object.keys(before).filter((name) => name.startsWith('unit.db.rebuild'));
    expect(inSide).not.toEqual([]);
    expect(Object.keys(after).filter((name) => inSide.includes(name))).not.toEqual([]);
  }, 300_000);
});
