import type { Uuid } from '../domain/identifiers.ts';
import type { Instant } from '../domain/time.ts';
import type { StoredEvent } from '../eventStore/eventStore.ts';
import type { KeyId } from '../privacy/keys.ts';

/** How long the log was, and the root of the tree over it (RFC 9162): whoever keeps it notices when anything before it is changed. */
export type Anchor = { readonly length: number /** 64 hexadecimal digits. */; readonly root: string };

/** A head that the store's signing key vouches for: a checkpoint of a transparency log (C2SP tlog-checkpoint). */
export type SignedHead = Anchor & {
  /** The id of the store. */
  readonly origin: Uuid;
  readonly at: Instant;
  /** Ed25519 over the checkpoint's text, base64. */
  readonly signature: string;
};

/** A key that a purge destroyed, and the event that ordered it: enough to purge again after an older copy was put back. */
export type LedgerEntry = { readonly stream: string; readonly keyId: KeyId; readonly purged: StoredEvent };

/**
 * The port to where anchors, signed heads and the ledger of purges are kept, apart from the log that they vouch for. Nothing in it is
 * personal. Each call throws what its medium throws; callers decide what that means.
 */
export type AnchorSink = {
  /** The longest anchor that was noted; undefined for a new place. */
  readonly latest: () => Anchor | undefined;
  /** Notes the newest head; fast, not synced: called after each commit. A shorter one than is known changes nothing. */
  readonly note: (anchor: Anchor) => void;
  /** Keeps a signed head for ever, synced. */
  readonly keep: (head: SignedHead) => void;
  /** The last signed heads, oldest first; all unless told. */
  readonly heads: (last?: number) => readonly SignedHead[];
  /** Lays the public key of signed heads beside them, as PEM; one that lies there already stays. */
  readonly publish: (publicKey: string) => void;
  /** The public key that lies there. */
  readonly publicKey: () => string | undefined;
  /** Adds to the ledger of purges, synced. */
  readonly enter: (entry: LedgerEntry) => void;
  /** The last entries of the ledger, oldest first; all unless told. */
  readonly ledger: (last?: number) => readonly LedgerEntry[];
  /** Sets anchors and heads aside, under the name of an instant, when an older copy of the log is accepted; the ledger stays. */
  readonly setAside: (at: Instant) => void;
  /** Gives back what noting anchors keeps open; again is harmless, and so is a note that follows. */
  readonly close?: () => void;
};

const lastOf = <A>(items: readonly A[], last = items.length): readonly A[] => (last === 0 ? [] : items.slice(-last));

/** Anchors of a store in memory, which live as long as it does. */
export const anchorsInMemory = (): AnchorSink => {
  let latest: Anchor | undefined;
  let published: string | undefined;
  const heads: SignedHead[] = [];
  const ledger: LedgerEntry[] = [];
  return {
    latest: () => latest,
    note: (anchor) => {
      if (anchor.length > (latest?.length ?? -1)) latest = anchor;
    },
    keep: (head) => void heads.push(head),
    heads: (last) => lastOf(heads, last),
    publish: (publicKey) => {
      published ??= publicKey;
    },
    publicKey: () => published,
    enter: (entry) => void ledger.push(entry),
    ledger: (last) => lastOf(ledger, last),
    setAside: () => {
      latest = undefined;
      heads.length = 0;
    },
  };
};
