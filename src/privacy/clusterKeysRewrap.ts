import { createSecretKey } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { timeLeft } from '../eventStore/eventStoreDb/node.ts';
import type { Told } from '../eventStore/tidings.ts';
import { closeEpochs, type Known, readEpochs, requireOpen } from './clusterKeysEpochs.ts';
import type { KeyMaking } from './clusterKeysMaking.ts';
import { readKey } from './clusterKeysOpening.ts';
import { type ClusterKeys, keyRecord, keyStream, type Wrapped } from './clusterKeysRecords.ts';
import { appendSurely, keyErrorOf, notNow, ofKeys, tellAll } from './clusterKeysTelling.ts';
import type { KeyError, KeyId, KeyStore, MasterKey } from './keys.ts';
import { damagedKey, foreignKeys } from './sqliteKeyFile.ts';
import { type Masters, rewrapKey, withNext, withoutEarlier } from './wrapping.ts';

/** How many keys are wrapped anew at once, and told of together. */
const sliceSize = 16;

type Next = Masters['current'];
type OnProgress = Parameters<KeyStore['rewrap']>[1];
type Rewrapped = E.Either<KeyError | { readonly kind: 'other-key' }, number>;

/** Writes a key anew behind how it lies; undefined where it lies otherwise by now. */
const writeAnew = async (
  keys: ClusterKeys,
  id: KeyId,
  { epoch, wrapped, revision }: Wrapped & { readonly revision: number },
  next: Next,
  until: number,
): Promise<E.Either<KeyError, number | undefined>> => {
  const master = keys.masters.byId.get(epoch);
  if (master === undefined) return E.left(foreignKeys);
  const anew = rewrapKey(wrapped, { store: keys.storeId, keyId: id, epoch }, master, next);
  if (E.isLeft(anew)) return E.left(damagedKey(id));
  const records = [keyRecord({ epoch: next.id, wrapped: anew.right })];
  const appended = await appendSurely(keys, { stream: keyStream(id), expected: revision, records }, until);
  if (appended.kind === 'committed') return E.right(appended.revision);
  return appended.kind === 'conflict' || appended.kind === 'gone' ? E.right(undefined) : E.left(keyErrorOf(appended));
};

const toldGone = (id: KeyId): Told => ({ type: 'key-destroyed', data: { keyId: id } });

/** What lies before the last wrapping goes with the next scavenge. Before all nodes are told, so that a stop leaves it to whoever goes on. */
const settle = async (
  { node }: ClusterKeys,
  id: KeyId,
  next: Next,
  revision: number,
): Promise<E.Either<KeyError, Told>> => {
  const truncated = revision === 0 ? E.right(undefined) : await node.cluster.truncate(keyStream(id), revision);
  if (E.isLeft(truncated))
    return truncated.left.kind === 'gone' ? E.right(toldGone(id)) : E.left(keyErrorOf(truncated.left));
  return E.right({ type: 'key-made', data: { keyId: id, epoch: next.id } });
};

/** Wraps one key anew, and says what is to be told of it: where it was destroyed, or wrapped by another node, that. */
const rewrapOne = async (keys: ClusterKeys, id: KeyId, next: Next): Promise<E.Either<KeyError, Told>> => {
  const until = Date.now() + keys.node.deadline;
  do {
    const found = await readKey(keys, id);
    if (E.isLeft(found)) return found.left.kind === 'erased' ? E.right(toldGone(id)) : found;
    if (found.right === undefined) return E.left(damagedKey(id));
    if (found.right.epoch === next.id) return settle(keys, id, next, found.right.revision);
    const written = await writeAnew(keys, id, found.right, next, until);
    if (E.isLeft(written)) return written;
    if (written.right !== undefined) return settle(keys, id, next, written.right);
  } while (timeLeft(until) > 0);
  return E.left(notNow);
};

const rewrapSlice = async (
  keys: ClusterKeys,
  ids: readonly KeyId[],
  next: Next,
): Promise<E.Either<KeyError, number>> => {
  const tried = await Promise.all(ids.map((id) => rewrapOne(keys, id, next)));
  const told = tried.flatMap((one) => (E.isRight(one) ? [one.right] : []));
  const heard = await tellAll(keys, ofKeys, told, Date.now() + keys.node.deadline);
  const failed = tried.find(E.isLeft) ?? heard;
  return E.isLeft(failed) ? failed : E.right(told.filter(({ type }) => type === 'key-made').length);
};

const countOthers = ({ node }: ClusterKeys, next: Next): number =>
  node.tables.keyEpochs().reduce((sum, { id, keys }) => (id === next.id ? sum : sum + keys), 0);

const rewrapAll = async (
  keys: ClusterKeys,
  next: Next,
  onProgress: OnProgress,
): Promise<E.Either<KeyError, number>> => {
  const total = countOthers(keys, next);
  let done = 0;
  for (let after = ''; ; ) {
    const ids = keys.node.tables.keysOfOtherEpochs(next.id, after, sliceSize);
    const last = ids.at(-1);
    if (last === undefined) return E.right(done);
    const wrapped = await rewrapSlice(keys, ids, next);
    if (E.isLeft(wrapped)) return wrapped;
    after = last;
    done += wrapped.right;
    onProgress?.(done, Math.max(total, done));
  }
};

/** Closes all master keys but the next one; gives those that are closed when the next one wraps all keys there are, and ever will be. */
const closedFor = async (keys: ClusterKeys, next: Next): Promise<E.Either<KeyError, Known['closed'] | undefined>> => {
  const known = await readEpochs(keys);
  if (E.isLeft(known)) return known;
  const { open, closed } = known.right;
  if (!open.has(next.id)) return E.right(undefined);
  const others = [...open].filter((id) => id !== next.id);
  if (others.length === 0) return E.right(countOthers(keys, next) === 0 ? closed : undefined);
  return E.map(() => undefined)(await closeEpochs(keys, known.right, others));
};

/**
 * Makes another master key the one that wraps; every step can be taken again after a stop, and by another node. Keys that are made meanwhile under an
 * earlier one are told of before it is closed, and wrapped anew behind that, or they do not count.
 */
export const rewrapping = (keys: ClusterKeys, { idle }: KeyMaking) => {
  const begin = async (next: Next) => {
    const opened = await requireOpen(keys, next);
    if (E.isRight(opened)) keys.masters = withNext(keys.masters, next);
    return opened;
  };
  const rewrap = async (next: Next, onProgress: OnProgress): Promise<Rewrapped> => {
    for (let rewrapped = 0; ; ) {
      const begun = await begin(next);
      if (E.isLeft(begun)) return begun;
      await idle();
      const wrapped = await rewrapAll(keys, next, onProgress);
      if (E.isLeft(wrapped)) return wrapped;
      rewrapped += wrapped.right;
      const closed = await closedFor(keys, next);
      if (E.isLeft(closed)) return closed;
      if (closed.right === undefined) continue;
      keys.masters = withoutEarlier(keys.masters, closed.right);
      return E.right(rewrapped);
    }
  };
  let running: Promise<unknown> = Promise.resolve();
  // One after the other: two that ran at once would each undo what the other does.
  return (given: MasterKey['current'], onProgress?: OnProgress): Promise<Rewrapped> => {
    const next = { id: given.id, key: createSecretKey(given.key) };
    const mine = running.then(() => rewrap(next, onProgress));
    running = mine.catch(() => undefined);
    return mine;
  };
};
