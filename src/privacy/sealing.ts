import { createHmac, type KeyObject } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { type Damaged, damagedBytes, decrypt, encrypt, overheadBytes } from './encryption.ts';
import type { KeyId } from './keys.ts';

/** Where a sealed value belongs: bound into it, so that it opens nowhere else. */
export type Place = {
  readonly store: string;
  readonly stream: string;
  readonly eventId: string;
  readonly type: string;
};

const version = 1;
const keyIdBytes = 16;
const headerBytes = 1 + keyIdBytes;

const associated = (place: Place, keyId: KeyId): Buffer =>
  Buffer.from(JSON.stringify([version, place.store, place.stream, place.eventId, place.type, keyId]), 'utf8');

/**
 * Seals bytes: version (1) ‖ key id (16) ‖ what `encrypt` gives. The associated data binds version, store, stream, event id, type and
 * key id.
 */
export const sealBytes = (plain: Uint8Array, place: Place, keyId: KeyId, key: KeyObject): Buffer =>
  Buffer.concat([Buffer.of(version), Buffer.from(keyId, 'hex'), encrypt(plain, associated(place, keyId), key)]);

/** The id of the key with which a value was sealed; undefined when the bytes are no envelope of ours. */
export const keyIdOf = (sealed: Uint8Array): KeyId | undefined =>
  sealed.length >= headerBytes + overheadBytes && sealed[0] === version
    ? Buffer.from(sealed.buffer, sealed.byteOffset + 1, keyIdBytes).toString('hex')
    : undefined;

/**
 * Opens what `sealBytes` made. Left when a bit, the place or the key is another: damage, never erasure.
 *
 * @param keyId what `keyIdOf` tells, where it was asked already
 */
export const openBytes = (
  sealed: Uint8Array,
  place: Place,
  key: KeyObject,
  keyId = keyIdOf(sealed),
): E.Either<Damaged, Buffer> =>
  keyId === undefined ? E.left(damagedBytes) : decrypt(sealed.subarray(headerBytes), associated(place, keyId), key);

/** HMAC-SHA-256 of a text, for a purpose: keys of one kind never give the same value for two purposes. */
export const keyedHash = (key: KeyObject, purpose: string, text: string): Buffer =>
  createHmac('sha256', key).update(purpose).update('\0').update(text).digest();
