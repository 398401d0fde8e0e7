import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { types } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import { setUpError } from '../eventStore/setUpError.ts';
import { type Damaged, damagedBytes, decrypt, encrypt, overheadBytes } from './encryption.ts';
import type { KeyId, MasterKey } from './keys.ts';

/** What a wrapped key is bound to: it unwraps for no other key id, in no other store, under no other epoch. */
export type WrapPlace = {
  readonly store: string;
  readonly keyId: KeyId;
  /** Id of the master key. */
  readonly epoch: string;
};

const version = 1;
const keyBytes = 32;
const wrappedBytes = 1 + keyBytes + overheadBytes;

const associated = ({ store, keyId, epoch }: WrapPlace): Buffer =>
  Buffer.from(JSON.stringify([version, store, keyId, epoch]), 'utf8');

/** Wraps a key, version (1) ‖ what `encrypt` gives, and leaves nothing of it in clear. */
const wrap = (plain: Buffer, place: WrapPlace, master: KeyObject): Buffer => {
  const wrapped = Buffer.concat([Buffer.of(version), encrypt(plain, associated(place), master)]);
  plain.fill(0);
  return wrapped;
};

/** Makes a random key and wraps it. */
export const wrapNewKey = (place: WrapPlace, master: KeyObject): Buffer => wrap(randomBytes(keyBytes), place, master);

const intoKey = (plain: Buffer): KeyObject => {
  const key = createSecretKey(plain);
  plain.fill(0);
  return key;
};

const unwrap = (wrapped: Uint8Array, place: WrapPlace, master: KeyObject): E.Either<Damaged, Buffer> =>
  wrapped.length !== wrappedBytes || wrapped[0] !== version
    ? E.left(damagedBytes)
    : decrypt(wrapped.subarray(1), associated(place), master);

/** Opens what `wrapNewKey` made. Left when a bit, the place or the master key is another. */
export const unwrapKey = (wrapped: Uint8Array, place: WrapPlace, master: KeyObject): E.Either<Damaged, KeyObject> =>
  E.map(intoKey)(unwrap(wrapped, place, master));

/** Wraps a key anew, under another master key; the key stays the same. */
export const rewrapKey = (
  wrapped: Uint8Array,
  place: WrapPlace,
  master: KeyObject,
  next: Masters['current'],
): E.Either<Damaged, Buffer> =>
  E.map((plain: Buffer) => wrap(plain, { ...place, epoch: next.id }, next.key))(unwrap(wrapped, place, master));

/** True for 32 hexadecimal digits. */
export const isKeyId = (id: string): id is KeyId => /^[0-9a-f]{32}$/.test(id);

type Epoch = MasterKey['current'];

const wrongMasterKey = (): Error =>
  setUpError(
    'The master key is not usable: give 32 bytes, or { current: { id, key }, previous: [{ id, key }] } where each key is ' +
      '32 bytes and each id is its own and has 1 to 64 letters, digits, dots, dashes or underscores.',
  );

const isRecord = (given: unknown): given is Record<string, unknown> => typeof given === 'object' && given !== null;

const wrongNextKey = (): Error =>
  setUpError(
    'The next master key is not usable: give { id, key } where the key is 32 bytes and the id has 1 to 64 letters, digits, ' +
      'dots, dashes or underscores.',
  );

const readEpoch = (given: unknown, wrong: () => Error = wrongMasterKey): Epoch => {
  if (!isRecord(given) || typeof given.id !== 'string' || !/^[A-Za-z0-9._-]{1,64}$/.test(given.id)) throw wrong();
  if (!types.isUint8Array(given.key) || given.key.length !== keyBytes) throw wrong();
  return { id: given.id, key: Uint8Array.from(given.key) };
};

/** Copies the master key that is to be the current one next; throws one sentence, without a byte of it, when it cannot be one. */
export const readNextMasterKey = (given: unknown): Epoch => readEpoch(given, wrongNextKey);

/** Copies the master key that a host gives, in either form; throws one sentence, without a byte of it, otherwise. */
export const readMasterKey = (given: unknown): MasterKey => {
  if (types.isUint8Array(given)) return { current: readEpoch({ id: 'master', key: given }) };
  if (!isRecord(given)) throw wrongMasterKey();
  const { current, previous = [] } = given;
  if (!Array.isArray(previous)) throw wrongMasterKey();
  const master = { current: readEpoch(current), previous: previous.map((one) => readEpoch(one)) };
  const ids = [master.current, ...master.previous].map(({ id }) => id);
  if (new Set(ids).size !== ids.length) throw wrongMasterKey();
  return master;
};

/** Master keys as key objects, which do not print their bytes. */
export type Masters = {
  readonly current: { readonly id: string; readonly key: KeyObject };
  readonly byId: ReadonlyMap<string, KeyObject>;
};

/** Takes the master keys into use. */
export const mastersOf = ({ current, previous = [] }: MasterKey): Masters => ({
  current: { id: current.id, key: createSecretKey(current.key) },
  byId: new Map([current, ...previous].map(({ id, key }) => [id, createSecretKey(key)])),
});

/** Takes another master key into use as the current one; those before still unwrap. */
export const withNext = ({ byId }: Masters, current: Masters['current']): Masters => ({
  current,
  byId: new Map([...byId, [current.id, current.key]]),
});

/** Without those that another has taken the place of; one that has not been in use yet stays, for another process may begin with it. */
export const withoutEarlier = ({ current, byId }: Masters, earlier: ReadonlySet<string>): Masters => ({
  current,
  byId: new Map([...byId].filter(([id]) => id === current.id || !earlier.has(id))),
});
