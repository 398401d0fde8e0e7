import type { Database } from 'better-sqlite3';
import type { HsaId, Uuid } from '../../domain/identifiers.ts';
import type { Instant } from '../../domain/time.ts';
import { all, one, run } from '../projection.ts';

/** Notifications on their way to the host. The index of what waits is the queue. */
export const outboxSchema = `
CREATE TABLE IF NOT EXISTS outbox (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  program_id TEXT,
  unit_id TEXT NOT NULL,
  to_kind TEXT NOT NULL,
  hsa_id TEXT,
  channel TEXT NOT NULL,
  about TEXT NOT NULL,
  created_at TEXT NOT NULL,
  relevant_until TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at TEXT NOT NULL,
  leased_until TEXT,
  state TEXT NOT NULL DEFAULT 'waiting',
  settled_at TEXT,
  cause TEXT,
  held INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS outbox_waiting ON outbox (next_attempt_at, seq) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS outbox_undelivered ON outbox (unit_id, seq) WHERE attempts > 0 AND state IN ('waiting', 'dead');
CREATE INDEX IF NOT EXISTS outbox_settled ON outbox (settled_at) WHERE state IN ('delivered', 'lapsed');
CREATE INDEX IF NOT EXISTS outbox_by_program ON outbox (program_id);
`;

/** What nodes tell one another is by its cause; where there are no others, nobody asks for it. */
export const sharedOutboxSchema = 'CREATE INDEX IF NOT EXISTS outbox_by_cause ON outbox (cause)';

/** What an outbox of an earlier version lacks. */
const added: Readonly<Record<string, string>> = { cause: 'TEXT', held: 'INTEGER NOT NULL DEFAULT 0' };

/** Gives an outbox that is there already what it lacks, and takes away what only nodes need; to be called before its schema is run. */
export const upgradeOutbox = (db: Database): void => {
  db.exec('DROP INDEX IF EXISTS outbox_by_cause');
  const present = all<{ readonly name: string }>(db, `SELECT name FROM pragma_table_info('outbox')`);
  if (present.length === 0) return;
  for (const [name, type] of Object.entries(added))
    if (!present.some((column) => column.name === name))
      db.prepare('ALTER TABLE outbox ADD COLUMN '.concat(name, ' ', type)).run();
};

/** How a notification travels; `platform` is a notice inside 1177, which every resident has. */
export type Channel = 'platform' | 'inbox' | 'sms' | 'email';

/** A notification to be sent. It holds no content and nobody's number (R171): a resident is the one of the program. */
export type Intent = {
  /** Derived from what it came of: the key by which a host tells that it has had it already. */
  readonly id: Uuid;
  /** The event or the flag that it comes of: all intents of one cause fall to one node. Null in an outbox that is older than this column. */
  readonly cause: Uuid | null;
  readonly programId: Uuid | null;
  /** The unit that sees whether it gets through. */
  readonly unitId: HsaId;
  /** Null for the resident. */
  readonly hsaId: HsaId | null;
  readonly channel: Channel;
  readonly about: string;
  readonly createdAt: Instant;
  /** From when on it would be of no use. */
  readonly relevantUntil: Instant | null;
};

/** An intent that waits, is delivered, could not be (`dead`), or came to be of no use (`lapsed`). */
export type OutboxRow = Intent & {
  readonly seq: number;
  readonly attempts: number;
  readonly state: 'waiting' | 'delivered' | 'dead' | 'lapsed';
};

