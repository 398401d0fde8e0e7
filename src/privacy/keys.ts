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
  /** Opens a key. */
  readonly open: (id: KeyId) => TaskEither<KeyError, KeyObject>;
  /** Destroys a key for ever and leaves a tombstone; again is harmless. */
  readonly destroy: (id: KeyId) => TaskEither<KeyError, void>;
  readonly close: () => void;
};

/** A host's master key: the one that wraps new keys, and earlier ones that still unwrap. Each is 32 bytes. */
export type MasterKey = {
  readonly current: { readonly id: string; readonly key: Uint8Array };
  readonly previous?: readonly { readonly id: string; readonly key: Uint8Array }[];
};
