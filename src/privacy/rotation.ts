import { type KeyObject, randomBytes } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, StaleTag, StoreError } from '../eventStore/eventStore.ts';
import { asText, openParts } from './flesh.ts';
import type { KeyError, KeyId, KeyStore } from './keys.ts';
import { indexName, isTagOf, tagWith } from './residentIndex.ts';

type Vault = { readonly events: EventStore; readonly keys: KeyStore };
type Failure = StoreError | KeyError;
type Result<A> = Promise<E.Either<Failure, A>>;
type IndexKey = { readonly id: KeyId; readonly key: KeyObject };

/** The name of the key under which commands without a program are fingerprinted. */
export const commandsName = 'commands';

/** How many rows of the index are re-keyed together: they share one commit. */
const sliceSize = 64;

/** The tag of a resident whose number is erased: nobody can ask for it. */
const tagOfNobody = ({ id }: IndexKey): Buffer => Buffer.concat([Buffer.from(id, 'hex'), randomBytes(32)]);

/** A row's tag under another key, by the number that its own care key seals; undefined where the row is damaged. */
const newTagOf = async (vault: Vault, index: IndexKey, { position }: StaleTag): Result<Buffer | undefined> => {
  const opened = await openParts(vault, [position]);
  if (E.isLeft(opened)) return opened.left.kind === 'damaged' ? E.right(undefined) : opened;
  const part = opened.right.get(position);
  if (part === undefined) return E.right(tagOfNobody(index));
  const number = asText(part.personalNumber);
  return E.right(number === undefined ? undefined : tagWith(index.id, index.key, number));
};

/** Gives a row its new tag; false where it is damaged, and stays as it is. */
const retagged = async (vault: Vault, index: IndexKey, row: StaleTag): Result<boolean> => {
  const tag = await newTagOf(vault, index, row);
  if (E.isLeft(tag)) return tag;
  if (tag.right === undefined) return E.right(false);
  return E.map(() => true)(await vault.events.retag(row.position, tag.right)());
};

type Retagging = { readonly moved: number; readonly damaged: number };

const retagAll = async (vault: Vault, index: IndexKey): Result<Retagging> => {
  const damaged = new Set<number>();
  for (let moved = 0; ; ) {
    const stale = await vault.events.staleTags(index.id, sliceSize + damaged.size)();
    if (E.isLeft(stale)) return stale;
    const rows = stale.right.filter(({ position }) => !damaged.has(position));
    if (rows.length === 0) return E.right({ moved, damaged: damaged.size });
    const tried = await Promise.all(rows.map((row) => retagged(vault, index, row)));
    const results = E.traverseArray((one: E.Either<Failure, boolean>) => one)(tried);
    if (E.isLeft(results)) return results;
    for (const [at, { position }] of rows.entries()) if (results.right[at] !== true) damaged.add(position);
    moved += results.right.filter((isMoved) => isMoved).length;
  }
};

/** An index key of a store that was made before commands had a key of their own goes on as that. */
const destroyAll = async (keys: KeyStore, ids: readonly KeyId[]): Result<void> => {
  const kept = await keys.everNamed(commandsName)();
  if (E.isLeft(kept)) return kept;
  for (const id of ids.filter((one) => !kept.right.includes(one))) {
    const destroyed = await keys.destroy(id)();
    if (E.isLeft(destroyed)) return destroyed;
  }
  return E.right(undefined);
};

/**
 * Gives every row of the resident index that was made under an earlier key its tag under the current one, and then destroys earlier keys. Run
 * at a rotation and at every open, so that a stop in the middle, or an older copy of the events, is made good; again is harmless. A
 * damaged row stays as it is, and with it the keys it may need.
 *
 * @returns how many rows got a new tag
 */
export const rekeyIndex = async (vault: Vault): Result<number> => {
  const ids = await vault.keys.everNamed(indexName)();
  if (E.isLeft(ids)) return ids;
  const [current, ...earlier] = ids.right;
  if (current === undefined) return E.right(0);
  const key = await vault.keys.open(current)();
  if (E.isLeft(key)) return key;
  const done = await retagAll(vault, { id: current, key: key.right });
  if (E.isLeft(done)) return done;
  const destroyed = done.right.damaged > 0 ? E.right(undefined) : await destroyAll(vault.keys, earlier);
  return E.map(() => done.right.moved)(destroyed);
};

/** A row of the index that was just written, and whom it is about. */
type WrittenTag = { readonly position: number; readonly tag: Uint8Array; readonly personalNumber: string };

/**
 * To be called when a program's tag has been written: one that was made before a rotation and written after it would not be found any more. What
 * fails here is made good at the next open.
 */
export const keepFindable = async (
  { events, keys }: Vault,
  { position, tag, personalNumber }: WrittenTag,
): Promise<void> => {
  for (let mine = tag; ; ) {
    const current = await keys.named(indexName)();
    if (E.isLeft(current) || isTagOf(mine, current.right)) return;
    const key = await keys.open(current.right)();
    if (E.isLeft(key)) return;
    mine = tagWith(current.right, key.right, personalNumber);
    await events.retag(position, mine)();
  }
};
