import { withRetry } from '../eventStore/sqliteFile.ts';
import type { KeyId } from './keys.ts';
import { bytesOf, type KeyFile } from './sqliteKeyFile.ts';
import type { SpareKeys } from './sqliteSpareKeys.ts';

type Named = { readonly id: KeyId; readonly gone: number };

/** The keys that have names. Of two processes that name a key at once, the first one counts. */
export const namedKeys = ({ db }: KeyFile, spare: SpareKeys) => {
  const select = db
    .prepare<[string], KeyId>('SELECT lower(hex(id)) FROM names WHERE name = ? ORDER BY renewal DESC LIMIT 1')
    .pluck();
  const insert = db.prepare('INSERT OR IGNORE INTO names (name, renewal, id) VALUES (?, 0, ?)');
  const all = db.prepare<[string], Named>(`
    SELECT lower(hex(id)) AS id, EXISTS (SELECT 1 FROM destroyed WHERE destroyed.id = names.id) AS gone
    FROM names WHERE name = ? ORDER BY renewal DESC`);
  const insertNext = db.prepare<{ name: string; id: Buffer }>(
    'INSERT INTO names (name, renewal, id) SELECT @name, coalesce(max(renewal) + 1, 0), @id FROM names WHERE name = @name',
  );
  const renew = db.transaction((name: string): KeyId => {
    const id = spare.makeOne();
    insertNext.run({ name, id: bytesOf(id) });
    return id;
  });
  const named = async (name: string): Promise<KeyId> => {
    const found = await withRetry(() => select.get(name));
    if (found !== undefined) return found;
    const mine = await spare.take();
    const { changes } = await withRetry(() => insert.run(name, bytesOf(mine)));
    if (changes === 1) return mine;
    spare.giveBack(mine);
    return (await withRetry(() => select.get(name))) ?? mine;
  };
  return {
    named,
    everNamed: async (name: string): Promise<readonly KeyId[]> => {
      const found = await withRetry(() => all.all(name));
      return found.filter(({ gone }, index) => index === 0 || gone === 0).map(({ id }) => id);
    },
    renew: (name: string): Promise<KeyId> => withRetry(() => renew.immediate(name)),
  };
};
