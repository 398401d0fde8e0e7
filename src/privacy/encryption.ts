import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
/** Given at every call: Node takes shorter tags when it is not (DEP0182). */
const tagBytes = 16;

/** What encryption adds to a plain text. */
export const overheadBytes = nonceBytes + tagBytes;

/** Bytes that do not open: damage or a forgery, never an erasure. */
export type Damaged = { readonly kind: 'damaged' };
export const damagedBytes: Damaged = { kind: 'damaged' };

/** AES-256-GCM under a random nonce, bound to associated data: nonce (12) ‖ cipher text ‖ tag (16). */
export const encrypt = (plain: Uint8Array, associated: Uint8Array, key: KeyObject): Buffer => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(associated);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
};

/** Opens what `encrypt` made. Left when a bit, the associated data or the key is another. */
export const decrypt = (sealed: Uint8Array, associated: Uint8Array, key: KeyObject): E.Either<Damaged, Buffer> =>
  E.tryCatch(
    () => {
      const tagAt = sealed.length - tagBytes;
      const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
      decipher.setAAD(associated);
      decipher.setAuthTag(sealed.subarray(tagAt));
      const plain = decipher.update(sealed.subarray(nonceBytes, tagAt));
      decipher.final();
      return plain;
    },
    () => damagedBytes,
  );
