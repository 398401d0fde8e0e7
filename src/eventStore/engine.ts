import type { Database } from 'better-sqlite3';
import type { KeyStore, MasterKey } from '../privacy/keys.ts';
import type { EventStore, Inline } from './eventStore.ts';

/** What an opened store consists of: the log, the keys, and the database that holds this node's read models. */
export type Engine = {
  readonly events: EventStore;
  readonly keys: KeyStore;
  readonly readModels: Database;
};

/**
 * What `sqliteStore` and `inMemoryStore` give to `openFolja`: a store that is not open yet.
 *
 * `open` throws only for a wrong set-up, with one sentence that says what to do. `prepare` is called once, with the
 * read-model database, before the first append; what it gives back runs inside the transaction of every append.
 */
export type Store = {
  readonly open: (masterKey: MasterKey, prepare: (readModels: Database) => Inline) => Promise<Engine>;
};
