import * as E from 'fp-ts/lib/Either.js';
import { timeLeft } from '../eventStore/eventStoreDb/node.ts';
import type { Told } from '../eventStore/tidings.ts';
import type { KeyMaking } from './clusterKeysMaking.ts';
import type { ClusterKeys } from './clusterKeysRecords.ts';
import { keyErrorOf, notNow, tellAll } from './clusterKeysTelling.ts';
import type { KeyError, KeyId } from './keys.ts';

type Named = E.Either<KeyError, KeyId>;

const streamOf = (name: string): string => `folja-keyname-${name}`;

const toldOf = (name: string, keyId: KeyId): Told => ({ type: 'key-named', data: { name, keyId } });

/** Gives a name a new key, made for it now, behind whatever another node has given it meanwhile. */
const renewing =
  (keys: ClusterKeys, { makeOne }: KeyMaking) =>
  async (name: string): Promise<Named> => {
    const { node } = keys;
    const until = Date.now() + node.deadline;
    const made = await makeOne();
    if (E.isLeft(made)) return made;
    const { id } = made.right;
    do {
      const last = await node.cluster.last(streamOf(name));
      if (E.isLeft(last)) return E.left(keyErrorOf(last.left));
      const expected = last.right?.revision ?? -1;
      const told = await tellAll(keys, { stream: streamOf(name), expected }, [toldOf(name, id)], until);
      if (E.isLeft(told)) return told;
      if (told.right === 'told') return E.right(id);
    } while (timeLeft(until) > 0);
    return E.left(notNow);
  };

/** The keys that have names. Of two nodes that name a key at once, the first in the log of the cluster counts. */
export const namedKeys = (keys: ClusterKeys, making: KeyMaking) => {
  const { node } = keys;
  const current = (name: string): KeyId | undefined => node.tables.keysNamed(name)[0];
  const heard = async (name: string, until: number): Promise<Named> => {
    const id = await node.follower.until(() => current(name), timeLeft(until));
    return id === undefined ? E.left(notNow) : E.right(id);
  };
  const nameFirst = async (name: string): Promise<Named> => {
    const until = Date.now() + node.deadline;
    // Another node may have named one that this node has not heard of yet.
    const last = await node.cluster.last(streamOf(name));
    if (E.isLeft(last)) return E.left(keyErrorOf(last.left));
    if (last.right !== undefined) return heard(name, until);
    const mine = await making.take();
    if (E.isLeft(mine)) return mine;
    const told = await tellAll(keys, { stream: streamOf(name), expected: -1 }, [toldOf(name, mine.right.id)], until);
    if (E.isLeft(told)) return told;
    if (told.right === 'other') making.giveBack(mine.right);
    return heard(name, until);
  };
  const naming = new Map<string, Promise<Named>>();
  const named = (name: string): Promise<Named> => {
    const known = current(name);
    if (known !== undefined) return Promise.resolve(E.right(known));
    const mine = naming.get(name) ?? nameFirst(name).finally(() => naming.delete(name));
    naming.set(name, mine);
    return mine;
  };
  return {
    named,
    renew: renewing(keys, making),
    everNamed: (name: string): readonly KeyId[] =>
      node.tables.keysNamed(name).filter((id, index) => index === 0 || node.tables.epochOfKey(id) !== undefined),
  };
};
