import type { Database } from 'better-sqlite3';
import { setUpError } from '../setUpError.ts';
import { sqliteErrorOf } from '../sqliteFile.ts';

const take = (db: Database): void => {
  db.pragma('locking_mode = exclusive');
  db.exec('BEGIN EXCLUSIVE');
};

/**
 * Keeps a node's file for this process: two that followed the cluster into one file would undo each other. The system lets go of it when the
 * process ends, however it ends.
 *
 * @returns how to let go
 */
export const lockNode = async (path: string): Promise<() => void> => {
  const { default: Sqlite } = await import('better-sqlite3');
  const db = new Sqlite(`${path}.lock`, { timeout: 0 });
  try {
    take(db);
  } catch (error) {
    db.close();
    if (sqliteErrorOf(error) !== 'busy') throw error;
    throw setUpError(
      `The read models of this node are used by another process: give each node a file of its own (${path}).`,
    );
  }
  return () => void db.close();
};
