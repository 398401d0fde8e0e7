import type { Database } from 'better-sqlite3';

/** What a key file holds, in numbers: it can be told without a master key. */
export type KeyCounts = {
  /** The master keys that the file knows, and how many keys each wraps. */
  readonly epochs: readonly { readonly id: string; readonly keys: number }[];
  readonly destroyed: number;
};

/** Counts the keys in an opened key file. */
export const keyCounts = (db: Database): KeyCounts => ({
  epochs: db
    .prepare<[], { readonly id: string; readonly keys: number }>(
      'SELECT e.id, (SELECT count(*) FROM keys k WHERE k.epoch = e.id) AS keys FROM epochs e ORDER BY e.id',
    )
    .all(),
  destroyed: db.prepare<[], number>('SELECT count(*) FROM destroyed').pluck().get() ?? 0,
});
