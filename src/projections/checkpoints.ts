import type { Database } from 'better-sqlite3';
import { one, run } from './projection.ts';

/** Read models that move together: those in every append, and the audit log, which is caught up before it answers. */
export type Group = 'inline' | 'audit';

/** The position up to which a group of read models has seen everything. */
export const checkpoint = (db: Database, group: Group): number =>
  one<{ readonly position: number }>(db, 'SELECT position FROM checkpoints WHERE name = ?', group)?.position ?? 0;

/** Moves the checkpoint of a group; always in the transaction that changes its rows. */
export const setCheckpoint = (db: Database, group: Group, position: number): void =>
  run(db, 'INSERT OR REPLACE INTO checkpoints (name, position) VALUES (?, ?)', group, position);
