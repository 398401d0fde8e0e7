import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { rebuildDatabase } from './memoryDatabase.ts';

/** The file beside a store in which its read models are built anew. */
export const rebuildPath = (path: string): string => `${path}.rebuild`;

const remove = (file: string): void => {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true });
};

/** Removes that file, whoever works with it: who does sees that it is gone, and begins again. */
export const removeRebuild = (path: string): void => remove(rebuildPath(path));

/** A file in which read models are built anew, locked for as long as it is open. */
export type RebuildFile = {
  readonly db: Database;
  /** False once somebody has removed it: what is in it is to be forgotten. */
  readonly isThere: () => boolean;
  /** Closes it; it stays, to be gone on with. */
  readonly close: () => void;
  /** Closes and removes it. */
  readonly discard: () => void;
};

const inodeOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.ino;

const isCode = (error: unknown, pattern: RegExp): boolean =>
  pattern.test(String((error as { readonly code?: unknown } | null)?.code));

const makeWhereMissing = (file: string): void => {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (!isCode(error, /^EEXIST$/)) throw error;
  }
};

/** Finds the file of an earlier rebuild or makes one, for its owner only; undefined where somebody works with it. */
export const openRebuildFile = async (file: string): Promise<RebuildFile | undefined> => {
  makeWhereMissing(file);
  const inode = inodeOf(file);
  try {
    const db = await rebuildDatabase(file);
    const isThere = (): boolean => inodeOf(file) === inode;
    const close = (): void => void db.close();
    const discard = (): void => {
      // While it is locked: it is nobody else's yet.
      if (isThere()) remove(file);
      close();
    };
    return { db, isThere, close, discard };
  } catch (error) {
    // Gone again by now: another one is made when it is asked for again.
    if (isCode(error, /^SQLITE_(BUSY|CANTOPEN)/)) return undefined;
    if (!isCode(error, /^SQLITE_(CORRUPT|NOTADB)/)) throw error;
    remove(file);
    return undefined;
  }
};
