import type { Database } from 'better-sqlite3';
import type { Policy } from '../domain/policy.ts';
import type { EventStore } from '../eventStore/eventStore.ts';
import type { Histories } from '../eventStore/histories.ts';
import type { Erasing } from '../privacy/erasing.ts';
import type { KeyStore } from '../privacy/keys.ts';
import type { AccessLog } from './accessLog.ts';
import type { Residents } from './residents.ts';

/** What an opened library works with: handed down, never reached for. */
export type Core = {
  readonly events: EventStore;
  readonly keys: KeyStore;
  readonly readModels: Database;
  readonly histories: Histories;
  readonly residents: Residents;
  readonly log: AccessLog;
  readonly erasing: Erasing;
  readonly policy: Policy;
  readonly now: () => Date;
};
