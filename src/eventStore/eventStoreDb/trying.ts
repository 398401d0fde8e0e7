import type { Append } from '../appendRules.ts';
import type { StoreError } from '../eventStore.ts';
import type { Lane } from './turns.ts';

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

/** It did not happen, and may be tried again. */
export const unavailable: StoreError = { kind: 'unavailable', retry: true };

/** It may have happened. */
export const unknown: StoreError = { kind: 'unknown' };
