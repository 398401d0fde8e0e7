import { createCipheriv, createDecipheriv, createHmac, type KeyObject, randomBytes } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { KeyId } from './keys.ts';

/** Where a sealed value belongs: bound into it, so that it opens nowhere else. */
export type Place = {
  readonly store: string;
  readonly stream: string;
  readonly eventId: string;
  readonly type: string;
};

const algorithm = 'aes-256-gcm';
const version = 1;
const keyIdBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
const headerBytes = 1 + keyIdBytes + nonceBytes;

const associated = (place: Place, keyId: KeyId): Buffer =>
  Buffer.from(JSON.stringify([version, place.store, place.stream, place.eventId, place.type, keyId]), 'utf8');

/**
 * Seals bytes: version (1) ‖ key id (16) ‖ random nonce (12) ‖ cipher text ‖ tag (16), AES-256-GCM. The associated data binds version,
 * store, stream, event id, type and key id.
 */
export const sealBytes = (plain: Uint8Array, place: Place, keyId: KeyId, key: KeyObject): Buffer => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(associated(place, keyId));
  return Buffer.concat([
    Buffer.of(version),
    Buffer.from(keyId, 'hex'),
    nonce,
    cipher.update(plain),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
};

/** The id of the key with which a value was sealed; undefined when the bytes are no envelope of ours. */
export const keyIdOf = (sealed: Uint8Array): KeyId | undefined =>
  sealed.length >= headerBytes + tagBytes && sealed[0] === version
    ? Buffer.from(sealed.subarray(1, 1 + keyIdBytes)).toString('hex')
    : undefined;

/** Opens what `sealBytes` made. Left when a bit, the place or the key is another: damage, never erasure. */
export const openBytes = (
  sealed: Uint8Array,
  place: Place,
  key: KeyObject,
): E.Either<{ readonly kind: 'damaged' }, Buffer> => {
  const keyId = keyIdOf(sealed);
  if (keyId === undefined) return E.left({ kind: 'damaged' });
  return E.tryCatch(
    () => {
      const nonce = sealed.subarray(1 + keyIdBytes, headerBytes);
      const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
      decipher.setAAD(associated(place, keyId));
      decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
      return Buffer.concat([decipher.update(sealed.subarray(headerBytes, sealed.length - tagBytes)), decipher.final()]);
    },
    () => ({ kind: 'damaged' as const }),
  );
};

/** HMAC-SHA-256 of a text, for a purpose: keys of one kind never give the same value for two purposes. */
export const keyedHash = (key: KeyObject, purpose: string, text: string): Buffer =>
  createHmac('sha256', key).update(purpose).update('\0').update(text).digest();
