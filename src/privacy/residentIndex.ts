import type { KeyObject } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, StoreError } from '../eventStore/eventStore.ts';
import type { KeyError, KeyId, KeyStore } from './keys.ts';
import { keyedHash } from './sealing.ts';

/**
 * The index from a resident's number to programs: a keyed hash, so that it can be asked and not read. Each master key brings a new index key
 * (docs/decisions/0014-master-keys-and-the-index.md), and rows of earlier ones are found until they have been given their new tag.
 */

type Vault = { readonly events: EventStore; readonly keys: KeyStore };

/** The name of the key of the index. */
export const indexName = 'index';

/** A resident's tags under each living index key; new rows get the current one. */
export type Tags = readonly [current: Buffer, ...earlier: Buffer[]];

/** The tag of a number: 16 bytes of the id of the index key, by which rows of earlier keys are told, and an HMAC under it. */
export const tagWith = (keyId: KeyId, key: KeyObject, personalNumber: string): Buffer =>
  Buffer.concat([Buffer.from(keyId, 'hex'), keyedHash(key, 'person', personalNumber)]);

/** Whether a tag was made with an index key. */
export const isTagOf = (tag: Uint8Array, keyId: KeyId): boolean =>
  Buffer.from(tag.subarray(0, keyId.length / 2)).toString('hex') === keyId;

/** An earlier key may be destroyed at any moment: then no row of it is left. */
const tagsOf = async (keys: KeyStore, personalNumber: string): Promise<E.Either<KeyError, Tags>> => {
  const current = await keys.named(indexName)();
  if (E.isLeft(current)) return current;
  const all = await keys.everNamed(indexName)();
  if (E.isLeft(all)) return all;
  const tags: Buffer[] = [];
  for (const [index, id] of all.right.entries()) {
    const key = await keys.open(id)();
    if (E.isRight(key)) tags.push(tagWith(id, key.right, personalNumber));
    else if (index === 0 || key.left.kind !== 'erased') return key;
  }
  return E.right(tags as readonly Buffer[] as Tags);
};

/** What the index says of a resident, and how to ask it again. */
export type Found = { readonly tags: Tags; readonly streams: readonly string[] };

const streamsWith = async ({ events }: Vault, tags: Tags): Promise<E.Either<StoreError, readonly string[]>> => {
  const streams = new Set<string>();
  // Rows move from earlier keys to the current one, so asked in this order none can slip past.
  for (const tag of tags.toReversed()) {
    const found = await events.streamsWithTag(tag)();
    if (E.isLeft(found)) return found;
    for (const stream of found.right) streams.add(stream);
  }
  return E.right([...streams]);
};

/** The programs of a resident. Asked again when the index got a new key meanwhile, for rows may then have moved to that. */
export const lookUp = async (vault: Vault, personalNumber: string): Promise<E.Either<StoreError | KeyError, Found>> => {
  for (;;) {
    const tags = await tagsOf(vault.keys, personalNumber);
    if (E.isLeft(tags)) return tags;
    const streams = await streamsWith(vault, tags.right);
    if (E.isLeft(streams)) return streams;
    const current = await vault.keys.named(indexName)();
    if (E.isLeft(current)) return current;
    if (isTagOf(tags.right[0], current.right)) return E.right({ tags: tags.right, streams: streams.right });
  }
};
