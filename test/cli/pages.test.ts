import { readFileSync, writeFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { aStore, folja } from './running.ts';

/** Where some bytes lie in a file. */
const placesOf = (bytes: Buffer, wanted: Buffer): readonly number[] => {
  const places: number[] = [];
  for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + 1)) places.push(at);
  return places;
};

const idOfAnEvent = (path: string): Buffer => {
  const db = new Sqlite(path, { readonly: true });
  const id = db.prepare('SELECT id FROM events WHERE position = 5').pluck().get();
  db.close();
  return id as Buffer;
};

const kindsOf = async (store: readonly string[]): Promise<readonly string[]> => {
  const { out } = await folja(['verify', '--json', ...store]);
  const { problems } = JSON.parse(out) as { readonly problems: readonly { readonly kind: string }[] };
  return problems.map(({ kind }) => kind);
};

describe('folja verify', () => {
  test('P11 finds an index that says otherwise than its table, where every row is as it was', async () => {
    const { store, path } = await aStore();
    const id = idOfAnEvent(path);
    const whole = readFileSync(path);
    const found: (readonly string[])[] = [];
    for (const place of placesOf(whole, id)) {
      const damaged = Buffer.from(whole);
      damaged[place] = (damaged[place] ?? 0) ^ 1;
      writeFileSync(path, damaged);
      found.push(await kindsOf(store));
    }
    expect(found.length).toBeGreaterThan(1);
    for (const kinds of found) expect(kinds).not.toEqual([]);
    expect(found).toContainEqual(['pages']);
    writeFileSync(path, whole);
    expect(await kindsOf(store)).toEqual([]);
  });

  test('P11 says of it that it is the file that is damaged, and so does folja doctor', async () => {
    const { store, path } = await aStore();
    const whole = readFileSync(path);
    const [, place = 0] = placesOf(whole, idOfAnEvent(path));
    whole[place] = (whole[place] ?? 0) ^ 1;
    writeFileSync(path, whole);
    expect((await folja(['verify', ...store])).out).toContain('restore it from a backup');
    expect((await folja(['doctor', ...store])).out).toContain('the file is damaged: restore it from a backup');
  });
});
