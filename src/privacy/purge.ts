import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, PendingErasure, StoreError } from '../eventStore/eventStore.ts';
import type { KeyError, KeyStore } from './keys.ts';

type Vault = { readonly events: EventStore; readonly keys: KeyStore };

/** Whether every trace in the library's own files is gone, or some wait for a reader of old pages to go. */
export type Erasure = 'erased' | 'erasure-pending';

/**
 * Carries an erasure through. The `purged` event and the intent to erase were written together before; from there each step may be
 * taken again, so that a crash anywhere is finished by the next open. The key goes first: what a crash leaves then cannot be read.
 */
const erase = async (
  { events, keys }: Vault,
  { stream, keyId }: PendingErasure,
): Promise<E.Either<StoreError | KeyError, Erasure>> => {
  const destroyed = await keys.destroy(keyId)();
  if (E.isLeft(destroyed)) return destroyed;
  const deleted = await events.eraseFlesh(stream)();
  if (E.isLeft(deleted)) return deleted;
  const scrubbed = await events.scrub()();
  if (E.isLeft(scrubbed)) return scrubbed;
  if (!scrubbed.right) return E.right('erasure-pending');
  return E.map((): Erasure => 'erased')(await events.finishErasure(stream)());
};

/** Finishes all erasures that were begun, oldest first. */
export const finishErasures = async (vault: Vault): Promise<E.Either<StoreError | KeyError, Erasure>> => {
  const pending = await vault.events.pendingErasures()();
  if (E.isLeft(pending)) return pending;
  let outcome: Erasure = 'erased';
  for (const erasure of pending.right) {
    const done = await erase(vault, erasure);
    if (E.isLeft(done)) return done;
    if (done.right === 'erasure-pending') outcome = done.right;
  }
  return E.right(outcome);
};

/** Whether the erasure of a stream is finished. */
export const erasureOf = async ({ events }: Vault, stream: string): Promise<Erasure> => {
  const pending = await events.pendingErasures()();
  return E.isRight(pending) && pending.right.every((erasure) => erasure.stream !== stream)
    ? 'erased'
    : 'erasure-pending';
};
