import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { aDirectory, right } from './builders.ts';
import { anEvent, someEvents } from './events.ts';
import { openAt } from './sqliteBuilders.ts';

const columns = 'position, stream, revision, id, body, digest';

const attacks: readonly (readonly [string, string])[] = [
  ['updated', "UPDATE events SET body = '{}' WHERE position = 1"],
  ['updated to what it is', 'UPDATE events SET body = body'],
  ['updated by replacing', 'UPDATE OR REPLACE events SET position = 1 WHERE position = 2'],
  ['deleted', 'DELETE FROM events WHERE position = 2'],
  ['deleted with all others', 'DELETE FROM events'],
  ['replaced at its position', `REPLACE INTO events (${columns}) VALUES (1, 1, 9, randomblob(16), '{}', x'00')`],
  [
    'replaced at its revision',
    "REPLACE INTO events (stream, revision, id, body, digest) VALUES (1, 0, randomblob(16), '{}', x'00')",
  ],
  [
    'replaced under its id',
    "REPLACE INTO events (stream, revision, id, body, digest) SELECT 1, 9, id, '{}', x'00' FROM events WHERE position = 1",
  ],
  [
    'changed by an upsert',
    `INSERT INTO events (${columns}) SELECT ${columns} FROM events WHERE true ON CONFLICT DO UPDATE SET body = '{}'`,
  ],
  ['moved by renaming its stream', "UPDATE streams SET name = 'program-b'"],
  ['orphaned by deleting its stream', 'DELETE FROM streams'],
];

describe('an event row', () => {
  test.each(attacks)('R251 is not %s, by any connection', async (_, sql) => {
    const path = join(aDirectory(), 'unit.db');
    const { engine, close } = await openAt(path);
    const written = await right(engine.events.append('program-a', 'no-stream', someEvents(2)));
    const other = new Sqlite(path);
    other.pragma('foreign_keys = off');
    expect(() => other.exec(sql)).toThrow(/never (changed|removed|replaced|renamed)/);
    expect(() => other.transaction(() => other.exec(sql))()).toThrow();
    other.close();
    expect(await right(engine.events.readAll(0, 10))).toEqual(written);
    await close();
  });

  test('R251 that is refused leaves the transaction around it to its owner', async () => {
    const path = join(aDirectory(), 'unit.db');
    const { engine, close } = await openAt(path);
    await right(engine.events.append('program-a', 'any', [anEvent()]));
    const { readModels } = engine;
    readModels.exec('BEGIN IMMEDIATE');
    expect(() => readModels.exec('DELETE FROM events')).toThrow();
    expect(readModels.inTransaction).toBe(true);
    readModels.exec('ROLLBACK');
    await close();
  });

  test('can be added by anybody who keeps to the rules (control)', async () => {
    const path = join(aDirectory(), 'unit.db');
    const { engine, close } = await openAt(path);
    await right(engine.events.append('program-a', 'any', [anEvent()]));
    const other = new Sqlite(path);
    other.exec("INSERT INTO events (stream, revision, id, body, digest) VALUES (1, 1, randomblob(16), '{}', x'00')");
    expect(other.prepare('SELECT max(position) FROM events').pluck().get()).toBe(2);
    other.close();
    await close();
  });
});

const pragma = (db: Database, name: string): unknown => db.pragma(name, { simple: true });

