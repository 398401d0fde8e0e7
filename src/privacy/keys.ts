import type { KeyObject } from 'node:crypto';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** Random id of a key, 32 hexadecimal digits; says nothing about what the key seals. */
export type KeyId = string;

export type KeyError =
  /** The key was destroyed on purpose: what it sealed is erased. */
  | { readonly kind: 'erased' }
  /** The key is missing without having been destroyed, or its wrapping fails: damage, never to be taken for erasure. */
  | { readonly kind: 'damaged'; readonly what: string }
  /** The key file cannot be read now. */
  | { readonly kind: 'unavailable'; readonly what: 'keys'; readonly retry: boolean };

/**
 * The port to the keys, kept apart from the events, so that a copy of the events is not a copy of the keys: what is sealed is guarded as
 * care's own records are (R249, R250). Each key is 32 random bytes, wrapped by the host's master key.
 */
export type KeyStore = {
  /**
   * Hands out a key that nobody has used, made and synced before; a crash leaves it unused, which is harmless. Each program has its own,
   * so that what relatives' programs hold is apart (R273, I26).
   */
  readonly take: () => TaskEither<KeyError, KeyId>;
  /** The id of the one key with this name, such as `index` or `audit-2026`; the first caller gives it a spare key. */
  readonly named: (name: string) => TaskEither<KeyError, KeyId>;
  /**
   * Every key that has a name, the current one first: earlier ones were replaced by `renew`, and stay until they are destroyed. None where
   * nobody has asked for the name.
   */
  readonly everNamed: (name: string) => TaskEither<KeyError, readonly KeyId[]>;
  /** Gives a name a new key, made for it now and in no older copy of the keys, and keeps the earlier one for what it still serves. */
  readonly renew: (name: string) => TaskEither<KeyError, KeyId>;
  /** Opens a key. */
  readonly open: (id: KeyId) => TaskEither<KeyError, KeyObject>;
  /** Destroys a key for ever and leaves a tombstone; again is harmless. */
  readonly destroy: (id: KeyId) => TaskEither<KeyError, void>;
  /** Whether a key was destroyed; one that was never there was not. */
  readonly isDestroyed: (id: KeyId) => TaskEither<KeyError, boolean>;
  /** Looks, byte by byte, for the wrapping of a destroyed key where it lay: how many copies are left in the key file and its journal. */
  readonly remnants: (id: KeyId) => TaskEither<KeyError, number>;
  /**
   * Makes another master key the one that wraps: wraps every key anew under it, slice by slice, and then forgets the earlier ones, which
   * are of no use from then on. Called again after a stop it goes on where it was. Refused as `other-key` where the id is known with
   * another key.
   *
   * @returns how many keys were wrapped anew
   */
  readonly rewrap: (
    next: MasterKey['current'],
    onProgress?: (done: number, total: number) => void,
  ) => TaskEither<KeyError | { readonly kind: 'other-key' }, number>;
  /** The master keys that are not forgotten, by id, with how many keys each of them wraps; the current one among them. */
  readonly epochs: () => TaskEither<KeyError, readonly Epoch[]>;
  readonly close: () => void;
};

/** A master key by its id, and how many keys it wraps. */
export type Epoch = { readonly id: string; readonly keys: number; readonly current: boolean };

/** A host's master key: the one that wraps new keys, and earlier ones that still unwrap. Each is 32 bytes. */
export type MasterKey = {
  readonly current: { readonly id: string; readonly key: Uint8Array };
  readonly previous?: readonly { readonly id: string; readonly key: Uint8Array }[];
};
