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
    const { write } = writerFor(db, { committed: () => {} });
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

  test('P1 undoes work that has the transaction to itself and ends in Left, or throws', async () => {
    const { db, names, add } = aTable();
    const { write } = writerFor(db, { committed: () => {} });
    const refused = await write(() => {
      add('one');
      return E.left({ kind: 'heads-moved' });
    });
    const failed = await write(() => {
      add('two');
      return E.right(add('two'));
    });
    expect([refused, failed]).toEqual([E.left({ kind: 'heads-moved' }), E.left({ kind: 'unavailable', retry: false })]);
    expect([names(), db.inTransaction]).toEqual([[], false]);
  });

  test('P1 undoes work that throws, and keeps the works around it', async () => {
    const { db, names, add } = aTable();
    const { write } = writerFor(db, { committed: () => {} });
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
    const { write, idle } = writerFor(db, { committed: () => void told.push(db.inTransaction) });
    await Promise.all(['one', 'two', 'three'].map((name) => write(() => E.right(add(name)))));
    await write(() => E.right(add('four')));
    await idle();
    expect(told).toEqual([false, false]);
  });

  test('does more works than one commit takes, in their order', async () => {
    const { db } = aTable();
    const { write } = writerFor(db, { committed: () => {} });
    const done: number[] = [];
    await Promise.all(Array.from({ length: 500 }, (_, n) => write(() => E.right(done.push(n)))));
    expect(done).toEqual(Array.from({ length: 500 }, (_, n) => n));
  });

  test('P1 P5 ends a shared transaction that SQLite has undone by itself: nothing of it is there, and nobody is told that it is', async () => {
    const { db, names, add } = aTable();
    const told: string[] = [];
    const { write } = writerFor(db, {
      begun: () => void told.push('begun'),
      settle: () => void told.push('settle'),
      undone: () => void told.push('undone'),
      committed: () => void told.push('committed'),
    });
    const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    const results = await Promise.all([
      write(() => E.right(add('one'))),
      write(() => {
        db.exec('ROLLBACK');
        throw full;
      }),
      write(() => E.right(add('three'))),
    ]);
    const unavailable = E.left({ kind: 'unavailable', retry: true });
    expect(results).toEqual([unavailable, unavailable, unavailable]);
    expect([names(), db.inTransaction, told]).toEqual([[], false, ['begun', 'undone', 'committed']]);
    expect(await write(() => E.right(add('four')))).toEqual(E.right(undefined));
    expect(names()).toEqual(['four']);
  });

  test('P1 control: a savepoint after such an end would be a transaction of its own, and what follows would be there alone', () => {
    const { db, names, add } = aTable();
    db.exec('BEGIN; SAVEPOINT work');
    add('one');
    db.exec('ROLLBACK; SAVEPOINT work');
    add('three');
    db.exec('RELEASE work');
    expect(names()).toEqual(['three']);
  });

  test('P5 tells that it is unknown when the commit fails, and that what is remembered of it is to be forgotten', async () => {
    const { db, names } = aTable();
    db.exec('PRAGMA foreign_keys = ON');
    db.exec('CREATE TABLE parts (name TEXT REFERENCES things (name) DEFERRABLE INITIALLY DEFERRED)');
    const told: string[] = [];
    const { write } = writerFor(db, { undone: () => void told.push('undone'), committed: () => {} });
    const [one, two] = await Promise.all([
      write(() => E.right(db.exec("INSERT INTO things VALUES ('one')"))),
      write(() => E.right(db.exec("INSERT INTO parts VALUES ('of nothing')"))),
    ]);
    expect([one, two]).toEqual([E.left({ kind: 'unknown' }), E.left({ kind: 'unknown' })]);
    expect([names(), told]).toEqual([[], ['undone']]);
  });

  test('settles once for all works of a transaction, before its commit, and undoes them all when that fails', async () => {
    const { db, names, add } = aTable();
    const told: string[] = [];
    const settle = () => {
      told.push(names().join(' '));
      if (told.length === 2) throw new Error('a read model failed');
    };
    const { write } = writerFor(db, { settle, committed: () => {} });
    await Promise.all(['one', 'two'].map((name) => write(() => E.right(add(name)))));
    const failed = await write(() => E.right(add('three')));
    expect(failed).toEqual(E.left({ kind: 'unavailable', retry: false }));
    expect([told, names()]).toEqual([
      ['one two', 'one three two'],
      ['one', 'two'],
    ]);
  });

  test('leaves works that would take too long together to the next transactions, in their order', async () => {
    const { db } = aTable();
    const commits: number[] = [];
    const { write } = writerFor(db, { committed: () => void commits.push(1) });
    const done: number[] = [];
    const slowly = (n: number) => () => {
      const until = performance.now() + 4;
      while (performance.now() < until);
      return E.right(done.push(n));
    };
    await Promise.all(Array.from({ length: 12 }, (_, n) => write(slowly(n))));
    expect(done).toEqual(Array.from({ length: 12 }, (_, n) => n));
    expect(commits.length).toBeGreaterThanOrEqual(4);
  });
});
