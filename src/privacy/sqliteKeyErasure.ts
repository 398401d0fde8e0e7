import { realpathSync } from 'node:fs';
import { occurrencesBeside, occurrencesIn, occurrencesInPages, type Pages } from '../eventStore/remnants.ts';
import { withRetry } from '../eventStore/sqliteFile.ts';
import { endTurn } from '../eventStore/turns.ts';
import type { KeyId } from './keys.ts';
import type { OpenedKeys } from './openedKeys.ts';
import { bytesOf, type KeyFile } from './sqliteKeyFile.ts';
import { overwriteJournal, pagesIn, readJournal } from './sqliteKeyJournal.ts';

/** Pages of how many destructions are remembered, so that looking for remnants costs no more than they did. */
const mostRemembered = 10_000;

/**
 * A row of `keys` lies as header ‖ id ‖ epoch ‖ wrapping, and its header ends with the type of the wrapping: a BLOB of 61 bytes. So a remnant is
 * told from the id, which itself stays among the destroyed ones.
 */
const remnantOf = (id: KeyId): Buffer => Buffer.from(`8106${id}`, 'hex');

/** What removes every trace of what the file no longer holds. */
export type Cleaning = {
  /**
   * Overwrites what earlier transactions left in the rollback journal, where SQLite clears only the header: in place, because the blocks that a
   * shortened file gives up keep their content, and inside a transaction, because nobody else writes to it then.
   */
  readonly cleanJournal: () => Promise<void>;
  /** Writes the whole file anew: rows that have moved can leave a copy in the free space of a page. */
  readonly rebuild: () => Promise<void>;
};

export const cleaningOf = ({ db }: KeyFile): Cleaning => {
  const journal = (): string => `${realpathSync(db.name)}-journal`;
  const clean = db.transaction((cut: boolean) => overwriteJournal(journal(), { cut }));
  return {
    cleanJournal: () => withRetry(() => clean.immediate(false)),
    rebuild: async () => {
      await withRetry(() => db.exec('VACUUM'));
      await withRetry(() => clean.immediate(true));
    },
  };
};

/**
 * Deletes keys and leaves their tombstones, and remembers which pages that changed, where the journal tells. While keys are being wrapped anew
 * it remembers none: rows then change their size, and a copy of one may lie in another page until the file is written anew.
 */
const deletingFrom = ({ db }: KeyFile, opened: OpenedKeys) => {
  const remove = db.prepare('DELETE FROM keys WHERE id = ?');
  const mark = db.prepare('INSERT OR IGNORE INTO destroyed (id) VALUES (?)');
  const epochs = db.prepare<[], number>('SELECT count(*) FROM epochs').pluck();
  const pageBytes = Number(db.pragma('page_size', { simple: true }));
  const removeAndMark = db.transaction((id: Buffer): readonly number[] | undefined => {
    const { changes } = remove.run(id);
    mark.run(id);
    return changes === 0 || epochs.get() !== 1
      ? undefined
      : pagesIn(readJournal(`${realpathSync(db.name)}-journal`), pageBytes);
  });
  const remembered = new Map<KeyId, Pages>();
  const deleteOne = (id: KeyId): void => {
    try {
      const pages = removeAndMark.immediate(bytesOf(id)) ?? [];
      if (remembered.size > mostRemembered) remembered.clear();
      if (pages.length > 0) remembered.set(id, { size: pageBytes, numbers: new Set(pages) });
    } finally {
      opened.clear();
      endTurn();
    }
  };
  return { deleteOne, pagesOf: (id: KeyId) => remembered.get(id), forget: () => remembered.clear() };
};

/** Destroys keys, and looks whether anything is left of them. */
export const keyErasure = (file: KeyFile, opened: OpenedKeys) => {
  const { db } = file;
  const { cleanJournal, rebuild } = cleaningOf(file);
  const { deleteOne, pagesOf, forget } = deletingFrom(file, opened);
  const tombstone = db.prepare<[Buffer], number>('SELECT EXISTS (SELECT 1 FROM destroyed WHERE id = ?)').pluck();
  const remnants = async (id: KeyId): Promise<number> => {
    if (!db.open) throw new TypeError('the key file is closed');
    const [path, remnant, pages] = [realpathSync(db.name), remnantOf(id), pagesOf(id)];
    const inFile = pages === undefined ? occurrencesIn(path, remnant) : occurrencesInPages(path, pages, [remnant]);
    return (await inFile) + occurrencesBeside(`${path}-journal`, [remnant]);
  };
  return {
    remnants,
    isDestroyed: async (id: KeyId): Promise<boolean> => withRetry(() => tombstone.get(bytesOf(id)) === 1),
    destroy: async (id: KeyId): Promise<void> => {
      await withRetry(() => deleteOne(id));
      await cleanJournal();
      if ((await remnants(id)) === 0) return;
      forget();
      await rebuild();
    },
  };
};
