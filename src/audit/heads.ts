import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { Uuid } from '../domain/identifiers.ts';
import type { Instant } from '../domain/time.ts';
import type { Anchor, SignedHead } from './anchors.ts';

/** What precedes an Ed25519 seed in PKCS#8 (RFC 8410), and the 32 bytes of a public key in its SPKI. */
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicPrefixBytes = 12;

/** The signing key that follows from a key of the store: its 32 bytes are the seed. */
export const signingKeyOf = (secret: KeyObject): KeyObject => {
  const der = Buffer.concat([privatePrefix, secret.export()]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  return key;
};

/** The public half of a signing key, as PEM: all that a verifier needs. */
export const publicKeyOf = (signing: KeyObject): string =>
  createPublicKey(signing).export({ format: 'pem', type: 'spki' }).toString();

/** How a log is named in its checkpoints. */
const originOf = (store: Uuid): string => `folja/${store}`;

/** The text that is signed: a checkpoint of a transparency log, three lines (C2SP tlog-checkpoint). */
export const checkpointText = (store: Uuid, { length, root }: Anchor): string =>
  `${originOf(store)}\n${length}\n${Buffer.from(root, 'hex').toString('base64')}\n`;

/** Signs the head of a store's log. The instant is told with it and not signed. */
export const signHead = (signing: KeyObject, store: Uuid, { length, root }: Anchor, at: Instant): SignedHead => {
  const text = Buffer.from(checkpointText(store, { length, root }), 'utf8');
  return { length, root, origin: store, at, signature: sign(null, text, signing).toString('base64') };
};

/** What is signed of a head, and the signature, each read once. Throws for what is none: a list would be taken for bytes or a text, however long it says that it is. */
const readHead = ({ origin, length, root, signature }: SignedHead): Omit<SignedHead, 'at'> => {
  if (!Number.isSafeInteger(length) || [origin, root, signature].some((text) => typeof text !== 'string'))
    throw new TypeError('no head');
  return { origin, length, root, signature };
};

/** True when a head is signed by the holder of a key; false for anything else, nonsense among it. */
export const isSigned = (head: SignedHead, publicKey: string | KeyObject): boolean => {
  try {
    const { origin, length, root, signature } = readHead(head);
    const text = Buffer.from(checkpointText(origin, { length, root }), 'utf8');
    return verify(null, text, publicKey, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
};

/** The head as a signed note (C2SP signed-note), which witnesses and other tools for transparency logs read. */
export const signedNote = (given: SignedHead, publicKey: string): string => {
  const head = readHead(given);
  const name = originOf(head.origin);
  const raw = createPublicKey(publicKey).export({ format: 'der', type: 'spki' }).subarray(publicPrefixBytes);
  const keyId = createHash('sha256').update(`${name}\n`).update(Uint8Array.of(1)).update(raw).digest().subarray(0, 4);
  const signature = Buffer.concat([keyId, Buffer.from(head.signature, 'base64')]).toString('base64');
  return `${checkpointText(head.origin, head)}\n\u2014 ${name} ${signature}\n`;
};
