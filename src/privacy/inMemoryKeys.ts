import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { Epoch, KeyError, KeyId, KeyStore, MasterKey } from './keys.ts';
import {
  isKeyId,
  type Masters,
  mastersOf,
  rewrapKey,
  unwrapKey,
  withNext,
  withoutEarlier,
  wrapNewKey,
} from './wrapping.ts';

type Wrapped = { readonly epoch: string; readonly bytes: Uint8Array };

type Memory = {
  readonly store: string;
  readonly wrapped: Map<KeyId, Wrapped>;
  /** The current key of a name comes first. */
  readonly names: Map<string, readonly KeyId[]>;
  readonly destroyed: Set<KeyId>;
  masters: Masters;
  isOpen: boolean;
};

const closed: KeyError = { kind: 'unavailable', what: 'keys', retry: false };
const noKeyId: KeyError = { kind: 'damaged', what: 'key id' };
const damaged = (id: KeyId): KeyError => ({ kind: 'damaged', what: `key ${id}` });

const make = ({ store, masters: { current }, wrapped }: Memory): KeyId => {
  const keyId = randomBytes(16).toString('hex');
  const bytes = wrapNewKey({ store, keyId, epoch: current.id }, current.key);
  wrapped.set(keyId, { epoch: current.id, bytes });
  return keyId;
};

const addName = (memory: Memory, name: string): KeyId => {
  const id = make(memory);
  memory.names.set(name, [id, ...(memory.names.get(name) ?? [])]);
  return id;
};

const find = ({ store, wrapped, destroyed, masters }: Memory, id: KeyId): E.Either<KeyError, KeyObject> => {
  if (destroyed.has(id)) return E.left({ kind: 'erased' });
  const { epoch = '', bytes = new Uint8Array() } = wrapped.get(id) ?? {};
  const master = masters.byId.get(epoch) ?? masters.current.key;
  return E.mapLeft(() => damaged(id))(unwrapKey(bytes, { store, keyId: id, epoch }, master));
};

const end = ({ wrapped, destroyed }: Memory, id: KeyId): void => {
  wrapped.delete(id);
  destroyed.add(id);
};

const epochsOf = ({ wrapped, masters }: Memory): readonly Epoch[] => {
  const keys = (id: string): number => [...wrapped.values()].filter(({ epoch }) => epoch === id).length;
  return [...masters.byId.keys()]
    .filter((id) => id === masters.current.id || keys(id) > 0)
    .map((id) => ({ id, keys: keys(id), current: id === masters.current.id }));
};

const rewrap = (
  memory: Memory,
  given: MasterKey['current'],
  onProgress?: (done: number, total: number) => void,
): E.Either<KeyError | { readonly kind: 'other-key' }, number> => {
  const { store, wrapped } = memory;
  const next = { id: given.id, key: createSecretKey(given.key) };
  if (memory.masters.byId.get(next.id)?.equals(next.key) === false) return E.left({ kind: 'other-key' });
  memory.masters = withNext(memory.masters, next);
  const others = [...wrapped].filter(([, { epoch }]) => epoch !== next.id);
  for (const [keyId, { epoch, bytes }] of others) {
    const master = memory.masters.byId.get(epoch) ?? next.key;
    const anew = rewrapKey(bytes, { store, keyId, epoch }, master, next);
    if (E.isLeft(anew)) return E.left(damaged(keyId));
    wrapped.set(keyId, { epoch: next.id, bytes: anew.right });
  }
  memory.masters = withoutEarlier(memory.masters, new Set(memory.masters.byId.keys()));
  if (others.length > 0) onProgress?.(others.length, others.length);
  return E.right(others.length);
};

/** Keys that live as long as the process, wrapped like those in a file: for tests. */
export const inMemoryKeys = (masterKey: MasterKey): KeyStore => {
  const memory: Memory = {
    ...{ store: randomUUID(), masters: mastersOf(masterKey), isOpen: true },
    ...{ wrapped: new Map(), names: new Map(), destroyed: new Set() },
  };
  const { names, destroyed, wrapped } = memory;
  const whenOpen =
    <Failed, A>(work: () => E.Either<Failed, A>) =>
    async (): Promise<E.Either<Failed | KeyError, A>> =>
      memory.isOpen ? work() : E.left(closed);
  const withId = <A>(id: KeyId, work: () => E.Either<KeyError, A>) =>
    whenOpen(() => (isKeyId(id) ? work() : E.left(noKeyId)));
  return {
    take: () => whenOpen(() => E.right(make(memory))),
    named: (name) => whenOpen(() => E.right(names.get(name)?.[0] ?? addName(memory, name))),
    everNamed: (name) =>
      whenOpen(() => E.right((names.get(name) ?? []).filter((id, index) => index === 0 || !destroyed.has(id)))),
    renew: (name) => whenOpen(() => E.right(addName(memory, name))),
    open: (id) => withId(id, () => find(memory, id)),
    destroy: (id) => withId(id, () => E.right(end(memory, id))),
    isDestroyed: (id) => withId(id, () => E.right(destroyed.has(id))),
    remnants: (id) => withId(id, () => E.right(wrapped.has(id) ? 1 : 0)),
    rewrap: (next, onProgress) => whenOpen(() => rewrap(memory, next, onProgress)),
    epochs: () => whenOpen(() => E.right(epochsOf(memory))),
    close: () => {
      memory.isOpen = false;
    },
  };
};
