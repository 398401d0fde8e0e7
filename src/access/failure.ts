import type { StoreError } from '../eventStore/eventStore.ts';
import type { KeyError } from '../privacy/keys.ts';

/** What can go wrong beneath a command or a view. */
export type Failure = StoreError | KeyError;