describe('the file of an event store', () => {
  test('P2 has the settings that care data needs, read back from the connection in use', async () => {
    const { engine, close } = await openAt(join(aDirectory(), 'unit.db'));
    const names = [
      'journal_mode',
      'synchronous',
      'foreign_keys',
      'secure_delete',
      'temp_store',
      'trusted_schema',
      'cell_size_check',
    ];
    expect(names.map((name) => pragma(engine.readModels, name))).toEqual(['wal', 2, 1, 1, 2, 0, 1]);
    expect(pragma(engine.readModels, 'application_id')).toBe(Buffer.from('FOLJ').readInt32BE());
    expect(pragma(engine.readModels, 'user_version')).toBe(2);
    await close();
  });

  test('has STRICT tables only, which take no value of another type', async () => {
    const { engine, close } = await openAt(join(aDirectory(), 'unit.db'));
    const tables = engine.readModels.pragma('table_list') as {
      schema: string;
      name: string;
      type: string;
      strict: number;
    }[];
    const own = tables.filter(
      ({ schema, type, name }) => schema === 'main' && type === 'table' && !name.startsWith('sqlite_'),
    );
    expect(own.map(({ name }) => name).sort()).toEqual([
      'audit_subjects',
      'erasures',
      'events',
      'flesh',
      'meta',
      'streams',
    ]);
    expect(own.filter(({ strict }) => strict !== 1)).toEqual([]);
    expect(() => engine.readModels.exec("INSERT INTO flesh (position, sealed) VALUES (1, 'text')")).toThrow(
      /cannot store TEXT/,
    );
    await close();
  });

  test('keeps flesh for events only', async () => {
    const { engine, close } = await openAt(join(aDirectory(), 'unit.db'));
    expect(() => engine.readModels.exec('INSERT INTO flesh (position) VALUES (7)')).toThrow(/FOREIGN KEY/);
    await close();
  });

  test('P7 P12 gives no position again, even when rows were forced out', async () => {
    const path = join(aDirectory(), 'unit.db');
    const { engine, close } = await openAt(path);
    await right(engine.events.append('program-a', 'any', someEvents(3)));
    engine.readModels.exec('DROP TRIGGER events_stay; DELETE FROM events WHERE position = 3');
    expect(await right(engine.events.append('program-b', 'any', [anEvent()]))).toMatchObject([{ position: 4 }]);
    await close();
  });

  test.each([
    ['a stream', "SELECT * FROM event_rows WHERE stream = 'a' AND revision >= 0 ORDER BY revision"],
    ['a page', 'SELECT * FROM event_rows WHERE position > 0 ORDER BY position LIMIT 10'],
    ['ids', "SELECT * FROM event_rows WHERE id IN (SELECT unhex(value) FROM json_each('[]')) ORDER BY position"],
    [
      'a tag',
      "SELECT r.stream FROM flesh f JOIN event_rows r ON r.position = f.position WHERE f.tag = x'00' GROUP BY r.stream",
    ],
  ])('is searched by index for %s', async (_, sql) => {
    const { engine, close } = await openAt(join(aDirectory(), 'unit.db'));
    const plan = engine.readModels.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all();
    expect(plan.filter(({ detail }) => /SCAN (e|s|f|events|flesh|streams)\b/.test(detail))).toEqual([]);
    await close();
  });
});

const sources = (directory: string): readonly string[] =>
  readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return sources(path);
    return path.endsWith('.ts') ? [path] : [];
  });

const interpolated = /\b(?:prepare|exec)(?:<[^`;]*>)?\s*\(\s*[^)'"]*`[^`]*\$\{/;

describe('the SQL of the library', () => {
  test('P1 refuses with RAISE(ABORT) only, which undoes a statement: RAISE(ROLLBACK) would end what other commands share', () => {
    const raised = sources(join(import.meta.dirname, '../../src')).flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/RAISE\((\w+)/g)].map(([, how]) => how),
    );
    expect(raised.length).toBeGreaterThan(4);
    expect(new Set(raised)).toEqual(new Set(['ABORT']));
  });

  test('is never put together from values', () => {
    const found = sources(join(import.meta.dirname, '../../src')).filter((path) =>
      interpolated.test(readFileSync(path, 'utf8')),
    );
    expect(found).toEqual([]);
  });

  test.each([
    'db.prepare(`SELECT \u0024{x}`)',
    'db\n.exec(\n `DROP \u0024{name}`)',
    'db.prepare<[], { a: string }>(`A \u0024{b}`)',
  ])('would be found out in %j (control)', (source) => expect(source).toMatch(interpolated));
});
