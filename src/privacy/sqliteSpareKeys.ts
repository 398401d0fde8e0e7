import { randomBytes } from 'node:crypto';
import { withRetry } from '../eventStore/sqliteFile.ts';
import type { KeyId } from './keys.ts';
import { bytesOf, currentIn, type KeyFile } from './sqliteKeyFile.ts';
import { wrapNewKey } from './wrapping.ts';

const batchSize = 64;

/** Keys that are on disk and that nobody has been given yet. */
export type SpareKeys = {
  readonly take: () => Promise<KeyId>;
  readonly giveBack: (id: KeyId) => void;
  /** Makes one key that nobody had before, inside a transaction. */
  readonly makeOne: () => KeyId;
  /** Removes those that are left, inside a transaction, so that an old copy of the file holds none that is handed out later. */
  readonly remove: () => void;
  /** Forgets those that were removed. */
  readonly forget: () => void;
};

/** Hands out keys that only this process knows of; when none is left, 64 are made in one synced transaction. */
export const spareKeys = (file: KeyFile): SpareKeys => {
  const { db, storeId } = file;
  const insert = db.prepare('INSERT INTO keys (id, epoch, wrapped) VALUES (?, ?, ?)');
  const removeOne = db.prepare('DELETE FROM keys WHERE id = ?');
  const makeOne = (): KeyId => {
    const { id: epoch, key } = currentIn(file);
    const keyId = randomBytes(16).toString('hex');
    insert.run(bytesOf(keyId), epoch, wrapNewKey({ store: storeId, keyId, epoch }, key));
    return keyId;
  };
  const makeMany = db.transaction(() => Array.from({ length: batchSize }, makeOne));
  const spare: KeyId[] = [];
  let making: Promise<void> | undefined;
  const make = async (): Promise<void> => {
    spare.push(...(await withRetry(() => makeMany.immediate())));
  };
  const take = async (): Promise<KeyId> => {
    for (;;) {
      const id = db.open ? spare.pop() : undefined;
      if (id !== undefined) return id;
      making ??= make().finally(() => {
        making = undefined;
      });
      await making;
    }
  };
  return {
    take,
    makeOne,
    giveBack: (id) => void spare.push(id),
    remove: () => {
      for (const id of spare) removeOne.run(bytesOf(id));
    },
    forget: () => {
      spare.length = 0;
    },
  };
};
