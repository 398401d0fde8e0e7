import type { KeyObject } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { type ClusterKeys, keyStream, type Wrapped, wrappedIn } from './clusterKeysRecords.ts';
import { keyErrorOf, ofKeys, tellAll } from './clusterKeysTelling.ts';
import type { KeyError, KeyId } from './keys.ts';
import { type OpenedKeys, openedKeys } from './openedKeys.ts';
import { damagedKey, foreignKeys } from './sqliteKeyFile.ts';
import { unwrapKey } from './wrapping.ts';

const mostOpened = 10_000;
const mostGone = 10_000;

const erased: KeyError = { kind: 'erased' };

/** A key as it lies in the cluster now, and at which revision; undefined where there never was one. */
export const readKey = async (
  { node }: ClusterKeys,
  id: KeyId,
): Promise<E.Either<KeyError, (Wrapped & { readonly revision: number }) | undefined>> => {
  const last = await node.cluster.last(keyStream(id));
  if (E.isLeft(last)) return E.left(last.left.kind === 'gone' ? erased : keyErrorOf(last.left));
  if (last.right === undefined) return E.right(undefined);
  const wrapped = wrappedIn(last.right);
  return wrapped === undefined ? E.left(damagedKey(id)) : E.right({ ...wrapped, revision: last.right.revision });
};

/** A key of an epoch whose master key this process was not given is there, and cannot be read. */
const fetchKey = async (keys: ClusterKeys, id: KeyId): Promise<E.Either<KeyError, KeyObject>> => {
  const found = await readKey(keys, id);
  if (E.isLeft(found)) return found;
  if (found.right === undefined) return E.left(damagedKey(id));
  const { epoch, wrapped } = found.right;
  const master = keys.masters.byId.get(epoch);
  if (master === undefined) return E.left(foreignKeys);
  return E.mapLeft(() => damagedKey(id))(unwrapKey(wrapped, { store: keys.storeId, keyId: id, epoch }, master));
};

/** The keys that are known to be destroyed, for a while: also whether all nodes were told. */
const goneKeys = (keys: ClusterKeys, opened: OpenedKeys) => {
  const gone = new Map<KeyId, boolean>();
  const add = (id: KeyId, isTold: boolean): void => {
    gone.set(id, isTold || gone.get(id) === true);
    opened.forget(id);
    const [oldest] = gone.keys();
    if (oldest !== undefined && gone.size > mostGone) gone.delete(oldest);
  };
  const tell = async (id: KeyId): Promise<E.Either<KeyError, void>> => {
    add(id, false);
    const told = { type: 'key-destroyed', data: { keyId: id } } as const;
    return E.map(() => undefined)(await tellAll(keys, ofKeys, [told], Date.now() + keys.node.deadline));
  };
  return {
    add,
    tell,
    /** Tells of a key that is found to be gone where a stop kept whoever destroyed it from that: other nodes may hold it open. */
    find: async (id: KeyId): Promise<void> => {
      if (keys.node.tables.epochOfKey(id) === undefined) add(id, false);
      else await tell(id);
    },
    has: (id: KeyId): boolean => gone.has(id),
    isTold: (id: KeyId): boolean => gone.get(id) === true,
  };
};

type GoneKeys = ReturnType<typeof goneKeys>;

/** Opens keys, each read once at a time. */
const reading = (keys: ClusterKeys, opened: OpenedKeys, gone: GoneKeys) => {
  const fetching = new Map<KeyId, Promise<E.Either<KeyError, KeyObject>>>();
  const fetchOnce = async (id: KeyId): Promise<E.Either<KeyError, KeyObject>> => {
    const key = await fetchKey(keys, id);
    // Destroyed while it was on its way.
    if (gone.has(id)) return E.left(erased);
    if (E.isRight(key)) opened.keep(id, key.right);
    else if (key.left.kind === 'erased') await gone.find(id);
    return key;
  };
  return (id: KeyId): Promise<E.Either<KeyError, KeyObject>> => {
    const cached = opened.find(id);
    if (cached !== undefined) return Promise.resolve(E.right(cached));
    const mine = fetching.get(id) ?? fetchOnce(id).finally(() => fetching.delete(id));
    fetching.set(id, mine);
    return mine;
  };
};

/** What can still be read of a key: how many copies. What servers keep on their disks until a scavenge is waited for elsewhere. */
const remnantsOf = async ({ node }: ClusterKeys, id: KeyId): Promise<E.Either<KeyError, number>> => {
  const last = await node.cluster.last(keyStream(id));
  if (E.isRight(last)) return E.right(last.right === undefined ? 0 : 1);
  return last.left.kind === 'gone' ? E.right(0) : E.left(keyErrorOf(last.left));
};

/** Opens keys and destroys them. What another node destroys is closed here as soon as this node hears of it. */
export const openingKeys = (keys: ClusterKeys) => {
  const { cluster, follower } = keys.node;
  const opened = openedKeys(() => undefined, mostOpened);
  const gone = goneKeys(keys, opened);
  const unlisten = follower.onApplied(({ told }) => {
    for (const one of told) if (one.type === 'key-destroyed') gone.add(one.data.keyId, true);
  });
  const destroy = async (id: KeyId): Promise<E.Either<KeyError, void>> => {
    if (gone.isTold(id)) return E.right(undefined);
    const ended = await cluster.tombstone(keyStream(id));
    if (E.isLeft(ended) && ended.left.kind !== 'gone') return E.left(keyErrorOf(ended.left));
    return gone.tell(id);
  };
  const isDestroyed = async (id: KeyId): Promise<E.Either<KeyError, boolean>> => {
    if (gone.has(id)) return E.right(true);
    const last = await cluster.last(keyStream(id));
    if (E.isRight(last)) return E.right(false);
    if (last.left.kind !== 'gone') return E.left(keyErrorOf(last.left));
    await gone.find(id);
    return E.right(true);
  };
  const close = (): void => {
    unlisten();
    opened.clear();
  };
  const open = reading(keys, opened, gone);
  return { open, destroy, remnants: (id: KeyId) => remnantsOf(keys, id), isDestroyed, close };
};
