import type { Database } from 'better-sqlite3';
import type { Policy } from '../domain/policy.ts';
import type { EventStore, StoreError } from '../eventStore/eventStore.ts';
import type { KeyError, KeyStore } from '../privacy/keys.ts';
import type { AccessLog } from './accessLog.ts';
import type { Histories } from './histories.ts';

/** What an opened library works with: handed down, never reached for. */
export type Core = {
  readonly events: EventStore;
  readonly keys: KeyStore;
  readonly readModels: Database;
  readonly histories: Histories;
  readonly log: AccessLog;
  readonly policy: Policy;
  readonly now: () => Date;
};

/** What can go wrong beneath a command or a view. */
export type Failure = StoreError | KeyError;
