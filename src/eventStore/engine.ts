import type { Database } from 'better-sqlite3';
import type { AnchorSink } from '../audit/anchors.ts';
import type { KeyStore, MasterKey } from '../privacy/keys.ts';
import type { EventStore, Prepared } from './eventStore.ts';

/** A database that lies beside a store for a while, and what becomes of it. */
export type SideDatabase = {
  readonly db: Database;
  /** Closes it and removes its files; again is harmless. */
  readonly discard: () => void;
};

/** What an opened store consists of: the log, the keys, the database that holds this node's read models, and where anchors go. */
export type Engine = {
  readonly events: EventStore;
  readonly keys: KeyStore;
  readonly readModels: Database;
  /** Where heads of the log are kept, apart from it. */
  readonly anchors: AnchorSink;
  /** True where a log that does not continue its anchors is to be gone on with, as after an older copy was put back. */
  readonly acceptsOlder?: boolean;
  /** Opens an empty database for read models of another time; every process that purges removes those of all. */
  readonly aside: () => Promise<SideDatabase>;
  /** Removes the files of all databases that lie aside, of this process and of others. */
  readonly discardAside: () => void;
};

/**
 * What `sqliteStore` and `inMemoryStore` give to `openFolja`: a store that is not open yet.
 *
 * `open` throws only for a wrong set-up, with one sentence that says what to do. `prepare` is called once, with the
 * read-model database, before the first append; what it gives back runs with every append.
 */
export type Store = {
  readonly open: (masterKey: MasterKey, prepare: (readModels: Database) => Prepared) => Promise<Engine>;
};
