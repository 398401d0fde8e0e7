import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { describe, expect, test } from 'vitest';
import type { StoredEvent } from '../../src/eventStore/eventStore.ts';
import { memoryDatabase } from '../../src/eventStore/memoryDatabase.ts';
import { slicesOf } from '../../src/eventStore/slices.ts';
import { undisturbed } from '../../src/projections/catchingUp.ts';
import type { Log } from '../../src/projections/following.ts';
import { all } from '../../src/projections/projection.ts';
import { beginSide, standingOf } from '../../src/projections/rebuilding/building.ts';
import { noteChanges } from '../../src/projections/rebuilding/changes.ts';
import { beginCopy, copyIn, passingIn } from '../../src/projections/rebuilding/passing.ts';
import { type Rebuilding, rebuildBeside } from '../../src/projections/rebuilding/rebuild.ts';
import { makeTables, swapTables } from '../../src/projections/rebuilding/swapping.ts';
import { shapeOf } from '../../src/projections/rebuilding/tableShapes.ts';
import { groupedTables, prepareReadModels } from '../../src/projections/runner.ts';
import { aStartedProgram } from '../library/given.ts';
import { rightOf } from '../library/world.ts';

const tables = Object.keys(groupedTables);

const aSide = async (): Promise<Database> => {
  const side = await memoryDatabase();
  side.pragma('recursive_triggers = ON');
  return side;
};

const logOf = (events: readonly StoredEvent[]): Log => ({
  readAll: (after, limit) => TE.right(events.slice(after, after + limit)),
  lastPosition: () => TE.right(events.length),
});

/** Databases with read models, and a log for them. */
const aRebuild = async (more: Partial<Rebuilding> = {}) => {
  const world = await aStartedProgram('in memory');
  const events = await world.events();
  const [side, live] = [await aSide(), await memoryDatabase()];
  prepareReadModels(live);
  const given: Rebuilding = {
    ...{ events: logOf(events), side, live, reading: undisturbed, writing: undisturbed },
    ...{ mayGoOn: () => E.right(undefined), onProgress: () => undefined, ...more },
  };
  return { given, events, side, live };
};

const schemaOf = (db: Database): readonly unknown[] =>
  all(db, "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name <> 'standing' ORDER BY name");

const programsIn = (db: Database): number => all(db, 'SELECT 1 FROM programs').length;

describe('tables that are put in the place of others', () => {
  test('P10 have the names, the indexes and the texts that a new database has', async () => {
    const { given, live } = await aRebuild();
    const before = schemaOf(live);
    expect(rightOf(await rebuildBeside(given), 'a rebuild')).toBeGreaterThan(10);
    expect(schemaOf(live)).toEqual(before);
    expect(programsIn(live)).toBe(1);
    expect(live.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  test('are as before where the transaction in which they were put there fails', async () => {
    const { given, live, side } = await aRebuild();
    rightOf(await rebuildBeside(given), 'a rebuild');
    const before = schemaOf(live);
    makeTables(side, live, tables);
    const failing = live.transaction(() => {
      swapTables(live, tables);
      expect(programsIn(live)).toBe(0);
      throw new Error('as where a handler fails');
    });
    expect(() => failing.immediate()).toThrow('as where a handler fails');
    expect(programsIn(live)).toBe(1);
    expect(schemaOf(live).filter((entry) => !JSON.stringify(entry).includes('_anew'))).toEqual(before);
    live.prepare("INSERT INTO purged_programs VALUES ('a', 'b', 'c', 'd', 'e')").run();
    expect(live.pragma('integrity_check', { simple: true })).toBe('ok');
  });
});

describe('a copy that is taken away', () => {
  test('P12 ends the rebuild: nothing more is written', async () => {
    const { given, live } = await aRebuild();
    const turn = async (): Promise<void> => {
      if (copyIn(live) !== undefined) beginCopy(live, 999);
    };
    const ended = await rebuildBeside({ ...given, writing: { ...undisturbed, turn } });
    expect(ended).toEqual(E.left({ kind: 'discarded' }));
    expect(passingIn(live, 'anew')).toHaveLength(tables.length);
    expect(all(live, 'SELECT 1 FROM programs_anew')).toEqual([]);
    rightOf(await rebuildBeside({ ...given, side: await aSide() }), 'another');
    expect([passingIn(live, 'anew'), passingIn(live, 'former'), programsIn(live)]).toEqual([[], [], 1]);
  });
});

describe('what an earlier rebuild has built', () => {
  test('is of no use where the log has gone on differently, or the read models are of another version', async () => {
    const { given, events, side } = await aRebuild();
    rightOf(await rebuildBeside(given), 'a rebuild');
    expect(standingOf(side).position).toBe(events.length);
    const begun = async (log: Log) => rightOf(await beginSide(side, log), 'the beginning');
    expect(await begun(logOf(events))).toBe(true);
    const other = events.map((event) => ({ ...event, id: event.id.replace(/^./, 'f') }));
    expect(await begun(logOf(other))).toBe(false);
    expect(await begun(logOf(events.slice(0, -1)))).toBe(false);
    side.exec("UPDATE projections SET version = version + 1 WHERE name = 'programs'");
    expect(await begun(logOf(events))).toBe(false);
  });
});

describe('rows that change after they were copied', () => {
  const changed = async (isTold: boolean): Promise<readonly unknown[]> => {
    const side = await memoryDatabase();
    side.pragma(`recursive_triggers = ${isTold ? 'ON' : 'OFF'}`);
    side.exec(
      "CREATE TABLE letters (name TEXT PRIMARY KEY, text TEXT); INSERT INTO letters VALUES ('a', ''), ('b', '')",
    );
    const shape = shapeOf(side, 'letters');
    noteChanges(side, [shape]);
    // The row has another number after it was replaced: the one that it had is to go from the copy.
    side.exec("INSERT OR REPLACE INTO letters VALUES ('a', 'x')");
    side.exec("INSERT INTO letters VALUES ('b', 'x') ON CONFLICT DO UPDATE SET text = 'y'");
    return all(side, 'SELECT * FROM changed_letters');
  };

  test('P10 are noted, those that were replaced among them', async () => {
    expect(await changed(true)).toEqual([1, 2, 3].map((key) => ({ key_rowid: key })));
  });

  test('control: those that were replaced are missed where triggers do not fire for them', async () => {
    expect(await changed(false)).toEqual([2, 3].map((key) => ({ key_rowid: key })));
  });
});

describe('slices', () => {
  test('grow while there is time left, and no faster than twice', () => {
    const slices = slicesOf(4);
    const sizes = Array.from({ length: 8 }, () => {
      slices.begin()(slices.most());
      return slices.most();
    });
    expect(sizes).toEqual([32, 64, 128, 256, 500, 500, 500, 500]);
    expect(slicesOf(200).most()).toBe(500);
    const long = slicesOf(200);
    for (const _ of sizes) long.begin()(long.most());
    expect(long.most()).toBe(4_000);
  });

  test('are of one thing at least', () => {
    const slices = slicesOf(0);
    slices.begin()(1);
    expect(slices.most()).toBe(1);
  });
});
