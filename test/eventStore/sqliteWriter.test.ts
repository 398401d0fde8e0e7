import Sqlite from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { writerFor } from '../../src/eventStore/sqliteWriter.ts';

const aTable = () => {
  const db = new Sqlite(':memory:');
  db.exec('CREATE TABLE things (name TEXT PRIMARY KEY) STRICT');
  const insert = db.prepare('INSERT INTO things VALUES (?)');
  const names = () => db.prepare('SELECT name FROM things ORDER BY name').pluck().all();
  return { db, names, add: (name: string) => void insert.run(name) };
};

describe('the writer of a file', () => {
  test('P1 undoes work that ends in Left, and keeps the works around it', async () => {
    const { db, names, add } = aTable();
    const { write } = writerFor(db, () => {});
    const results = await Promise.all([
      write(() => E.right(add('one'))),
      write(() => {
        add('two');
        return E.left({ kind: 'heads-moved' });
      }),
      write(() => E.right(add('three'))),
    ]);
    expect(results.map(({ _tag }) => _tag)).toEqual(['Right', 'Left', 'Right']);
    expect(names()).toEqual(['one', 'three']);
  });

  test('P1 undoes work that throws, and keeps the works around it', async () => {
    const { db, names, add } = aTable();
    const { write } = writerFor(db, () => {});
    const results = await Promise.all([
      write(() => E.right(add('one'))),
      write(() => {
        add('two');
        return E.right(add('one'));
      }),
      write(() => E.right(add('three'))),
    ]);
    expect(results[1]).toEqual(E.left({ kind: 'unavailable', retry: false }));
    expect(names()).toEqual(['one', 'three']);
  });

  test('tells of each commit after it, once for those that share one', async () => {
    const { db, add } = aTable();
    const told: boolean[] = [];
    const { write, idle } = writerFor(db, () => told.push(db.inTransaction));
    await Promise.all(['one', 'two', 'three'].map((name) => write(() => E.right(add(name)))));
    await write(() => E.right(add('four')));
    await idle();
    expect(told).toEqual([false, false]);
  });

  test('does more works than one commit takes, in their order', async () => {
    const { db } = aTable();
    const { write } = writerFor(db, () => {});
    const done: number[] = [];
    await Promise.all(Array.from({ length: 500 }, (_, n) => write(() => E.right(done.push(n)))));
    expect(done).toEqual(Array.from({ length: 500 }, (_, n) => n));
  });
});
