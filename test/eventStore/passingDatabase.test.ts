import type { Database } from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { memoryDatabase, passingDatabase } from '../../src/eventStore/memoryDatabase.ts';

const mebibyte = 2 ** 20;
const written = 96;

/** How much more memory the process has after so many mebibytes were written. */
const growthOf = (db: Database): number => {
  db.exec('CREATE TABLE rows (bytes BLOB)');
  const before = process.memoryUsage.rss();
  db.prepare(
    `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
     INSERT INTO rows SELECT randomblob(4000) FROM numbers`,
  ).run((written * mebibyte) / 4_000);
  const growth = (process.memoryUsage.rss() - before) / mebibyte;
  expect(db.prepare('SELECT sum(length(bytes)) FROM rows').pluck().get()).toBeGreaterThan((written - 1) * mebibyte);
  db.close();
  return growth;
};

describe('a database for rows that are looked at once', () => {
  test('takes no more memory than its cache, however much is written', async () => {
    expect(growthOf(await passingDatabase())).toBeLessThan(written / 2);
  });

  test('control: one in memory takes as much as is written', async () => {
    expect(growthOf(await memoryDatabase())).toBeGreaterThan((written * 3) / 4);
  });

  test('has no name that anybody could open it by', async () => {
    const db = await passingDatabase();
    expect([db.name, db.memory]).toEqual(['', true]);
    db.close();
  });
});
