import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { KeyError, KeyId, KeyStore, MasterKey } from './keys.ts';
import { isKeyId, unwrapKey, wrapNewKey } from './wrapping.ts';

const closed: KeyError = { kind: 'unavailable', what: 'keys', retry: false };
const noKeyId: KeyError = { kind: 'damaged', what: 'key id' };

/** Keys that live as long as the process, wrapped like those in a file: for tests. */
export const inMemoryKeys = (masterKey: MasterKey): KeyStore => {
  const master = createSecretKey(masterKey.current.key);
  const store = randomUUID();
  const wrapped = new Map<KeyId, Uint8Array>();
  const names = new Map<string, KeyId>();
  const destroyed = new Set<KeyId>();
  let isOpen = true;

  const placeOf = (keyId: KeyId) => ({ store, keyId, epoch: masterKey.current.id });
  const make = (): KeyId => {
    const id = randomBytes(16).toString('hex');
    wrapped.set(id, wrapNewKey(placeOf(id), master));
    return id;
  };
  const give = (name: string): KeyId => {
    const id = names.get(name) ?? make();
    names.set(name, id);
    return id;
  };
  const find = (id: KeyId): E.Either<KeyError, KeyObject> => {
    if (destroyed.has(id)) return E.left({ kind: 'erased' });
    const opened = unwrapKey(wrapped.get(id) ?? new Uint8Array(), placeOf(id), master);
    return E.mapLeft((): KeyError => ({ kind: 'damaged', what: `key ${id}` }))(opened);
  };
  const end = (id: KeyId): void => {
    wrapped.delete(id);
    destroyed.add(id);
  };
  const whenOpen =
    <A>(work: () => E.Either<KeyError, A>) =>
    async (): Promise<E.Either<KeyError, A>> =>
      isOpen ? work() : E.left(closed);

  return {
    take: () => whenOpen(() => E.right(make())),
    named: (name) => whenOpen(() => E.right(give(name))),
    open: (id) => whenOpen(() => (isKeyId(id) ? find(id) : E.left(noKeyId))),
    destroy: (id) => whenOpen(() => (isKeyId(id) ? E.right(end(id)) : E.left(noKeyId))),
    close: () => {
      isOpen = false;
    },
  };
};
