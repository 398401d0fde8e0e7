import * as E from 'fp-ts/lib/Either.js';
import { timeLeft } from '../eventStore/eventStoreDb/node.ts';
import { toldIn } from '../eventStore/eventStoreDb/records.ts';
import { retrying } from '../eventStore/eventStoreDb/retrying.ts';
import { setUpError } from '../eventStore/setUpError.ts';
import type { Told } from '../eventStore/tidings.ts';
import type { ClusterKeys } from './clusterKeysRecords.ts';
import { keyErrorOf, notNow, type Telling, tellAll } from './clusterKeysTelling.ts';
import type { Epoch, KeyError } from './keys.ts';
import { foreignKeys } from './sqliteKeyFile.ts';
import { type Masters, unwrapKey, withNext, wrapNewKey } from './wrapping.ts';

/**
 * The master keys of a cluster. One is opened when it comes, with a proof by which it is known again, and closed when another has taken its place:
 * a key that is told of behind that is void on every node, so that whoever closes it knows every key that it wraps. It is forgotten as soon as it is
 * closed and wraps none.
 */
const stream = 'folja-epochs';

type Master = Masters['current'];

/** What the cluster says of its master keys. */
export type Known = {
  /** The stream's last revision, -1 for none. */
  readonly revision: number;
  /** By id, of those that are not forgotten. */
  readonly proofs: ReadonlyMap<string, Buffer>;
  /** Those that may wrap new keys. */
  readonly open: ReadonlySet<string>;
  /** Those that could once, and are closed. */
  readonly closed: ReadonlySet<string>;
};

/** Reads what the cluster says of its master keys, now. */
export const readEpochs = async ({ node }: ClusterKeys): Promise<E.Either<KeyError, Known>> => {
  const found = await node.cluster.read(stream);
  if (E.isLeft(found)) return E.left(keyErrorOf(found.left));
  const [proofs, open, closed] = [new Map<string, Buffer>(), new Set<string>(), new Set<string>()];
  for (const told of found.right.map(toldIn)) {
    if (told?.type === 'epoch-opened') {
      proofs.set(told.data.epoch, Buffer.from(told.data.proof, 'base64'));
      open.add(told.data.epoch);
      closed.delete(told.data.epoch);
    } else if (told?.type === 'epoch-closed') {
      open.delete(told.data.epoch);
      closed.add(told.data.epoch);
    }
  }
  const used = new Set(node.tables.keyEpochs().map(({ id }) => id));
  for (const id of closed) if (!used.has(id)) proofs.delete(id);
  return E.right({ revision: found.right.at(-1)?.revision ?? -1, proofs, open, closed });
};

const proofPlace = (store: string, epoch: string) => ({ store, keyId: 'proof', epoch });

const opens = ({ storeId }: ClusterKeys, { id, key }: Master, proof: Buffer): boolean =>
  E.isRight(unwrapKey(proof, proofPlace(storeId, id), key));

/** Whether a master key is the one that is known by its id; so is one whose id nobody knows. */
const isSameEpoch = (keys: ClusterKeys, { proofs }: Known, { id, key }: Master): boolean => {
  const [given, proof] = [keys.masters.byId.get(id), proofs.get(id)];
  return (proof === undefined || opens(keys, { id, key }, proof)) && (given === undefined || given.equals(key));
};

const after = ({ revision }: Known): Telling => ({ stream, expected: revision });

const openEpoch = (keys: ClusterKeys, known: Known, { id, key }: Master, until: number) => {
  const proof = wrapNewKey(proofPlace(keys.storeId, id), key).toString('base64');
  return tellAll(keys, after(known), [{ type: 'epoch-opened', data: { epoch: id, proof } }], until);
};

/** Closes master keys, unless the cluster says something new of them meanwhile: then `other`. */
export const closeEpochs = (keys: ClusterKeys, known: Known, ids: readonly string[]) => {
  const told = ids.map((epoch): Told => ({ type: 'epoch-closed', data: { epoch } }));
  return tellAll(keys, after(known), told, Date.now() + keys.node.deadline);
};