const insert = `INSERT OR IGNORE INTO outbox (id, program_id, unit_id, to_kind, hsa_id, channel, about, created_at,
  relevant_until, next_attempt_at, cause) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Puts an intent into the outbox; one that is there already stays as it is. */
export const post = (db: Database, intent: Intent): void => {
  const { id, cause, programId, unitId, hsaId, channel, about, createdAt, relevantUntil } = intent;
  const to = hsaId === null ? 'resident' : 'staff';
  run(db, insert, id, programId, unitId, to, hsaId, channel, about, createdAt, relevantUntil, createdAt, cause);
};

const columns = `seq, id, cause, program_id AS programId, unit_id AS unitId, hsa_id AS hsaId, channel, about,
  created_at AS createdAt, relevant_until AS relevantUntil, attempts, state`;

/** How many times one is tried. */
export const mostAttempts = 10;

/** The least `held` of what a process may hand over: nothing is held where all processes share one file; where each has its own, one holds it. */
export type Least = 0 | 1;

const free = '(leased_until IS NULL OR leased_until <= ?)';

const takeNext = `UPDATE outbox SET attempts = attempts + 1, leased_until = ? WHERE seq IN (
    SELECT seq FROM outbox WHERE state = 'waiting' AND held >= ? AND next_attempt_at <= ? AND ${free}
    AND (relevant_until IS NULL OR relevant_until > ?) ORDER BY next_attempt_at, seq LIMIT ?)
  RETURNING ${columns}`;

/**
 * Takes the next rows for one process, until an instant: nobody else gets them before. The attempt is counted now, so that one that kills
 * its process does not go on for ever.
 */
export const lease = (
  db: Database,
  now: Instant,
  { until, limit, least }: { readonly until: Instant; readonly limit: number; readonly least: Least },
): readonly OutboxRow[] =>
  all<OutboxRow>(db, takeNext, until, least, now, now, now, limit).toSorted((one, other) => one.seq - other.seq);

/** That the host has taken a notification; also when another attempt at it has begun meanwhile. */
export const markDelivered = (db: Database, { seq }: OutboxRow, now: Instant): void =>
  run(
    db,
    `UPDATE outbox SET state = 'delivered', settled_at = ?, leased_until = NULL WHERE seq = ? AND state = 'waiting'`,
    ...[now, seq],
  );

/** That an attempt failed, and when the next is; undefined when there is to be none. */
export const markFailed = (db: Database, { seq, attempts }: OutboxRow, next: Instant | undefined): void =>
  run(
    db,
    `UPDATE outbox SET state = ?, next_attempt_at = COALESCE(?, next_attempt_at), leased_until = NULL
     WHERE seq = ? AND state = 'waiting' AND attempts = ?`,
    ...[next === undefined ? 'dead' : 'waiting', next ?? null, seq, attempts],
  );

/** Takes a row away whose resident can no longer be named. */
export const remove = (db: Database, { seq }: OutboxRow): void => run(db, 'DELETE FROM outbox WHERE seq = ?', seq);

/** Settles what is not to be sent any more: of no use now, tried too often, or held by nobody and older than an instant where one is given. */
export const settle = (db: Database, now: Instant, oldest: Instant | undefined): void => {
  const lapsed = `UPDATE outbox SET state = 'lapsed', settled_at = ?, leased_until = NULL WHERE state = 'waiting' AND ${free}`;
  run(db, `${lapsed} AND relevant_until <= ?`, now, now, now);
  if (oldest !== undefined) run(db, `${lapsed} AND held = 0 AND created_at <= ?`, now, now, oldest);
  run(
    db,
    `UPDATE outbox SET state = 'dead', leased_until = NULL WHERE attempts >= ? AND state = 'waiting' AND ${free}`,
    ...[mostAttempts, now],
  );
};

/** Deletes what was settled before an instant, at most so many; how many there were. */
export const clean = (db: Database, before: Instant, limit: number): number =>
  all(
    db,
    `DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox WHERE state IN ('delivered', 'lapsed') AND settled_at < ?
     LIMIT ?) RETURNING seq`,
    ...[before, limit],
  ).length;

const waiting = `FROM outbox WHERE state = 'waiting' AND held >= ? AND next_attempt_at <= ? AND ${free}`;

/** Whether anything waits that may be tried now. */
export const hasWaiting = (db: Database, now: Instant, least: Least): boolean =>
  one(db, `SELECT 1 ${waiting} LIMIT 1`, least, now, now) !== undefined;

/** How much waits that may be tried now. */
export const countWaiting = (db: Database, now: Instant, least: Least): number =>
  one<{ readonly count: number }>(db, `SELECT COUNT(*) AS count ${waiting}`, least, now, now)?.count ?? 0;

const undelivered = `attempts > 0 AND state IN ('waiting', 'dead') AND (attempts > 1 OR ${free}) AND seq > ?`;

/** What was tried and has not got through, the oldest first; of one unit where asked. A first attempt that is under way is not among them. */
export const undeliveredRows = (
  db: Database,
  now: Instant,
  { after, limit, unitId }: { readonly after: number; readonly limit: number; readonly unitId: HsaId | undefined },
): readonly OutboxRow[] =>
  unitId === undefined
    ? all<OutboxRow>(
        db,
        // Few rows, each in that index: SQLite would rather walk through all that ever was delivered.
        `SELECT ${columns} FROM outbox INDEXED BY outbox_undelivered WHERE ${undelivered} ORDER BY seq LIMIT ?`,
        ...[now, after, limit],
      )
    : all<OutboxRow>(
        db,
        `SELECT ${columns} FROM outbox WHERE unit_id = ? AND ${undelivered} ORDER BY seq LIMIT ?`,
        ...[unitId, now, after, limit],
      );
