import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { Engine, SideDatabase } from './engine.ts';
import { sideDatabase } from './memoryDatabase.ts';
import { rebuildPath, removeRebuild } from './rebuildFile.ts';
import { sqliteErrorOf } from './sqliteFile.ts';

/** Databases beside a store's file: made, and removed, those of dead processes too. */
type Aside = Pick<Engine, 'aside' | 'discardAside'> & {
  /** Where a worker finds the log, and where it builds read models anew. */
  readonly files: NonNullable<Engine['files']>;
  /** Removes what processes have left that are no more; files of living ones stay. */
  readonly removeLeftovers: () => Promise<void>;
};

const attempts = 5;

const filesBeside = (path: string): readonly string[] =>
  readdirSync(dirname(path))
    .filter((name) => name.startsWith(`${basename(path)}.replay-`))
    .map((name) => join(dirname(path), name));

const remove = (file: string): void => rmSync(file, { force: true });

/** An empty file, readable by its owner only. */
const makeFile = (path: string): string => {
  const file = `${path}.replay-${randomUUID()}`;
  closeSync(openSync(file, 'wx', 0o600));
  return file;
};

/** Another process that opens the store now may take the file for a leftover before it is locked: then there is another one. */
const openNew = async (path: string, attempt = 1): Promise<{ readonly file: string; readonly db: Database }> => {
  const file = makeFile(path);
  try {
    return { file, db: await sideDatabase(file) };
  } catch (error) {
    remove(file);
    if (attempt === attempts) throw error;
    return openNew(path, attempt + 1);
  }
};

/** Whoever works with a file has locked it, and the lock dies with its process: a file that can be locked is nobody's. */
const removeIfDead = async (file: string): Promise<void> => {
  try {
    (await sideDatabase(file)).close();
  } catch (error) {
    if (sqliteErrorOf(error) === 'busy') return;
  }
  remove(file);
};

/** A database in a file of its own, which is given away and comes back as another connection. */
const inFile = (file: string, opened: Database, onDiscard: (side: SideDatabase) => void): SideDatabase => {
  let db = opened;
  let isDiscarded = false;
  const side: SideDatabase = {
    get db() {
      return db;
    },
    discard: () => {
      isDiscarded = true;
      onDiscard(side);
      db.close();
      remove(file);
    },
    lend: async (fill) => {
      db.close();
      await fill(file);
      if (isDiscarded || !existsSync(file)) return false;
      db = await sideDatabase(file);
      return true;
    },
  };
  return side;
};

/** Keeps databases beside the file of a store. */
export const asideOf = (given: string): Aside => {
  const path = resolve(given);
  const open = new Set<SideDatabase>();
  return {
    files: { log: path, side: rebuildPath(path) },
    aside: async () => {
      const { file, db } = await openNew(path);
      const side = inFile(file, db, (gone) => void open.delete(gone));
      open.add(side);
      return side;
    },
    discardAside: () => {
      for (const side of [...open]) side.discard();
      for (const file of filesBeside(path)) remove(file);
      removeRebuild(path);
    },
    removeLeftovers: async () => {
      for (const file of filesBeside(path)) await removeIfDead(file);
    },
  };
};
