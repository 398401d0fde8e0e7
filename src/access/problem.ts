import type { Refusal } from '../domain/decider.ts';
import type { Uuid } from '../domain/identifiers.ts';
import type { StoreError } from '../eventStore/eventStore.ts';
import type { KeyError } from '../privacy/keys.ts';

/** Where input is wrong, and how; never the value itself. */
export type Issue = { readonly path: string; readonly code: string };

/** Why a command or a view gave no result. Data with stable codes (R287), documented in docs/refusals.md; nothing personal. */
export type Problem =
  /** It is no command or query at all, or its input cannot be. */
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] }
  /** It is well formed, and the rules say no. */
  | Extract<Refusal, { kind: 'refused' }>
  /** Others kept changing the same things; the library's own retries ran out. Nothing happened. */
  | { readonly kind: 'conflict'; readonly stream: string }
  /** Nothing happened. `retry` tells whether trying again may help. */
  | { readonly kind: 'unavailable'; readonly what: 'store' | 'keys'; readonly retry: boolean }
  /** It may or may not have happened: send the same command id again. */
  | { readonly kind: 'unknown'; readonly commandId: Uuid }
  /** Stored bytes fail their digest, tag or shape. */
  | { readonly kind: 'damaged'; readonly what: string };

/** What a failure of the store means to the caller. */
export const problemOfStore = (error: StoreError, commandId: Uuid): Problem => {
  switch (error.kind) {
    case 'revision-conflict':
      return { kind: 'conflict', stream: error.stream };
    case 'heads-moved':
      return { kind: 'conflict', stream: '' };
    case 'id-reused':
      return { kind: 'refused', code: 'command-id-reused' };
    case 'damaged':
      return { kind: 'damaged', what: error.what };
    case 'unavailable':
      return { kind: 'unavailable', what: 'store', retry: error.retry };
    case 'unknown':
      return { kind: 'unknown', commandId };
  }
};

/** What a failure of the keys means to the caller; `erased` is for whoever asked to judge. */
export const problemOfKeys = (error: Exclude<KeyError, { kind: 'erased' }>): Problem =>
  error.kind === 'damaged' ? error : { kind: 'unavailable', what: 'keys', retry: error.retry };
