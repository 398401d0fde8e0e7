import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { digestOf, leafDigest } from '../../src/eventStore/codec.ts';
import type { EventStore, StoreError } from '../../src/eventStore/eventStore.ts';
import { aDirectory, left, right } from './builders.ts';
import { anEvent } from './events.ts';
import { openAt } from './sqliteBuilders.ts';

const sealed = Buffer.from('sealed bytes of nobody');

/** A store of three programs, closed; every event has flesh. */
const aStore = async (): Promise<string> => {
  const path = join(aDirectory(), 'unit.db');
  const { engine, close } = await openAt(path);
  for (const stream of ['program-a', 'program-b', 'program-c']) {
    const events = ['one', 'two', 'three'].map((word) => anEvent({ data: { word }, flesh: { sealed, mark: sealed } }));
    await right(engine.events.append(stream, 'no-stream', events));
  }
  await close();
  return path;
};

/** Changes a closed store as somebody would who can write its file: without our guards. */
const tamper = (path: string, change: (db: Database) => void): void => {
  const db = new Sqlite(path);
  db.pragma('foreign_keys = off');
  for (const name of db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all())
    db.exec(`DROP TRIGGER ${name}`);
  change(db);
  db.close();
};

const flip = (bytes: Buffer, at: number): Buffer => {
  const flipped = Buffer.from(bytes);
  flipped[at % bytes.length] = (flipped[at % bytes.length] ?? 0) ^ 1;
  return flipped;
};

const flipColumn =
  (table: 'events' | 'flesh', column: 'body' | 'digest' | 'sealed', position: number, at: number) => (db: Database) => {
    const found = db.prepare(`SELECT ${column} FROM ${table} WHERE position = ?`).pluck().get(position);
    const flipped = typeof found === 'string' ? flip(Buffer.from(found), at).toString() : flip(found as Buffer, at);
    expect(db.prepare(`UPDATE ${table} SET ${column} = ? WHERE position = ?`).run(flipped, position).changes).toBe(1);
  };

/** Every way to the event at position 5, which is revision 1 of program-b. */
const waysToFive = (events: EventStore, id: string) => [
  events.read('program-b'),
  events.read('program-b', 1),
  events.readAll(0, 100),
  events.readAll(4, 1),
  events.find([id]),
  events.sealedParts([5]),
];

const idAtFive = async (path: string): Promise<string> => {
  const { engine, close } = await openAt(path);
  const [, , , , fifth] = await right(engine.events.readAll(0, 5));
  await close();
  return fifth?.id ?? '';
};

const atFive: StoreError = { kind: 'damaged', what: 'event at position 5' };

const damages: readonly (readonly [string, (db: Database) => void])[] = [
  ['whose text has a flipped bit', flipColumn('events', 'body', 5, 40)],
  ['whose digest has a flipped bit', flipColumn('events', 'digest', 5, 7)],
  [
    'that carries the text of another',
    (db) => void db.exec('UPDATE events SET body = (SELECT body FROM events WHERE position = 4) WHERE position = 5'),
  ],
  [
    'that carries text and digest of another',
    (db) =>
      void db.exec(
        'UPDATE events SET (body, digest) = (SELECT body, digest FROM events WHERE position = 4) WHERE position = 5',
      ),
  ],
  [
    'whose text is no JSON, under a digest that fits',
    (db) => void db.prepare('UPDATE events SET body = ?, digest = ? WHERE position = 5').run('{', leafDigest('{')),
  ],
  [
    'whose text is no event, under a digest that fits',
    (db) =>
      void db.prepare('UPDATE events SET body = ?, digest = ? WHERE position = 5').run('null', leafDigest('null')),
  ],
];

