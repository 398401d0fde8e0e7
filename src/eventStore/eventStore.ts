import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { By } from '../domain/actors.ts';
import type { Uuid } from '../domain/identifiers.ts';
import type { Instant } from '../domain/time.ts';
import type { Told } from './tidings.ts';

/**
 * What the writer believes about a stream. A number is the revision of its last event; `any` believes nothing and is
 * never used for a command.
 */
export type ExpectedRevision = number | 'no-stream' | 'stream-exists' | 'any';

/** What caused an event: the command that was sent, and its name. */
type Cause = {
  readonly commandId: Uuid;
  readonly correlationId: Uuid;
  readonly causationId: Uuid;
  readonly command: string;
};

/** What lies beside an event and can be erased: never part of the event itself. */
export type Flesh = {
  /** The personal part, sealed; see privacy/sealing.ts. */
  readonly sealed?: Uint8Array;
  /** Keyed fingerprint of the command that made the event; kept with a command's first event. */
  readonly mark?: Uint8Array;
  /** Keyed index of a resident's number; kept with `started`. */
  readonly tag?: Uint8Array;
};

/** An event that is about to be written. */
export type NewEvent = {
  readonly id: Uuid;
  readonly type: string;
  readonly at: Instant;
  /** JSON: objects, arrays, strings, safe numbers, booleans, null. */
  readonly data: unknown;
  /** Version of the shape of `data`; absent means 1. */
  readonly version?: number;
  readonly by: By;
  readonly cause: Cause;
  /** Id of the policy under which it was decided. */
  readonly policy: string;
  readonly flesh?: Flesh;
};

/** An event as it was written, before any upcasting. `position` is the place in the global order. */
export type StoredEvent = Omit<NewEvent, 'flesh'> & {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  /** SHA-256 of the sealed bytes, hex; absent where nothing was sealed. It stays when the flesh is gone. */
  readonly sealedDigest?: string;
};

/** Sealed bytes with what authenticates them. */
export type SealedPart = {
  readonly sealed: Uint8Array;
  readonly stream: string;
  readonly eventId: Uuid;
  readonly type: string;
};

/** The year's row about a program in the audit log: its resident's number under that year's key (architecture, section 5). */
export type AuditSubject = {
  readonly year: number;
  readonly programId: Uuid;
  /** HMAC of the personal number under the year's key. */
  readonly person: Uint8Array;
  /** The number, sealed under the year's key. */
  readonly sealed: Uint8Array;
};

/** What must hold, and what else is written, in the transaction of an append. */
export type AppendOptions = {
  /** Heads that the decision was based on: the append is refused as `heads-moved` when one is another now. -1 = no stream. */
  readonly heads?: Readonly<Record<string, number>>;
  /**
   * Asked inside the transaction, with the streams in which a tag lives; false refuses the append as `heads-moved`. Asked of new events
   * only: an append that was made before gives its first result unasked, which is how a writer tells the two apart.
   */
  readonly holds?: (streamsWithTag: (tag: Uint8Array) => readonly string[]) => boolean;
  /** Rows to add to the year's audit subjects; those already there stay as they are. */
  readonly subjects?: readonly AuditSubject[];
  /** Records that the stream's flesh is to be erased, together with the key it was sealed with. */
  readonly erasure?: { readonly keyId: string };
};

/**
 * How far an erasure has come; each name says what is done. `fenced` is written with the `purged` event itself, so nothing can be appended
 * to the stream any more; what follows is taken step by step, and a step that was begun may be taken again.
 */
export const erasureStages = [
  'fenced',
  'keys-destroyed',
  'stores-cleaned',
  'flesh-deleted',
  'truncated',
  'verified',
] as const;
export type ErasureStage = (typeof erasureStages)[number];

/** Work that a purge has begun and not yet finished. */
export type PendingErasure = {
  readonly stream: string;
  readonly keyId: string;
  readonly stage: ErasureStage;
  /** How many personal parts were deleted so far. */
  readonly parts: number;
};

/** An event's row as it lies in the store, nothing about it checked: what a verifier starts from. */
export type Evidence = {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly id: Uuid;
  /** The canonical JSON of the event as first written, without its position. */
  readonly body: string;
  /** The leaf that the store keeps for it. */
  readonly digest: Uint8Array;
  /** The sealed bytes that lie beside it; absent when erased or never there. */
  readonly sealed?: Uint8Array;
};

/** A row of the index by which a resident's programs are found, made under an index key that is no longer the current one. */
export type StaleTag = { readonly position: number; readonly stream: string };

export type StoreError =
  /** The stream is not where the writer believed; nothing was written. `actual` is -1 for a stream that does not exist. */
  | { readonly kind: 'revision-conflict'; readonly stream: string; readonly actual: number }
  /** A head or condition that the decision was based on has changed; nothing was written. */
  | { readonly kind: 'heads-moved' }
  /** An event id is taken by another event; nothing was written. */
  | { readonly kind: 'id-reused'; readonly id: Uuid }
  /** Stored bytes fail their digest or shape: never served. `what` names the place, never the content. */
  | { readonly kind: 'damaged'; readonly what: string }
  /** It did not happen: busy for too long, disk full, closed, read-only. */
  | { readonly kind: 'unavailable'; readonly retry: boolean }
  /** It may or may not have happened: the commit itself failed. The same append again is safe. */
  | { readonly kind: 'unknown' };

/**
 * The port to a log of events. Every adapter passes test/eventStore/contract.ts.
 *
 * Positions rise strictly, are never reused, and have no gaps in the embedded adapters; they are opaque elsewhere.
 */
