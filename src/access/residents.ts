import { hash, randomBytes } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { EventStore } from '../eventStore/eventStore.ts';
import type { KeyStore } from '../privacy/keys.ts';
import type { Failure } from './failure.ts';
import { residentOf } from './subjects.ts';

/** Tells whether somebody is the resident of a program. */
export type Residents = {
  /**
   * Whether a number is that of the resident whose program started at a position. To be asked of programs that are not purged: what was
   * found before the purge may still be remembered.
   */
  readonly isOf: (startedAt: number, personalNumber: string) => Promise<E.Either<Failure, boolean>>;
};

/** How many programs' residents are remembered. */
const mostRemembered = 10_000;

/**
 * Opens the number that lies sealed with a start once, and remembers of it a keyed hash only, under a key that dies with the process: a
 * resident's acts come one after the other.
 */
export const residentsOf = (vault: { readonly events: EventStore; readonly keys: KeyStore }): Residents => {
  const secret = randomBytes(32).toString('hex');
  // Secret and number have one length each, so that nothing can be added to what is hashed.
  const hashOf = (number: string): string => hash('sha256', `${secret}${number}`, 'base64');
  const remembered = new Map<number, string>();
  return {
    isOf: async (startedAt, personalNumber) => {
      const known = remembered.get(startedAt);
      if (known !== undefined) return E.right(known === hashOf(personalNumber));
      const resident = await residentOf(vault, startedAt);
      if (E.isLeft(resident)) return resident;
      if (resident.right === undefined) return E.right(false);
      if (remembered.size >= mostRemembered) remembered.clear();
      remembered.set(startedAt, hashOf(resident.right));
      return E.right(resident.right === personalNumber);
    },
  };
};
