import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, StoreError } from '../eventStore/eventStore.ts';
import type { KeyError, KeyStore } from '../privacy/keys.ts';
import type { AnchorSink, SignedHead } from './anchors.ts';
import { publicKeyOf, signHead, signingKeyOf } from './heads.ts';
import { catchUpTree, headOf } from './tree.ts';

/** What signing works with. */
export type SigningOptions = {
  readonly events: EventStore;
  readonly keys: KeyStore;
  readonly readModels: Database;
  readonly now: () => Date;
};

type Failure = StoreError | KeyError;

/** A signed head, and the key that verifies it, as PEM. */
export type Signed = { readonly head: SignedHead; readonly publicKey: string };

/** The key that signs heads: one of the store's own, so that it is wrapped by the master key. */
const signingKey = async (keys: KeyStore) => {
  const id = await keys.named('signing')();
  if (E.isLeft(id)) return id;
  return E.map(signingKeyOf)(await keys.open(id.right)());
};

/** The public key of a store's signed heads. */
export const publicKeyOfStore = async (keys: KeyStore): Promise<E.Either<KeyError, string>> =>
  E.map(publicKeyOf)(await signingKey(keys));

/** Signs the head of the log as it stands. It is kept by whoever asked, for what is signed is to be found again. */
export const signCurrentHead = async (options: SigningOptions): Promise<E.Either<Failure, Signed>> => {
  const { events, keys, readModels, now } = options;
  const key = await signingKey(keys);
  if (E.isLeft(key)) return key;
  const grown = await catchUpTree(events, readModels);
  if (E.isLeft(grown)) return grown;
  const head = signHead(key.right, events.id, headOf(readModels), now().toISOString());
  return E.right({ head, publicKey: publicKeyOf(key.right) });
};

/** Keeps a signed head where anchors go, with the key that verifies it; throws what the place throws. */
export const keepHead = (anchors: AnchorSink, { head, publicKey }: Signed): void => {
  anchors.publish(publicKey);
  anchors.keep(head);
};
