import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { StoreError } from './eventStore.ts';

/** How often a file that another process writes to is tried again, a few milliseconds apart. */
const usual = { attempts: 200, longestPause: 10 };

const hasCode = (error: unknown, ...codes: readonly string[]): boolean => {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' && codes.some((one) => code.startsWith(one));
};
const isBusy = (error: unknown): boolean => hasCode(error, 'SQLITE_BUSY');
/** The disk is full, or does not take what is written now: nothing is wrong with what lies there. */
const isHindered = (error: unknown): boolean => hasCode(error, 'SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_READONLY');

/** What an exception in a transaction over read models comes to; it was rolled back. */
const failureOf = (error: unknown): StoreError =>
  isBusy(error) || isHindered(error)
    ? { kind: 'unavailable', retry: true }
    : { kind: 'damaged', what: 'a stored event, while a table beside it was being built' };

/** Changes read models in one write transaction, waiting its turn without holding the event loop. */
export const inTransaction = async <A>(
  db: Database,
  work: () => A,
  { attempts, longestPause }: typeof usual = usual,
): Promise<E.Either<StoreError, A>> => {
  const transaction = db.transaction(work);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return E.right(transaction.immediate());
    } catch (error) {
      if (!isBusy(error) || attempt === attempts) return E.left(failureOf(error));
      await wait(Math.random() * longestPause);
    }
  }
};
