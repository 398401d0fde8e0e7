import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { aDirectory, left, type Prepare, right } from './builders.ts';
import { anEvent, someEvents } from './events.ts';
import { openAt } from './sqliteBuilders.ts';

const atPath = (): string => join(aDirectory(), 'unit.db');

/** A read model that a foreign key checks at the commit, so that the commit itself can fail. */
const failingCommit =
  (told: { fails: boolean }): Prepare =>
  (readModels) => {
    readModels.exec(
      'CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT;' +
        'CREATE TABLE children (parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED) STRICT',
    );
    return () => {
      if (told.fails) readModels.exec('INSERT INTO children VALUES (1)');
    };
  };

describe('an append in SQLite', () => {
  test('P5 whose commit fails is unknown, and safe to send again', async () => {
    const told = { fails: true };
    const { engine, close } = await openAt(atPath(), failingCommit(told));
    const events = someEvents(2);
    expect(await left(engine.events.append('program-a', 'no-stream', events))).toEqual({ kind: 'unknown' });
    expect(engine.readModels.inTransaction).toBe(false);
    told.fails = false;
    const written = await right(engine.events.append('program-a', 'no-stream', events));
    expect(written).toMatchObject([{ position: 1 }, { position: 2 }]);
    await close();
  });

  test('P5 that was refused beside a commit that fails is unavailable: its reason may not have happened', async () => {
    const told = { fails: true };
    const { engine, close } = await openAt(atPath(), failingCommit(told));
    const [first, second] = await Promise.all([
      engine.events.append('program-a', 'no-stream', [anEvent()])(),
      engine.events.append('program-a', 'no-stream', [anEvent()])(),
    ]);
    expect([first, second]).toEqual([
      { _tag: 'Left', left: { kind: 'unknown' } },
      { _tag: 'Left', left: { kind: 'unavailable', retry: true } },
    ]);
    await close();
  });

  test('P5 that finds the file locked waits for it without blocking', async () => {
    const path = atPath();
    const { engine, close } = await openAt(path);
    const other = new Sqlite(path);
    other.exec('BEGIN IMMEDIATE');
    let turns = 0;
    const turning = setInterval(() => {
      turns += 1;
    }, 5);
    setTimeout(() => other.exec('COMMIT'), 300);
    expect(await right(engine.events.append('program-a', 'no-stream', [anEvent()]))).toMatchObject([{ position: 1 }]);
    clearInterval(turning);
    expect(turns).toBeGreaterThan(10);
    other.close();
    await close();
  });

  test('P1 P5 that finds the disk full is unavailable, and goes on when there is room', async () => {
    const { engine, close } = await openAt(atPath());
    const pages = engine.readModels.pragma('page_count', { simple: true });
    engine.readModels.pragma(`max_page_count = ${pages}`);
    const big = [anEvent(), anEvent({ flesh: { sealed: Buffer.alloc(100_000) } })];
    expect(await left(engine.events.append('program-a', 'any', big))).toEqual({ kind: 'unavailable', retry: true });
    expect(engine.readModels.inTransaction).toBe(false);
    expect(await right(engine.events.readAll(0, 10))).toEqual([]);
    engine.readModels.pragma('max_page_count = 1000000');
    expect(await right(engine.events.append('program-a', 'no-stream', big))).toMatchObject([
      { position: 1 },
      { position: 2 },
    ]);
    await close();
  });

  test('P1 whose read model ends the transaction takes the whole commit down, and says so', async () => {
    const told = { fails: true };
    const { engine, close } = await openAt(atPath(), (readModels) => () => {
      if (told.fails) readModels.exec('ROLLBACK');
    });
    const results = await Promise.all([1, 2].map((n) => engine.events.append(`program-${n}`, 'any', [anEvent()])()));
    for (const result of results) expect(result).toEqual({ _tag: 'Left', left: { kind: 'unavailable', retry: false } });
    told.fails = false;
    expect(await right(engine.events.append('program-a', 'any', [anEvent()]))).toMatchObject([{ position: 1 }]);
    await close();
  });

  test('shares its commit with those that wait: many in flight cost few commits', async () => {
    const { engine, close } = await openAt(atPath());
    const version = () => statSync(`${engine.readModels.name}-wal`).size;
    await right(engine.events.append('program-0', 'any', [anEvent()]));
    const before = version();
    const count = 60;
    await Promise.all(
      Array.from({ length: count }, (_, n) => right(engine.events.append(`program-${n + 1}`, 'any', [anEvent()]))),
    );
    const together = version() - before;
    for (let n = 0; n < count; n += 1) await right(engine.events.append(`unit-${n}`, 'any', [anEvent()]));
    const alone = version() - before - together;
    expect(together * 5).toBeLessThan(alone);
    await close();
  });
});

describe('scrubbing', () => {
  test('P12 is true when the write-ahead file was emptied, and the erased bytes are in no file', async () => {
    const path = atPath();
    const { engine, close } = await openAt(path);
    const canary = 'canary-åäö-5f3b9c';
    const flesh = { sealed: Buffer.from(canary), mark: Buffer.from(canary), tag: Buffer.from(canary) };
    const written = Array.from({ length: 200 }, (_, n) =>
      right(engine.events.append(`program-${n % 2}`, 'any', [anEvent({ flesh })])),
    );
    await Promise.all(written);
    const isThere = () => [path, `${path}-wal`].some((file) => existsSync(file) && readFileSync(file).includes(canary));
    expect(isThere()).toBe(true);
    await right(engine.events.eraseFlesh('program-0'));
    await right(engine.events.eraseFlesh('program-1'));
    expect(isThere()).toBe(true);
    expect(await right(engine.events.scrub())).toBe(true);
    expect(statSync(`${path}-wal`).size).toBe(0);
    expect(isThere()).toBe(false);
    await close();
  });

  test('P12 is false while another reader keeps old pages alive, and true when it has gone', async () => {
    const path = atPath();
    const { engine, close } = await openAt(path);
    await right(engine.events.append('program-a', 'any', someEvents(3)));
    const reader = new Sqlite(path);
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM events').get();
    await right(engine.events.append('program-a', 'any', someEvents(3)));
    expect(await right(engine.events.scrub())).toBe(false);
    reader.exec('COMMIT');
    expect(await right(engine.events.scrub())).toBe(true);
    reader.close();
    await close();
  });
});