describe('an event', () => {
  test('P11 that nobody touched is served on every way (control)', async () => {
    const path = await aStore();
    const id = await idAtFive(path);
    tamper(path, () => {});
    const { engine, close } = await openAt(path);
    for (const way of waysToFive(engine.events, id)) expect((await way())._tag).toBe('Right');
    await close();
  });

  test.each(damages)('P11 %s is damaged on every way, and the others are served', async (_, damage) => {
    const path = await aStore();
    const id = await idAtFive(path);
    tamper(path, damage);
    const { engine, close } = await openAt(path);
    for (const way of waysToFive(engine.events, id)) expect(await left(way)).toEqual(atFive);
    expect(await right(engine.events.read('program-a'))).toHaveLength(3);
    expect(await right(engine.events.readAll(5, 100))).toHaveLength(4);
    await close();
  });

  test('P11 at every place of its text and digest is guarded', async () => {
    const path = await aStore();
    const length = 400;
    for (let at = 0; at < length; at += 37) {
      for (const column of ['body', 'digest'] as const) {
        tamper(path, flipColumn('events', column, 5, at));
        const { engine, close } = await openAt(path);
        expect(await left(engine.events.read('program-b'))).toEqual(atFive);
        await close();
        tamper(path, flipColumn('events', column, 5, at));
      }
    }
    const { engine, close } = await openAt(path);
    expect(await right(engine.events.read('program-b'))).toHaveLength(3);
    await close();
  });

  test.each([
    ['moved to another stream', 'UPDATE events SET stream = 1, revision = 3 WHERE position = 5', 'program-a'],
    ['given another revision', 'UPDATE events SET revision = 7 WHERE position = 6', 'program-b'],
    ['given another id', 'UPDATE events SET id = randomblob(16) WHERE position = 5', 'program-b'],
    ['taken out of its stream', 'DELETE FROM events WHERE position = 5', 'program-b'],
    ['whose stream was renamed', "UPDATE streams SET name = 'program-x' WHERE name = 'program-b'", 'program-x'],
  ])('P11 %s is damage, never served', async (_, sql, stream) => {
    const path = await aStore();
    tamper(path, (db) => void db.exec(sql));
    const { engine, close } = await openAt(path);
    expect(await left(engine.events.read(stream))).toMatchObject({ kind: 'damaged' });
    expect(await left(engine.events.readAll(0, 100))).toMatchObject({ kind: 'damaged' });
    expect(await right(engine.events.read('program-c'))).toHaveLength(3);
    await close();
  });

  test('P11 that is damaged is not taken for the same event sent again', async () => {
    const path = join(aDirectory(), 'unit.db');
    const { engine, close } = await openAt(path);
    const event = anEvent();
    await right(engine.events.append('program-a', 'no-stream', [event]));
    await close();
    tamper(path, flipColumn('events', 'digest', 1, 3));
    const again = await openAt(path);
    expect(await left(again.engine.events.append('program-a', 'no-stream', [event]))).toMatchObject({
      kind: 'damaged',
    });
    await again.close();
  });
});

describe('a sealed part', () => {
  test.each([
    ['with a flipped bit', flipColumn('flesh', 'sealed', 5, 9)],
    [
      'that is cut short',
      (db: Database) => void db.exec('UPDATE flesh SET sealed = substr(sealed, 1, 5) WHERE position = 5'),
    ],
  ])('P11 %s is damaged, and the others are served', async (_, damage) => {
    const path = await aStore();
    tamper(path, damage);
    const { engine, close } = await openAt(path);
    expect(await left(engine.events.sealedParts([4, 5, 6]))).toEqual({ kind: 'damaged', what: 'flesh at position 5' });
    expect([...(await right(engine.events.sealedParts([4, 6]))).keys()]).toEqual([4, 6]);
    expect(await right(engine.events.read('program-b'))).toHaveLength(3);
    await close();
  });

  test('P11 beside an event that sealed nothing is damaged', async () => {
    const path = join(aDirectory(), 'unit.db');
    const { engine, close } = await openAt(path);
    await right(engine.events.append('program-a', 'any', [anEvent()]));
    tamper(path, (db) => void db.prepare('INSERT INTO flesh (position, sealed) VALUES (1, ?)').run(sealed));
    expect(await left(engine.events.sealedParts([1]))).toMatchObject({ kind: 'damaged' });
    expect(digestOf(sealed)).toHaveLength(64);
    await close();
  });
});

describe('a listener', () => {
  test('P11 is told of damage and never hears the damaged event or one after it', async () => {
    const path = join(aDirectory(), 'unit.db');
    const { engine, close } = await openAt(path);
    const [heard, errors]: [number[], unknown[]] = [[], []];
    await right(engine.events.append('program-a', 'any', [anEvent()]));
    engine.events.subscribe(
      ({ position }) => heard.push(position),
      (error) => errors.push(error),
    );
    tamper(path, (db) => void db.exec("INSERT INTO events VALUES (2, 1, 1, randomblob(16), '{}', randomblob(32))"));
    await expect.poll(() => errors.length).toBeGreaterThan(0);
    await engine.events.append('program-b', 'any', [anEvent()])();
    await expect.poll(() => errors.length).toBeGreaterThan(1);
    expect(errors[0]).toEqual({ kind: 'damaged', what: 'event at position 2' });
    expect(heard).toEqual([]);
    await close();
  });
});
