import type { Database } from 'better-sqlite3';

/** How many events of one type the log holds. */
export type TypeCount = { readonly type: string; readonly events: number; readonly newest: string };

/**
 * How many events of each type there are, and when the newest was; the text of an event holds nothing personal. One that does not parse is
 * counted as `damaged`, for a verification to name.
 */
export const countByType = (db: Database): readonly TypeCount[] =>
  db
    .prepare<[], TypeCount>(
      `SELECT iif(json_valid(body), json_extract(body, '$.type'), 'damaged') AS type, count(*) AS events,
         max(iif(json_valid(body), json_extract(body, '$.at'), '')) AS newest
       FROM events GROUP BY 1 ORDER BY 1`,
    )
    .all();

/** Purges since another master key became the current one. */
export type PurgesSinceRotation = {
  readonly purges: number;
  /** When the first of them was; null without one. */
  readonly oldest: string | null;
  /** When the rotation was; null for a store whose master key was never rotated. */
  readonly rotatedAt: string | null;
};

type Rotation = { readonly position: number; readonly at: string };

const lastRotation = (db: Database): Rotation | undefined =>
  db
    .prepare<[], Rotation>(
      `SELECT position, json_extract(body, '$.at') AS at FROM events
       WHERE iif(json_valid(body), json_extract(body, '$.type') || ' ' || json_extract(body, '$.data.what'), '')
         = 'operated rotate-master-key'
       ORDER BY position DESC LIMIT 1`,
    )
    .get();

/**
 * What was purged since the master key was last rotated: until it is, a copy of the key file from before such a purge still opens, with the
 * master key, what was purged (P13).
 */
export const purgesSinceRotation = (db: Database): PurgesSinceRotation => {
  const rotation = lastRotation(db);
  const counted = db
    .prepare<[number], { readonly purges: number; readonly oldest: string | null }>(
      `SELECT count(*) AS purges, min(json_extract(body, '$.at')) AS oldest FROM events
       WHERE position > ? AND iif(json_valid(body), json_extract(body, '$.type'), '') = 'purged'`,
    )
    .get(rotation?.position ?? 0);
  return { purges: counted?.purges ?? 0, oldest: counted?.oldest ?? null, rotatedAt: rotation?.at ?? null };
};

/** A year of the log, and for how many programs it still tells whom entries are about. */
export type SubjectYear = { readonly year: number; readonly programs: number };

/** The years of the log that still tell whom their entries are about. */
export const subjectYears = (db: Database): readonly SubjectYear[] =>
  db
    .prepare<[], SubjectYear>('SELECT year, count(*) AS programs FROM audit_subjects GROUP BY year ORDER BY year')
    .all();
