import type { Database } from 'better-sqlite3';
import type { Tidings, Told } from '../../eventStore/tidings.ts';
import type { Registered } from '../../privacy/registered.ts';
import { checkpoint, checkpointIfBegun, setCheckpoint } from '../checkpoints.ts';
import { programRow } from '../programs.ts';
import { all, run } from '../projection.ts';
import { beginDeadlines, type Deadline, note } from './deadlines.ts';
import { letGo, settleCause } from './holding.ts';
import { sharedOutboxSchema } from './outbox.ts';

/** What was told while the read models were behind the log: it waits, so that it is heard after the same events on every node. */
export const hearingSchema = `
CREATE TABLE IF NOT EXISTS deferred_tidings (
  seq INTEGER PRIMARY KEY,
  after INTEGER NOT NULL,
  told TEXT NOT NULL
) STRICT;
`;
export const hearingTables: Registered = {
  deferred_tidings: { keeps: 'random ids, until the read models have come so far' },
};

const isAbout = (about: string): about is Deadline['about'] => about === 'time-expired' || about === 'activity-missed';

/** A program that was purged before stays so: nothing is noted of it. */
const deadlineNoted = (db: Database, { about, at, ...deadline }: Tidings['deadline-noted']): void => {
  if (isAbout(about) && programRow(db, deadline.programId) !== undefined) note(db, { ...deadline, about }, at);
};

const hearNow = (db: Database, told: Told): void => {
  if (told.type === 'notifications-begun') beginDeadlines(db, told.data.day);
  else if (told.type === 'deadline-noted') deadlineNoted(db, told.data);
  else if (told.type === 'notifications-settled') settleCause(db, told.data);
};

/**
 * Applies what a node has told all nodes of notifications; `after` is the position of the last event before it. In the transaction in which it
 * came.
 */
export const hear = (db: Database, told: Told, after: number): void => {
  if (checkpoint(db, 'inline') >= after) hearNow(db, told);
  else run(db, 'INSERT INTO deferred_tidings (after, told) VALUES (?, ?)', after, JSON.stringify(told));
};

/**
 * Begins on a node of several: its outbox sees every event from the first on, as those of the others do, and what it held when it was closed falls
 * to somebody again. To be called before it applies anything.
 */
export const beginSharedOutbox = (db: Database): void => {
  db.exec(sharedOutboxSchema);
  if (checkpointIfBegun(db, 'outbox') === undefined) setCheckpoint(db, 'outbox', 0);
  letGo(db);
};

type Deferred = { readonly seq: number; readonly after: number; readonly told: string };

/** Gives what hears the tidings that were deferred, up to a position; in the transaction in which the read models come there. */
export const hearingDeferred = (db: Database): ((position: number) => void) => {
  const waiting = [...all<Deferred>(db, 'SELECT seq, after, told FROM deferred_tidings ORDER BY seq')];
  return (position) => {
    for (let next = waiting[0]; next !== undefined && next.after <= position; next = waiting[0]) {
      hearNow(db, JSON.parse(next.told) as Told);
      run(db, 'DELETE FROM deferred_tidings WHERE seq = ?', next.seq);
      waiting.shift();
    }
  };
};
