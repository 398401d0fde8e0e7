import { createSecretKey } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { withRetry } from '../eventStore/sqliteFile.ts';
import type { Epoch, KeyError, KeyStore, MasterKey } from './keys.ts';
import type { Cleaning } from './sqliteKeyErasure.ts';
import { addEpoch, damagedKey, foreignKeys, isSameEpoch, type KeyFile } from './sqliteKeyFile.ts';
import type { SpareKeys } from './sqliteSpareKeys.ts';
import { type Masters, rewrapKey, withNext, withoutEarlier } from './wrapping.ts';

/** How many keys are wrapped anew in one transaction. */
const sliceSize = 128;

type Next = Masters['current'];
type Row = { readonly rowid: number; readonly id: string; readonly epoch: string; readonly wrapped: Buffer };
type Wrapped = Pick<Row, 'rowid'> & { readonly wrapped: Buffer };
type OtherKey = { readonly kind: 'other-key' };
type OnProgress = Parameters<KeyStore['rewrap']>[1];

/** Makes the next master key current: from here on this process makes keys under it alone. */
const beginning = (file: KeyFile, spare: SpareKeys) => {
  const begin = file.db.transaction((next: Next): boolean => {
    if (!isSameEpoch(file, next)) return false;
    addEpoch(file, next);
    if (file.masters.current.id !== next.id) spare.remove();
    return true;
  });
  return (next: Next): boolean => {
    const isKnown = begin.immediate(next);
    if (isKnown && file.masters.current.id !== next.id) spare.forget();
    if (isKnown) file.masters = withNext(file.masters, next);
    return isKnown;
  };
};

const wrappedAnew = ({ storeId, masters }: KeyFile, { rowid, id, epoch, wrapped }: Row, next: Next) => {
  const master = masters.byId.get(epoch);
  if (master === undefined) return E.left(foreignKeys);
  const rewrapped = rewrapKey(wrapped, { store: storeId, keyId: id, epoch }, master, next);
  return E.bimap(
    () => damagedKey(id),
    (anew: Buffer): Wrapped => ({ rowid, wrapped: anew }),
  )(rewrapped);
};

/** Wraps the next keys that lie after a row; none when there are no more. */
const slicing = (file: KeyFile) => {
  const select = file.db.prepare<[number, string, number], Row>(
    'SELECT rowid, lower(hex(id)) AS id, epoch, wrapped FROM keys WHERE rowid > ? AND epoch <> ? ORDER BY rowid LIMIT ?',
  );
  const update = file.db.prepare<[string, Buffer, number]>('UPDATE keys SET epoch = ?, wrapped = ? WHERE rowid = ?');
  return file.db.transaction((after: number, next: Next): E.Either<KeyError, readonly Wrapped[]> => {
    const wrapped = E.traverseArray((row: Row) => wrappedAnew(file, row, next))(select.all(after, next.id, sliceSize));
    if (E.isRight(wrapped)) for (const row of wrapped.right) update.run(next.id, row.wrapped, row.rowid);
    return wrapped;
  });
};

const countOthers = ({ db }: KeyFile, { id }: Next): number =>
  db.prepare<[string], number>('SELECT count(*) FROM keys WHERE epoch <> ?').pluck().get(id) ?? 0;

const rewrapAll = async (file: KeyFile, next: Next, onProgress: OnProgress): Promise<E.Either<KeyError, number>> => {
  const slice = slicing(file);
  const total = await withRetry(() => countOthers(file, next));
  let done = 0;
  for (let after = 0; ; await nextTurn()) {
    const wrapped = await withRetry(() => slice.immediate(after, next));
    if (E.isLeft(wrapped)) return wrapped;
    const last = wrapped.right.at(-1);
    if (last === undefined) return E.right(done);
    after = last.rowid;
    done += wrapped.right.length;
    onProgress?.(done, Math.max(total, done));
  }
};

/** Forgets all master keys but the next one; false while something is wrapped by another. */
const forgetting = (file: KeyFile) => {
  const retire = file.db.prepare<[string]>('INSERT OR IGNORE INTO retired SELECT id FROM epochs WHERE id <> ?');
  const retired = file.db.prepare<[], string>('SELECT epoch FROM retired').pluck();
  const remove = file.db.prepare<[string]>('DELETE FROM epochs WHERE id <> ?');
  const forget = file.db.transaction((next: Next): boolean => {
    if (countOthers(file, next) > 0) return false;
    retire.run(next.id);
    remove.run(next.id);
    return true;
  });
  return (next: Next): boolean => {
    const isDone = forget.immediate(next);
    if (isDone) file.masters = withoutEarlier(file.masters, new Set(retired.all()));
    return isDone;
  };
};

/** The master keys that the file knows. */
export const epochsOf = (file: KeyFile): (() => Promise<readonly Epoch[]>) => {
  const select = file.db.prepare<[], Omit<Epoch, 'current'>>(
    'SELECT e.id, count(k.id) AS keys FROM epochs e LEFT JOIN keys k ON k.epoch = e.id GROUP BY e.id ORDER BY e.id',
  );
  return async () => {
    const found = await withRetry(() => select.all());
    return found.map((epoch) => ({ ...epoch, current: epoch.id === file.masters.current.id }));
  };
};

/** Makes another master key the one that wraps; every step can be taken again after a stop. */
export const rewrapping = (file: KeyFile, spare: SpareKeys, { cleanJournal, rebuild }: Cleaning) => {
  const [begin, forget, epochs] = [beginning(file, spare), forgetting(file), epochsOf(file)];
  const rewrap = async (next: Next, onProgress: OnProgress): Promise<E.Either<KeyError | OtherKey, number>> => {
    if (!(await withRetry(() => begin(next)))) return E.left({ kind: 'other-key' });
    let rewrapped = 0;
    while ((await epochs()).length > 1) {
      const wrapped = await rewrapAll(file, next, onProgress);
      if (E.isLeft(wrapped)) return wrapped;
      rewrapped += wrapped.right;
      // Old wrappings may lie in the free space of pages; once their master key is forgotten nobody comes back for them.
      await rebuild();
      await withRetry(() => forget(next));
      await cleanJournal();
    }
    return E.right(rewrapped);
  };
  let running: Promise<unknown> = Promise.resolve();
  // One after the other: two that ran at once would each undo what the other does.
  return (given: MasterKey['current'], onProgress?: OnProgress): ReturnType<typeof rewrap> => {
    const next = { id: given.id, key: createSecretKey(given.key) };
    const mine = running.then(() => rewrap(next, onProgress));
    running = mine.catch(() => undefined);
    return mine;
  };
};
