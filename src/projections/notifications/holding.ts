import type { Database } from 'better-sqlite3';
import type { Uuid } from '../../domain/identifiers.ts';
import type { Instant } from '../../domain/time.ts';
import { all, one, run } from '../projection.ts';
import { mostAttempts } from './outbox.ts';

/**
 * The outboxes of several nodes hold the same rows, for each makes them of the same events. What is to be handed over because of one cause is held
 * by one node; the others have it settled by what that node tells.
 */

/** Whether anything that comes of a cause waits, held or not. */
export const hasWaitingOf = (db: Database, cause: Uuid): boolean =>
  one(db, `SELECT 1 FROM outbox WHERE cause = ? AND state = 'waiting' LIMIT 1`, cause) !== undefined;

/** Whether this node has done something because of a cause, or means to, and has not told the others that it is done with. */
export const isUntold = (db: Database, cause: Uuid): boolean =>
  one(db, 'SELECT 1 FROM outbox WHERE cause = ? AND held = 1 LIMIT 1', cause) !== undefined;

/** Takes hold of what waits of a cause. */
export const hold = (db: Database, cause: Uuid): void =>
  run(db, `UPDATE outbox SET held = 1 WHERE cause = ? AND state = 'waiting'`, cause);

/** Lets go of everything that waits: it falls to this node again, or to another. */
export const letGo = (db: Database): void => run(db, `UPDATE outbox SET held = 0 WHERE held = 1 AND state = 'waiting'`);

/** What of a cause could not be handed over. */
export const deadOf = (db: Database, cause: Uuid): readonly Uuid[] =>
  all<{ readonly id: Uuid }>(db, `SELECT id FROM outbox WHERE cause = ? AND state = 'dead' ORDER BY seq`, cause).map(
    ({ id }) => id,
  );

const listed = '(SELECT value FROM json_each(?))';
const unfinished = `cause = ? AND state IN ('waiting', 'dead')`;

/**
 * That a node is done with everything that comes of a cause: what it could not hand over is dead here too, where nobody tried it, and the rest is
 * delivered, even if an earlier attempt of this node's had failed.
 */
export const settleCause = (
  db: Database,
  { cause, at, dead }: { readonly cause: Uuid; readonly at: Instant; readonly dead: readonly Uuid[] },
): void => {
  const ids = JSON.stringify(dead);
  run(
    db,
    `UPDATE outbox SET state = 'dead', attempts = MAX(attempts, ?), leased_until = NULL WHERE ${unfinished} AND id IN ${listed}`,
    ...[mostAttempts, cause, ids],
  );
  run(
    db,
    `UPDATE outbox SET state = 'delivered', settled_at = ?, leased_until = NULL WHERE ${unfinished} AND id NOT IN ${listed}`,
    ...[at, cause, ids],
  );
  run(db, 'UPDATE outbox SET held = 0 WHERE cause = ? AND held = 1', cause);
};
