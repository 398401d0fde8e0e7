import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Node } from '../eventStore/eventStoreDb/node.ts';
import { sqliteErrorOf } from '../eventStore/sqliteFile.ts';
import { checkMasterKey, epochsOf } from './clusterKeysEpochs.ts';
import { keyMaking } from './clusterKeysMaking.ts';
import { namedKeys } from './clusterKeysNames.ts';
import { openingKeys } from './clusterKeysOpening.ts';
import type { ClusterKeys } from './clusterKeysRecords.ts';
import { rewrapping } from './clusterKeysRewrap.ts';
import type { KeyError, KeyId, KeyStore, MasterKey } from './keys.ts';
import { isKeyId, mastersOf } from './wrapping.ts';

/** The node whose keys are opened, and what they are wrapped with. */
export type ClusterKeysOptions = { readonly node: Node; readonly storeId: string; readonly masterKey: MasterKey };

const closed: KeyError = { kind: 'unavailable', what: 'keys', retry: false };
const noKeyId: KeyError = { kind: 'damaged', what: 'key id' };

/** What an exception of the node's file comes to. */
const thrownErrorOf = (error: unknown): KeyError => {
  const kind = sqliteErrorOf(error);
  if (kind === 'corrupt') return { kind: 'damaged', what: 'file of read models' };
  return { ...closed, retry: kind === 'busy' || kind === 'full' || kind === 'io' };
};

const keyStore = (keys: ClusterKeys, end: () => void): KeyStore => {
  const making = keyMaking(keys);
  const { named, renew, everNamed } = namedKeys(keys, making);
  const { open, destroy, remnants, isDestroyed, close } = openingKeys(keys);
  const rewrap = rewrapping(keys, making);
  /** The one place where exceptions become values. */
  const whenOpen =
    <Failed, A>(work: () => Promise<E.Either<Failed, A>>): TaskEither<Failed | KeyError, A> =>
    async () => {
      if (keys.closed.aborted) return E.left(closed);
      try {
        return await work();
      } catch (error) {
        return E.left(thrownErrorOf(error));
      }
    };
  const withId = <A>(id: KeyId, work: () => Promise<E.Either<KeyError, A>>): TaskEither<KeyError, A> =>
    isKeyId(id) ? whenOpen(work) : async () => E.left(noKeyId);
  return {
    take: () => whenOpen(async () => E.map(({ id }: { readonly id: KeyId }) => id)(await making.take())),
    named: (name) => whenOpen(() => named(name)),
    everNamed: (name) => whenOpen(async () => E.right(everNamed(name))),
    renew: (name) => whenOpen(() => renew(name)),
    open: (id) => withId(id, () => open(id)),
    destroy: (id) => withId(id, () => destroy(id)),
    isDestroyed: (id) => withId(id, () => isDestroyed(id)),
    remnants: (id) => withId(id, () => remnants(id)),
    rewrap: (next, onProgress) => whenOpen(() => rewrap(next, onProgress)),
    epochs: () => whenOpen(() => epochsOf(keys)),
    close: () => {
      end();
      close();
    },
  };
};

/**
 * Opens the keys that lie in a cluster, wrapped, each in a stream of its own that no node follows. Throws one sentence for a wrong set-up, such as a wrong
 * master key.
 */
export const openClusterKeys = async ({ node, storeId, masterKey }: ClusterKeysOptions): Promise<KeyStore> => {
  const closing = new AbortController();
  const keys: ClusterKeys = { node, storeId, closed: closing.signal, masters: mastersOf(masterKey) };
  await checkMasterKey(keys);
  return keyStore(keys, () => closing.abort());
};
