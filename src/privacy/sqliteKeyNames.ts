import { withRetry } from '../eventStore/sqliteFile.ts';
import { endTurn } from '../eventStore/turns.ts';
import type { KeyId } from './keys.ts';
import { whileUnchanged } from './openedKeys.ts';
import { bytesOf, type KeyFile } from './sqliteKeyFile.ts';
import type { SpareKeys } from './sqliteSpareKeys.ts';

type Named = { readonly id: KeyId; readonly gone: number };

/** The current key, and the earlier ones that are not destroyed. */
const livingAmong = (named: readonly Named[]): readonly KeyId[] =>
  named.filter(({ gone }, index) => index === 0 || gone === 0).map(({ id }) => id);

/** The keys that have names. Of two processes that name a key at once, the first one counts. */
export const namedKeys = ({ db }: KeyFile, spare: SpareKeys, currentVersion: () => unknown) => {
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
  const current = whileUnchanged(currentVersion, (name) => select.get(name));
  const living = whileUnchanged(currentVersion, (name) => livingAmong(all.all(name)));
  /** A connection is not told of its own changes. */
  const forget = (): void => {
    current.forget();
    living.forget();
  };
  /** Changes names, in one go with forgetting what they were. */
  const changing = <A>(change: () => A): Promise<A> =>
    withRetry(() => {
      try {
        return change();
      } finally {
        forget();
        endTurn();
      }
    });
  const named = async (name: string): Promise<KeyId> => {
    const found = await withRetry(() => current.find(name));
    if (found !== undefined) return found;
    const mine = await spare.take();
    const { changes } = await changing(() => insert.run(name, bytesOf(mine)));
    if (changes === 1) return mine;
    spare.giveBack(mine);
    return (await withRetry(() => current.find(name))) ?? mine;
  };
  return {
    named,
    everNamed: (name: string): Promise<readonly KeyId[]> => withRetry(() => living.find(name) ?? []),
    renew: (name: string): Promise<KeyId> => changing(() => renew.immediate(name)),
    /** To be called when this process has destroyed a key. */
    forget,
  };
};
