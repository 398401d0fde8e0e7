import type { Database } from 'better-sqlite3';
import type { Either } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { AnchorSink } from '../audit/anchors.ts';
import type { Uuid } from '../domain/identifiers.ts';
import type { Instant } from '../domain/time.ts';
import type { KeyStore, MasterKey } from '../privacy/keys.ts';
import type { EventStore, PendingErasure, Prepared, StoreError } from './eventStore.ts';
import type { Told } from './tidings.ts';

/** A database that lies beside a store for a while, and what becomes of it. */
export type SideDatabase = {
  readonly db: Database;
  /** Closes it and removes its files; again is harmless. */
  readonly discard: () => void;
  /**
   * Closes a database in a file while somebody else fills that, and opens it again; false where it was discarded meanwhile, or taken for a leftover by
   * another process.
   */
  readonly lend?: (fill: (path: string) => Promise<unknown>) => Promise<boolean>;
};

/** What falls to one node of several: to hand over what was to be told because of an event or a deadline. */
export type Duty = {
  /** The id of the event, or of the flag that the deadline put up. */
  readonly cause: Uuid;
  /** To be called when nothing of it waits any more, and every node has been told so: then it falls to nobody again. */
  readonly done: () => void;
};

/** How a node takes part in handing over notifications. None of the functions may throw. */
export type Duties = {
  readonly take: (duty: Duty) => void;
  /** Everything that was taken falls to somebody again, for the connection was lost: calling `done` is of no use any more. */
  readonly drop: () => void;
  /** Told, in a sentence, what keeps the node from taking part. */
  readonly warn: (message: string) => void;
};

/** A machine of a cluster, as all its machines know it. */
export type NodeState = {
  readonly nodeId: Uuid;
  readonly openedAt: Instant;
  readonly retiredAt?: Instant;
  readonly isThis: boolean;
};

/** What an engine offers besides where several machines share one log. */
export type Sharing = {
  /** Waits until this node shows everything up to a position; rejects when it is closed before. */
  readonly reached: (position: number) => Promise<void>;
  /** Tells every node; Right when this one has applied it. Of what is told once only, the first telling counts: `other` says that it was another. */
  readonly tell: (told: Told) => TaskEither<StoreError, 'told' | 'other'>;
  /** Takes part in handing over notifications; gives back how to stop. What is not done by then falls to another node. */
  readonly takeDuties: (duties: Duties) => () => void;
  /** What an erasure that is finished in this node's file waits for elsewhere: Left with its names, such as `scavenge`. */
  readonly elsewhere: (erasure: PendingErasure) => Promise<Either<readonly string[], void>>;
  /** Calls the listener when something came that an erasure may have waited for, or that begins one; gives back how to stop. */
  readonly onErasureNews: (listener: () => void) => () => void;
  /** The machines that have opened the log, the oldest first. */
  readonly nodes: () => readonly NodeState[];
  /** Says of a machine that it is gone for good, with its file: no erasure waits for it any more. False where there is none of that id. */
  readonly retire: (nodeId: Uuid) => TaskEither<StoreError, boolean>;
  /** Removes from the disk of every server what was deleted, and waits for it, with the servers that are done and all; Left where one failed. */
  readonly scavenge: (onProgress?: (done: number, total: number) => void) => TaskEither<StoreError, void>;
  /** Ends what is left of programs that were to start a day ago or more and never did, a few at a time; with how many it were. */
  readonly endAbandoned: () => TaskEither<StoreError, number>;
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
  /** Where the log lies in a file: that file, and the one beside it in which read models are built anew, which `discardAside` removes too. */
  readonly files?: { readonly log: string; readonly side: string };
  /** Where the log is shared with other machines. */
  readonly sharing?: Sharing;
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