export type EventStore = {
  /** Random id of this store, made when it was made; part of what authenticates every sealed value. */
  readonly id: Uuid;

  /**
   * Writes all events or none, at the end of one stream, and moves the inline read models in the same transaction.
   * The same events (by id, stream, type and data) again give the first result, for ever, whatever is expected.
   *
   * @returns the events as stored, in order
   */
  readonly append: (
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
    options?: AppendOptions,
  ) => TaskEither<StoreError, readonly StoredEvent[]>;

  /**
   * The revision of a stream's last event as this process knows it without reading the stream: nobody has written to it since, unless in this
   * very turn of the event loop. Undefined where it is not known; absent where the log is elsewhere.
   */
  readonly knownHead?: (stream: string) => number | undefined;

  /** A stream's events in order, from a revision on; none for a stream that does not exist. */
  readonly read: (stream: string, from?: number) => TaskEither<StoreError, readonly StoredEvent[]>;

  /** All events after a position, in global order, at most `limit`. */
  readonly readAll: (after: number, limit: number) => TaskEither<StoreError, readonly StoredEvent[]>;

  /** The events that have these ids, in global order; ids that are not there are left out. */
  readonly find: (ids: readonly Uuid[]) => TaskEither<StoreError, readonly StoredEvent[]>;

  /** The position of the last event, 0 for an empty store. */
  readonly lastPosition: () => TaskEither<StoreError, number>;

  /** Sealed parts by position; those erased or never there are left out. Damaged when one fails its event's digest. */
  readonly sealedParts: (positions: readonly number[]) => TaskEither<StoreError, ReadonlyMap<number, SealedPart>>;

  /** The command fingerprint kept with an event; undefined when erased or never there. */
  readonly markOf: (eventId: Uuid) => TaskEither<StoreError, Uint8Array | undefined>;

  /** The streams that hold a living tag, oldest first. */
  readonly streamsWithTag: (tag: Uint8Array) => TaskEither<StoreError, readonly string[]>;

  /** The audit subjects of a year: of one program, of one person, or all. */
  readonly auditSubjects: (
    year: number,
    of?: { readonly programId: Uuid } | { readonly person: Uint8Array },
  ) => TaskEither<StoreError, readonly AuditSubject[]>;

  /** Erasures that were begun and not finished, oldest first. */
  readonly pendingErasures: () => TaskEither<StoreError, readonly PendingErasure[]>;

  /** Notes how far an erasure has come; nothing for a stream without one. */
  readonly moveErasure: (stream: string, stage: ErasureStage) => TaskEither<StoreError, void>;

  /**
   * Deletes the flesh of a stream, all of it, and adds to its erasure how many parts there were. Again is harmless, and cleans deeper where
   * remnants were found.
   */
  readonly eraseFlesh: (stream: string) => TaskEither<StoreError, void>;

  /**
   * Looks, byte by byte, where the flesh of a stream lay for what its key sealed: how many sealed values are left in the store's own files.
   * Costs as much as was deleted; after a restart, as much as the files are long.
   */
  readonly remnants: (erasure: Pick<PendingErasure, 'stream' | 'keyId'>) => TaskEither<StoreError, number>;

  /** Overwrites what was freed and empties write-ahead files; false while another reader keeps old pages alive. */
  readonly scrub: () => TaskEither<StoreError, boolean>;

  /** Rows of the resident index whose tags do not begin with the current key's id, at most `limit`. */
  readonly staleTags: (keyId: string, limit: number) => TaskEither<StoreError, readonly StaleTag[]>;

  /** Gives a row of the resident index its new tag; nothing where the row is erased. */
  readonly retag: (position: number, tag: Uint8Array) => TaskEither<StoreError, void>;

  /** Deletes a year's audit subjects: how many there were. */
  readonly eraseAuditYear: (year: number) => TaskEither<StoreError, number>;

  /** The leaves of the audit tree from an index on, in order: RFC 9162 leaf hashes of the events as first written. */
  readonly leaves: (from: number, limit: number) => TaskEither<StoreError, readonly Uint8Array[]>;

  /** Rows after a position as they lie, for verification: gaps and damage are shown, not refused. */
  readonly evidence: (after: number, limit: number) => TaskEither<StoreError, readonly Evidence[]>;

  /** Marks a stream's erasure as finished; again is harmless. */
  readonly finishErasure: (stream: string) => TaskEither<StoreError, void>;

  /**
   * Calls the listener with every event committed from now on, by anyone, in global order, without gaps; what the listener
   * throws is given to `onError` and the next event follows.
   *
   * @returns how to stop
   */
  readonly subscribe: (listener: (event: StoredEvent) => void, onError?: (error: unknown) => void) => () => void;

  readonly close: () => Promise<void>;
};

/** What an adapter calls inside the transaction of an append, with the events just written and their leaves in the audit tree. */
export type Inline = (events: readonly StoredEvent[], leaves: readonly Uint8Array[]) => void;

/** What runs with the appends of an opened library. */
export type Prepared = {
  readonly inline: Inline;
  /** Last in each transaction in which `inline` ran: writes down, once for all its appends, how far it has come. */
  readonly settle?: () => void;
  /** A transaction was undone as a whole: what `inline` remembers of it is to be forgotten. */
  readonly undone?: () => void;
  /** Called after each commit, before anybody is told of it; never throws. */
  readonly committed: () => void;
  /** Applies what nodes tell one another to tables beside the log, in the transaction in which it comes, after the event at a position. */
  readonly hear?: (told: Told, after: number) => void;
  /** Called before a node of a cluster applies anything, once for each time it is opened. */
  readonly beginShared?: () => void;
  /** Told, in a sentence without anything personal, what keeps the store from working as it should. */
  readonly warn?: (message: string) => void;
};
