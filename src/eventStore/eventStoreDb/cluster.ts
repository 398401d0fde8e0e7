import type * as E from 'fp-ts/lib/Either.js';
import type { Uuid } from '../../domain/identifiers.ts';

/** A place in the log of a cluster: opaque but for its order, which is that of `commit`. */
export type Place = { readonly commit: bigint; readonly prepare: bigint };

/** A record as it is about to be written: an event of EventStoreDB, its data and metadata as JSON. */
export type NewRecord = {
  readonly id: Uuid;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: unknown;
};

/** A record as it lies in a stream of the cluster. What lies there is not trusted: whoever reads it looks at its shape. */
export type StoredRecord = NewRecord & {
  readonly stream: string;
  readonly revision: number;
  readonly place: Place;
};

/** What a cluster can refuse without having done anything, or fail to answer in time. */
export type ClusterFailure =
  /** The stream was tombstoned: nothing can be read from it, or written to it, ever again. */
  | { readonly kind: 'gone' }
  /** It did not happen: no connection, no leader, no rights, too large. */
  | { readonly kind: 'unavailable'; readonly retry: boolean };

/** What an append comes to. Nothing else can happen, and one of them does within the deadline. */
export type Appended =
  /** All records are in the stream; `revision` is that of the last. Also when the same records were written there before. */
  | { readonly kind: 'committed'; readonly revision: number }
  /** The stream is elsewhere than expected; `actual` is the revision of its last record, -1 where there is none. Nothing was written. */
  | { readonly kind: 'conflict'; readonly actual: number }
  | ClusterFailure
  /** It may or may not have happened: the connection was cut, or nobody answered in time. The same append again is safe. */
  | { readonly kind: 'unknown' };

/** What reads a part of the log as it grows. None of the functions may throw. */
export type Listener = {
  readonly record: (record: StoredRecord) => void;
  /** It ended, for whatever reason but `stop`: whoever listens begins again from where it was. Called once. */
  readonly ended: () => void;
};

/** A record that falls to this consumer until it is done with, or its connection is lost. */
export type Task = { readonly record: StoredRecord; readonly done: () => void };

/** What takes records as the one of a group of consumers whose turn it is. */
export type Consumer = {
  readonly task: (task: Task) => void;
  /** It ended, for whatever reason but `stop`; what is not done will be given to somebody again. Called once. */
  readonly ended: () => void;
};

/** How to stop what was begun; again is harmless. */
export type Stop = () => void;

/** A reading of the log that goes on. One that is paused asks its server for no more until it is resumed; a few records may still come. */
export type Following = { readonly stop: Stop; readonly pause: () => void; readonly resume: () => void };

/** A server of the cluster, and how its own work stands. */
export type Member = {
  readonly host: string;
  readonly port: number;
  readonly isAlive: boolean;
  readonly isLeader: boolean;
};

/** How far a server has come with removing what was deleted. */
export type Scavenging = 'running' | 'done' | 'failed';

/**
 * A cluster as Folja uses it, in its own words: the driver stays behind this. No function rejects, and each settles within its deadline, whatever
 * the servers do.
 */
export type Cluster = {
  /** Appends to a stream: exactly after a revision (-1: a stream that does not exist), or wherever it ends. All records or none. */
  readonly append: (stream: string, expected: number | 'any', records: readonly NewRecord[]) => Promise<Appended>;
  /** A stream's records in order, from a revision on; none where it does not exist. */
  readonly read: (
    stream: string,
    options?: { readonly from?: number; readonly limit?: number },
  ) => Promise<E.Either<ClusterFailure, readonly StoredRecord[]>>;
  /** The last record of a stream; undefined where it does not exist. */
  readonly last: (stream: string) => Promise<E.Either<ClusterFailure, StoredRecord | undefined>>;
  /** Ends a stream for ever, whether or not it exists; again is harmless. */
  readonly tombstone: (stream: string) => Promise<E.Either<ClusterFailure, void>>;
  /** Lets the next scavenge remove what lies in a stream before a revision. */
  readonly truncate: (stream: string, before: number) => Promise<E.Either<ClusterFailure, void>>;
  /** Reads everything in streams whose names begin in one of these ways, after a place, in order, and goes on with what comes. */
  readonly follow: (after: Place | undefined, prefixes: readonly string[], listener: Listener) => Following;
  /** Makes a group of consumers of such streams, from the beginning of the log, unless it is there. */
  readonly addGroup: (group: string, prefixes: readonly string[]) => Promise<E.Either<ClusterFailure, void>>;
  /** Joins a group: each record falls to one of its consumers, at least once. */
  readonly consume: (group: string, consumer: Consumer) => Stop;
  /** The servers, as they know of one another. */
  readonly members: () => Promise<E.Either<ClusterFailure, readonly Member[]>>;
  /** Begins to remove from a server's disk what was deleted; gives the id by which it is followed. */
  readonly scavenge: (member: Member) => Promise<E.Either<ClusterFailure, string>>;
  readonly scavenging: (scavengeId: string) => Promise<E.Either<ClusterFailure, Scavenging>>;
  readonly close: () => Promise<void>;
};
