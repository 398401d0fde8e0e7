import { cpSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished } from 'vitest';
import { copyProgram, programOf, readModel } from '../../bench/copying.ts';
import { liveModel } from '../../bench/model.ts';
import { memoryDatabase } from '../../src/eventStore/memoryDatabase.ts';
import { compareWithRebuild } from '../../src/projections/comparing.ts';
import { all } from '../../src/projections/projection.ts';
import { passingIn } from '../../src/projections/rebuilding/passing.ts';
import { registeredTables } from '../../src/projections/register.ts';
import { aDirectory, openIn, rightOf, type World } from './world.ts';

/** Programs of a store whose log is long enough for a thread of its own, and for its phases to be seen. */
export const manyPrograms = 150;

/** Fills a library with whole programs that have ended. */
export const fill = async ({ folja, engine }: Pick<World, 'folja' | 'engine'>, programs: number): Promise<void> => {
  await liveModel(folja);
  const model = await readModel(engine);
  const numbers = Array.from({ length: programs }, (_, index) => index + 1);
  await Promise.all(numbers.map((number) => copyProgram(engine, model, number)));
};

/** More programs, as if another process had them. */
export const addPrograms = async ({ engine }: Pick<World, 'engine'>, from: number, count: number): Promise<void> => {
  const model = await readModel(engine);
  for (let number = from; number < from + count; number += 1) await copyProgram(engine, model, number);
};

let filled: string | undefined;

/** The directory of a filled store that nobody has open: a copy of one that is made once. */
export const aFilledDirectory = async (): Promise<string> => {
  if (filled === undefined) {
    const made = mkdtempSync(join(process.env.FOLJA_PREPARED ?? tmpdir(), 'folja-rebuild-'));
    const directory = aDirectory();
    const world = await openIn(directory);
    await fill(world, manyPrograms);
    await world.close();
    cpSync(directory, made, { recursive: true });
    filled = made;
  }
  const copy = aDirectory();
  cpSync(filled, copy, { recursive: true });
  return copy;
};

/** Where in a rebuild the files of a store are, as whoever looks at them sees it. */
export type Phase = 'building' | 'copying' | 'emptying' | 'none';

/** Looks at the files of a store without disturbing who works with them. */
export const phaseOf = (directory: string): Phase => {
  const db = new Sqlite(join(directory, 'unit.db'), { readonly: true });
  try {
    if (passingIn(db, 'former').length > 0) return 'emptying';
    if (passingIn(db, 'anew').length > 0) return 'copying';
    return existsSync(join(directory, 'unit.db.rebuild')) ? 'building' : 'none';
  } finally {
    db.close();
  }
};

/** What the read models show otherwise than a comparison makes them from the events: nothing where all is well. */
export const differencesIn = async ({ engine }: Pick<World, 'engine'>): Promise<unknown> => {
  const beside = await memoryDatabase();
  try {
    return rightOf(await compareWithRebuild(engine.events, engine.readModels, beside), 'a comparison');
  } finally {
    beside.close();
  }
};

/** That read models equal their events, and nothing that a rebuild had on its way is left. */
export const expectRebuilt = async (world: Pick<World, 'engine' | 'directory'>): Promise<void> => {
  expect(await differencesIn(world)).toMatchObject({ kind: 'compared', differences: [] });
  expect(['anew', 'former'].flatMap((passing) => passingIn(world.engine.readModels, passing as 'anew'))).toEqual([]);
  expect(world.engine.readModels.pragma('integrity_check', { simple: true })).toBe('ok');
  if (world.directory !== '') expect(existsSync(join(world.directory, 'unit.db.rebuild'))).toBe(false);
};

/** Tables, those on their way among them, that hold a row of a program. */
export const holding = ({ engine: { readModels } }: Pick<World, 'engine'>, programId: string): readonly string[] => {
  const passing = [...passingIn(readModels, 'anew'), ...passingIn(readModels, 'former')];
  return Object.entries(registeredTables).flatMap(([table, how]) => {
    if (!('program' in how)) return [];
    const names = [table, ...passing.filter((name) => [`${table}_anew`, `${table}_former`].includes(name))];
    return names.filter((name) => all(readModels, `SELECT 1 FROM ${name} WHERE ${how.program} = ?`, programId).length);
  });
};

/** Waits until something is so. */
export const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
};

/** Alters a row where a rebuild has to mend it: it is there afterwards only if the tables are still the same. */
export const alter = ({ engine }: Pick<World, 'engine'>): (() => boolean) => {
  engine.readModels.prepare("UPDATE programs SET clinician = 'altered' WHERE program_id = ?").run(programOf(1));
  const altered = engine.readModels.prepare("SELECT 1 FROM programs WHERE clinician = 'altered'");
  expect(altered.get()).toBeDefined();
  return () => altered.get() !== undefined;
};

/** Removes what a test of its own has opened. */
export const later = (work: () => unknown): void => onTestFinished(async () => void (await work()));
