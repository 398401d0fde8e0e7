import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { describe, expect, test } from 'vitest';
import type { StoreError } from '../../src/eventStore/eventStore.ts';
import { memoryDatabase } from '../../src/eventStore/memoryDatabase.ts';
import { besideOthers, catchUp, undisturbed } from '../../src/projections/catchingUp.ts';
import { checkpoint } from '../../src/projections/checkpoints.ts';
import type { Log } from '../../src/projections/following.ts';
import { describedIndexes, dropIndexes } from '../../src/projections/indexes.ts';
import { all } from '../../src/projections/projection.ts';
import { install, prepareReadModels } from '../../src/projections/runner.ts';
import { aFilledDirectory, differencesIn } from '../library/rebuilds.ts';
import { openIn, rightOf } from '../library/world.ts';

const both = ['inline', 'audit'] as const;

const schemaOf = (db: Database): readonly unknown[] =>
  all(db, 'SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name');

const missingIn = (db: Database): readonly string[] => {
  const there = all<{ readonly name: string }>(db, "SELECT name FROM sqlite_schema WHERE type = 'index'");
  return describedIndexes.flatMap(({ name }) => (there.some((one) => one.name === name) ? [] : [name]));
};

const readModels = async (): Promise<Database> => {
  const db = await memoryDatabase();
  prepareReadModels(db);
  return db;
};

const aLongLog = async () => openIn(await aFilledDirectory());

describe('read models that are filled from a long log', () => {
  test('P10 have no index that only views ask while they are filled, and all of them after', async () => {
    const world = await aLongLog();
    const db = await readModels();
    const before = schemaOf(db);
    const missing: number[] = [];
    const onProgress = (): void => void missing.push(missingIn(db).length);
    rightOf(await catchUp(world.engine.events, db, both, onProgress, undisturbed), 'the end of the log');
    expect(Math.min(...missing)).toBe(describedIndexes.length);
    expect(schemaOf(db)).toEqual(before);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(await differencesIn({ engine: { ...world.engine, readModels: db } })).toMatchObject({ differences: [] });
  });

  test('have their indexes all the while where somebody else may ask', async () => {
    const { engine } = await aLongLog();
    const db = await readModels();
    const onProgress = (): void => expect(missingIn(db)).toEqual([]);
    rightOf(await catchUp(engine.events, db, both, onProgress, besideOthers), 'the end of the log');
  });

  test('have them again where the log cannot be read to its end', async () => {
    const { engine } = await aLongLog();
    const db = await readModels();
    const damaged: StoreError = { kind: 'damaged', what: 'event at position 900' };
    const log: Log = {
      lastPosition: engine.events.lastPosition,
      readAll: (after, limit) => (after > 900 ? TE.left(damaged) : engine.events.readAll(after, limit)),
    };
    expect(await catchUp(log, db, both, undefined, undisturbed)).toEqual(E.left(damaged));
    expect(checkpoint(db, 'inline')).toBeGreaterThan(500);
    expect(missingIn(db)).toEqual([]);
  });

  test('have them again at the next opening where a stop has left them without', async () => {
    const db = await readModels();
    dropIndexes(db, both);
    expect(missingIn(db)).toEqual(describedIndexes.map(({ name }) => name));
    prepareReadModels(db);
    expect(missingIn(db)).toEqual([]);
  });

  test('control: tables alone are made without them', async () => {
    const db = await memoryDatabase();
    db.transaction(() => install(db))();
    expect(missingIn(db)).toHaveLength(describedIndexes.length);
    expect(describedIndexes.length).toBeGreaterThan(10);
  });

  test('are each brought up to the end where one of them had come further', async () => {
    const { engine } = await aLongLog();
    const db = await readModels();
    const { right: last } = (await engine.events.lastPosition()()) as E.Right<number>;
    const until: Log = {
      lastPosition: () => TE.right(700),
      readAll: (after, limit) => engine.events.readAll(after, Math.min(limit, 700 - after)),
    };
    rightOf(await catchUp(until, db, 'inline', undefined, undisturbed), 'a part');
    expect(both.map((group) => checkpoint(db, group))).toEqual([700, 0]);
    rightOf(await catchUp(engine.events, db, both, undefined, undisturbed), 'the end of the log');
    expect(both.map((group) => checkpoint(db, group))).toEqual([last, last]);
    expect(await differencesIn({ engine: { ...engine, readModels: db } })).toMatchObject({ differences: [] });
  });
});
