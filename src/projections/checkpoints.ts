import type { Database } from 'better-sqlite3';
import { one, run } from './projection.ts';

/** Read models that move together: those in every append, and the audit log, which is caught up before it answers. */
export type Group = 'inline' | 'audit';

/** What has a checkpoint: the groups of read models, and the outbox, which is never rebuilt. */
type Follower = Group | 'outbox';

/** The position up to which a follower has seen everything; undefined for one that has not begun. */
export const checkpointIfBegun = (db: Database, follower: Follower): number | undefined =>
  one<{ readonly position: number }>(db, 'SELECT position FROM checkpoints WHERE name = ?', follower)?.position;

/** The position up to which a group of read models has seen everything. */
export const checkpoint = (db: Database, group: Group): number => checkpointIfBegun(db, group) ?? 0;

/** Moves a checkpoint; always in the transaction that changes the rows. */
export const setCheckpoint = (db: Database, follower: Follower, position: number): void =>
  run(
    db,
    'INSERT INTO checkpoints (name, position) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET position = excluded.position',
    ...[follower, position],
  );
