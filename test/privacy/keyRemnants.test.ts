import { openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { KeyId } from '../../src/privacy/keys.ts';
import { pagesIn } from '../../src/privacy/sqliteKeyJournal.ts';
import { inFile, openAt, rightOf, second, somewhere, takeMany, wrappedOf } from './keyFiles.ts';
import { filesWith } from './realFiles.ts';

const raw = (id: KeyId): Buffer => Buffer.from(id, 'hex');
const select = 'SELECT pageno FROM dbstat WHERE name = ? ORDER BY pageno';

/** The pages in which the keys of a file lie. */
const keyPages = (db: Sqlite.Database): readonly number[] => db.prepare<[string], number>(select).pluck().all('keys');

/** Bytes lie in a file where SQLite believes that there are none; written over its head, without closing the file under it. */
const putBack = (path: string, bytes: Buffer, at: number): void => {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, at);
};

/** Destroys a key as the key store does, on a connection that leaves deleted bytes where they are. */
const destroyCarelessly = (path: string, id: KeyId): void =>
  inFile(path, (db) => {
    db.pragma('journal_mode = persist');
    db.pragma('secure_delete = off');
    db.exec(`BEGIN; DELETE FROM keys WHERE id = x'${id}'; INSERT INTO destroyed (id) VALUES (x'${id}'); COMMIT`);
  });

describe('a key', () => {
  test('lies in its file as its id, the id of its master key and its wrapping, one after the other', async () => {
    const path = somewhere();
    const keys = await openAt(path);
    const ids = await takeMany(keys, 100);
    const file = readFileSync(path);
    for (const id of ids) {
      const row = Buffer.concat([Buffer.from('8106', 'hex'), raw(id), Buffer.from('first'), wrappedOf(path, id)]);
      expect(file.includes(row)).toBe(true);
    }
    await rightOf(keys.rewrap({ ...second, id: 'x'.repeat(64) }));
    const counts = await Promise.all(ids.map((id) => rightOf(keys.remnants(id))));
    expect(counts).toEqual(ids.map(() => 1));
  });
});

describe('the remnants of a destroyed key', () => {
  test('P12 are none, in the file and its journal, here and in a process that has not destroyed it', async () => {
    const path = somewhere();
    const [here, there] = [await openAt(path), await openAt(path)];
    const ids = await takeMany(here, 128);
    for (const id of ids.slice(0, 20)) await rightOf(here.destroy(id));
    for (const keys of [here, there]) {
      const counts = await Promise.all(ids.map((id) => rightOf(keys.remnants(id))));
      expect(counts).toEqual(ids.map((_, index) => (index < 20 ? 0 : 1)));
    }
  });

  test('P12 are found where nothing overwrites what is deleted, and gone when it is destroyed again', async () => {
    const path = somewhere();
    const keys = await openAt(path);
    const [id = ''] = await takeMany(keys, 10);
    const wrapped = wrappedOf(path, id);
    destroyCarelessly(path, id);
    expect(filesWith(join(path, '..'), wrapped)).toEqual(['keys.db', 'keys.db-journal']);
    expect(await rightOf(keys.isDestroyed(id))).toBe(true);
    expect(await rightOf(keys.remnants(id))).toBeGreaterThanOrEqual(2);
    await rightOf(keys.destroy(id));
    expect(await rightOf(keys.remnants(id))).toBe(0);
    expect(filesWith(join(path, '..'), wrapped)).toEqual([]);
    expect(statSync(`${path}-journal`).size).toBeLessThan(4_096);
  });

  test('P12 are looked for in the pages that the journal names: those of the row are among them', async () => {
    const path = somewhere();
    await takeMany(await openAt(path), 640);
    const db = new Sqlite(path);
    onTestFinished(() => void db.close());
    db.pragma('journal_mode = persist');
    const pageBytes = Number(db.pragma('page_size', { simple: true }));
    const all = keyPages(db);
    expect(all.length).toBeGreaterThan(10);
    for (const rowid of [1, 300, 640]) {
      const id = db.prepare<[number], Buffer>('SELECT id FROM keys WHERE rowid = ?').pluck().get(rowid) as Buffer;
      const file = readFileSync(path);
      const holding = 1 + Math.floor(file.indexOf(Buffer.concat([id, Buffer.from('first')])) / pageBytes);
      db.exec('BEGIN IMMEDIATE');
      db.prepare('DELETE FROM keys WHERE id = ?').run(id);
      const changed = pagesIn(readFileSync(`${path}-journal`), pageBytes) ?? [];
      db.exec('COMMIT');
      expect(changed.filter((page) => all.includes(page))).toContain(holding);
      expect(changed.length).toBeLessThan(10);
    }
  });

  test('P12 are found in one of those pages', async () => {
    const path = somewhere();
    const keys = await openAt(path);
    const [id = ''] = await takeMany(keys, 10);
    const at = readFileSync(path).indexOf(Buffer.concat([raw(id), Buffer.from('first')]));
    const row = readFileSync(path).subarray(at - 2, at + 16 + 5 + 61);
    await rightOf(keys.destroy(id));
    expect(await rightOf(keys.remnants(id))).toBe(0);
    putBack(path, row, at - 2);
    expect(await rightOf(keys.remnants(id))).toBe(1);
  });

  test('are looked for everywhere where the journal tells no pages', () => {
    expect(pagesIn(Buffer.alloc(0), 4_096)).toBeUndefined();
    expect(pagesIn(Buffer.alloc(10_000), 4_096)).toBeUndefined();
  });
});
