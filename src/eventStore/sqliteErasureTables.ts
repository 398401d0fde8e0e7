import type { Database } from 'better-sqlite3';
import type { ErasureStage, PendingErasure } from './eventStore.ts';

const erasingFlesh = (db: Database) => {
  const ofStream = 'position IN (SELECT position FROM events WHERE stream = (SELECT id FROM streams WHERE name = ?))';
  const sealedOf = db
    .prepare<[string], number>('SELECT count(*) FROM flesh WHERE sealed IS NOT NULL AND '.concat(ofStream))
    .pluck();
  const tagsOf = db
    .prepare<[string], Buffer>('SELECT tag FROM flesh WHERE tag IS NOT NULL AND '.concat(ofStream))
    .pluck();
  // A row is emptied and never deleted: a page that rows are deleted from is merged with its neighbors, and where their rows lay before
  // SQLite leaves copies of them (secure_delete or not) that no later erasure would reach.
  const erase = db.prepare<[string]>(
    'UPDATE flesh SET sealed = NULL, mark = NULL, tag = NULL WHERE (sealed IS NOT NULL OR mark IS NOT NULL OR tag IS NOT NULL) AND '.concat(
      ofStream,
    ),
  );
  const indexTagsAnew = db.prepare('REINDEX flesh_by_tag');
  return {
    /** How many personal parts there were. */
    eraseFlesh: (stream: string): number => {
      const parts = sealedOf.get(stream) ?? 0;
      erase.run(stream);
      return parts;
    },
    tagsOf: (stream: string): readonly Uint8Array[] => tagsOf.all(stream),
    /** Pages of an index are split and merged, which leaves copies of tags; made anew, it holds the living ones only. */
    indexTagsAnew: (): void => void indexTagsAnew.run(),
  };
};

const erasureTable = (db: Database) => {
  const add = db.prepare<[string, string, number]>(
    'INSERT INTO erasures (stream, key_id, position) VALUES (?, ?, ?) ON CONFLICT (stream) DO NOTHING',
  );
  const all = db.prepare<[], PendingErasure>(
    'SELECT stream, key_id AS keyId, stage, parts FROM erasures ORDER BY position',
  );
  const move = db.prepare<[string, string]>('UPDATE erasures SET stage = ? WHERE stream = ?');
  const parts = db.prepare<[string], number>('SELECT parts FROM erasures WHERE stream = ?').pluck();
  const count = db.prepare<[number, string]>('UPDATE erasures SET parts = parts + ? WHERE stream = ?');
  const remove = db.prepare<[string]>('DELETE FROM erasures WHERE stream = ?');
  return {
    addErasure: (stream: string, keyId: string, position: number): void => void add.run(stream, keyId, position),
    pendingErasures: (): readonly PendingErasure[] => all.all(),
    moveErasure: (stream: string, stage: ErasureStage): void => void move.run(stage, stream),
    /** How many were deleted before; undefined for a stream without an erasure. */
    partsErased: (stream: string): number | undefined => parts.get(stream),
    countErased: (stream: string, parts: number): void => void count.run(parts, stream),
    removeErasure: (stream: string): void => void remove.run(stream),
  };
};

/** The statements with which flesh is erased, and how far that has come is noted. */
export const erasureTables = (db: Database) => ({ ...erasingFlesh(db), ...erasureTable(db) });