/** Makes a master key one that may wrap new keys, unless its id is known with another key. */
export const requireOpen = async (
  keys: ClusterKeys,
  master: Master,
): Promise<E.Either<KeyError | { readonly kind: 'other-key' }, void>> => {
  const until = Date.now() + keys.node.deadline;
  do {
    const known = await readEpochs(keys);
    if (E.isLeft(known)) return known;
    if (!isSameEpoch(keys, known.right, master)) return E.left({ kind: 'other-key' });
    if (known.right.open.has(master.id)) return E.right(undefined);
    const opened = await openEpoch(keys, known.right, master, until);
    if (E.isLeft(opened)) return opened;
  } while (timeLeft(until) > 0);
  return E.left(notNow);
};

/** The first of the given master keys that may wrap new keys. */
const openOf = (keys: ClusterKeys, known: Known): Master | undefined => {
  const { current, byId } = keys.masters;
  const given = [current, ...[...byId].map(([id, key]) => ({ id, key }))];
  return given.find((one) => known.open.has(one.id) && isSameEpoch(keys, known, one));
};

/**
 * The master key that wraps new keys. Where another node has rotated, and this one's is closed, it is one that is not, if this process was given that
 * as well; without it nothing new is wrapped.
 */
export const currentOf = async (keys: ClusterKeys): Promise<E.Either<KeyError, Master>> => {
  if (!keys.node.tables.isEpochClosed(keys.masters.current.id)) return E.right(keys.masters.current);
  const known = await readEpochs(keys);
  if (E.isLeft(known)) return known;
  const open = openOf(keys, known.right);
  if (open === undefined) return E.left(foreignKeys);
  keys.masters = withNext(keys.masters, open);
  return E.right(open);
};

/** The master keys that are not forgotten, with how many keys each of them wraps. */
export const epochsOf = async (keys: ClusterKeys): Promise<E.Either<KeyError, readonly Epoch[]>> => {
  const known = await readEpochs(keys);
  if (E.isLeft(known)) return known;
  const counts = new Map(keys.node.tables.keyEpochs().map((one) => [one.id, one.keys]));
  const ids = [...new Set([...known.right.open, ...counts.keys()])].sort();
  return E.right(ids.map((id) => ({ id, keys: counts.get(id) ?? 0, current: id === keys.masters.current.id })));
};

const unreachable = (): Error =>
  setUpError(
    'The keys of the cluster cannot be read: check that it runs, the user and the rights of the connection, then try again.',
  );

const otherMaster = (): Error => setUpError('The cluster holds keys of another master key: list that one as previous.');

/** Each given master key that is known must open its proof; unless there is none yet, one must be known. */
const requireRight = (keys: ClusterKeys, { proofs }: Known): void => {
  const opened = [...proofs].flatMap(([id, proof]) => {
    const key = keys.masters.byId.get(id);
    return key === undefined ? [] : [opens(keys, { id, key }, proof)];
  });
  if (!opened.every((isRight) => isRight) || (opened.length === 0 && proofs.size > 0))
    throw setUpError(
      'The master key is not the one the keys of this cluster were made with: give that one, or list it as previous.',
    );
  if (keys.node.tables.keyEpochs().some(({ id }) => !keys.masters.byId.has(id))) throw otherMaster();
};

/** A cluster that does not answer just now is waited for longer when a node is opened than by a call: so many times. */
const patience = 3;

const isToRetry = (read: E.Either<KeyError, unknown>): boolean =>
  E.isLeft(read) && read.left.kind === 'unavailable' && read.left.retry;

/**
 * Throws one sentence unless the master keys of this process open every key; makes the current one known. One that was closed stays so: a node that is
 * started as before a rotation wraps no keys with what is about to be destroyed.
 */
export const checkMasterKey = async (keys: ClusterKeys): Promise<void> => {
  const { node, masters } = keys;
  const until = Date.now() + patience * node.deadline;
  do {
    const known = await retrying(until, isToRetry, () => readEpochs(keys));
    if (E.isLeft(known)) throw unreachable();
    requireRight(keys, known.right);
    const open = openOf(keys, known.right);
    const isNew = !known.right.open.has(masters.current.id) && !known.right.closed.has(masters.current.id);
    if (!isNew && open === undefined) throw otherMaster();
    if (!isNew && open !== undefined) {
      keys.masters = withNext(masters, open);
      return;
    }
    if (E.isLeft(await openEpoch(keys, known.right, masters.current, until))) throw unreachable();
  } while (timeLeft(until) > 0);
  throw unreachable();
};
