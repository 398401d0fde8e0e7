import type { Either } from 'fp-ts/lib/Either.js';
import type { Append } from '../appendRules.ts';
import type { StoredEvent, StoreError } from '../eventStore.ts';

/** What the only writer of a stream knows of it. */
export type Lane = {
  /** Its head, which may be ahead of what this node has applied; -1 where it is not known. */
  head: number;
  /** Nobody knows whether the last append was written, so this node must come to the end of the stream before the next. */
  isInDoubt: boolean;
};

/** The lane of an append that says itself where it belongs. */
export const noLane = (): Lane => ({ head: -1, isInDoubt: false });

/** One append on its way, however often it is tried. */
export type Trying = {
  readonly append: Append;
  readonly attempt: string;
  readonly until: number;
  /** By event id: the record of its flesh, once that is written. */
  readonly flesh: Map<string, { readonly digest: string; readonly revision: number }>;
  /** Where this node has written to a stream that only it writes to, ahead of what it has applied. */
  readonly lane: Lane;
  /** The condition was asked, so the writer takes the events for new. */
  isAsked: boolean;
  /** A try may have been written without anybody knowing. */
  isInDoubt: boolean;
  hasSubjects: boolean;
};

/** What an append comes to. */
export type Result = Either<StoreError, readonly StoredEvent[]>;

/** An append that has been written, or has not: what it came to is told when this node has applied it. */
export type Tried = { readonly settle: () => Promise<Result> };

/** It did not happen, and may be tried again. */
export const unavailable: StoreError = { kind: 'unavailable', retry: true };

/** It may have happened. */
export const unknown: StoreError = { kind: 'unknown' };
