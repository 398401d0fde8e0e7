import * as E from 'fp-ts/lib/Either.js';

// Stands where src/privacy/encryption.ts stands, in processes that show what would lie on disk without it: the bytes as they are, with the
// room that a nonce and a tag take.
const [nonceBytes, tagBytes] = [12, 16];

export const overheadBytes = nonceBytes + tagBytes;
export const damagedBytes = { kind: 'damaged' };
export const encrypt = (plain: Uint8Array): Buffer =>
  Buffer.concat([Buffer.alloc(nonceBytes), plain, Buffer.alloc(tagBytes)]);
export const decrypt = (sealed: Uint8Array): E.Either<never, Buffer> =>
  E.right(Buffer.from(sealed.subarray(nonceBytes, sealed.length - tagBytes)));
