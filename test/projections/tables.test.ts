import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { all } from '../../src/projections/projection.ts';
import { registeredTables } from '../../src/projections/register.ts';
import { readModelTables } from '../../src/projections/runner.ts';
import { aDirectory, aWorld, openIn, stores } from '../library/world.ts';

const tablesIn = (db: Parameters<typeof all>[0]): readonly string[] =>
  all<{ readonly name: string }>(
    db,
    "SELECT name FROM sqlite_schema WHERE type <> 'index' AND name <> 'sqlite_sequence' ORDER BY name",
  ).map(({ name }) => name);

const columnsOf = (db: Parameters<typeof all>[0], table: string): readonly string[] =>
  all<{ readonly name: string }>(db, 'SELECT name FROM pragma_table_info(?)', table).map(({ name }) => name);

describe.each(stores)('the database %s', (kind) => {
  test('P12 R242 E4 holds no table that is not registered, and each says how a purge cleans it', async () => {
    const { engine } = await aWorld(kind);
    const tables = tablesIn(engine.readModels);
    const registered = Object.keys(registeredTables).filter(
      (table) => kind === 'in SQLite' || tables.includes(table) || readModelTables.includes(table),
    );
    expect(tables).toEqual(registered.sort());
    expect(tables.length).toBeGreaterThan(30);
  });

  test('P12 R242 E4 names a program in no table of which a purge deletes nothing, but those that tell so', async () => {
    const { engine } = await aWorld(kind);
    const naming = tablesIn(engine.readModels).filter((table) =>
      columnsOf(engine.readModels, table).includes('program_id'),
    );
    const kept = naming.filter((table) => !('program' in (registeredTables[table] ?? {})));
    const ofLog = ['audit_entry_programs', 'audit_owners', ...(kind === 'in SQLite' ? ['audit_subjects'] : [])];
    expect(kept).toEqual([...ofLog, 'purged_programs'].sort());
  });
});

describe('a file that holds more than the library put there', () => {
  test('P12 R242 E4 is not opened: neither is a key file', async () => {
    const directory = aDirectory();
    const world = await openIn(directory);
    await world.close();
    const db = new Sqlite(join(directory, 'unit.keys.db'));
    db.exec('CREATE TABLE copies (id BLOB)');
    db.close();
    await expect(openIn(directory)).rejects.toThrow(/^The key file holds copies, which Folja does not know, /);
  });

  test.each([
    ['a table', 'CREATE TABLE copies (text TEXT)', 'copies'],
    ['a table for searching', 'CREATE VIRTUAL TABLE words USING fts5 (text)', 'words'],
    ['a view', 'CREATE VIEW names AS SELECT sealed FROM flesh', 'names'],
    [
      'a trigger',
      'CREATE TRIGGER keeping AFTER INSERT ON flesh BEGIN UPDATE flesh SET mark = NEW.mark WHERE position = NEW.position; END',
      'keeping',
    ],
    ['samples for the query planner', 'ANALYZE', 'sqlite_stat'],
  ])('P12 R242 E4 is not opened: %s could keep what a purge is to erase', async (_what, sql, name) => {
    const directory = aDirectory();
    const world = await openIn(directory);
    await world.close();
    const db = new Sqlite(join(directory, 'unit.db'));
    db.exec(sql);
    db.close();
    await expect(openIn(directory)).rejects.toThrow(
      new RegExp(`^The event store holds ${name}\\w*, which Folja does not know, .*: drop it, and keep .*\\.$`),
    );
  });
});

describe('a file of an earlier version of the library', () => {
  test('P12 R242 is opened without the tables of read models that are no more', async () => {
    const directory = aDirectory();
    const world = await openIn(directory);
    await world.close();
    const db = new Sqlite(join(directory, 'unit.db'));
    db.exec("CREATE TABLE timeline (position INTEGER PRIMARY KEY); INSERT INTO projections VALUES ('timeline', 1)");
    db.close();
    const { engine } = await openIn(directory);
    expect(tablesIn(engine.readModels)).not.toContain('timeline');
    expect(all(engine.readModels, "SELECT 1 FROM projections WHERE name = 'timeline'")).toEqual([]);
  });
});

describe('a file from which a guard was taken', () => {
  test.each([
    ['unit.db', 'events_stay', 'event store'],
    ['unit.db', 'events_stay_as_they_are', 'event store'],
    ['unit.db', 'events_are_not_replaced', 'event store'],
    ['unit.db', 'streams_stay', 'event store'],
    ['unit.db', 'streams_stay_as_they_are', 'event store'],
    ['unit.keys.db', 'destroyed_stays', 'key file'],
  ])('P11 R251 is not opened: %s without %s', async (name, guard, file) => {
    const directory = aDirectory();
    const world = await openIn(directory);
    await world.close();
    const db = new Sqlite(join(directory, name));
    db.exec(`DROP TRIGGER ${guard}`);
    db.close();
    await expect(openIn(directory)).rejects.toThrow(
      `The ${file} has lost its guard ${guard}: somebody has changed it.`,
    );
  });
});
