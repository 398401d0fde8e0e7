import { createSecretKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkpointText, publicKeyOf, signedNote, signHead, signingKeyOf } from '../../src/audit/heads.ts';
import { verifyHead } from '../../src/verifier.ts';

const store = '0195d3a0-0000-7000-8000-000000000001';
const at = '2026-03-02T08:00:00.000Z';
const root = 'ab'.repeat(32);
const signing = signingKeyOf(createSecretKey(Buffer.alloc(32, 7)));
const publicKey = publicKeyOf(signing);
const head = signHead(signing, store, { length: 20, root }, at);

describe('a signed head', () => {
  test('P15 is a checkpoint: origin, length and root, each on its line', () => {
    expect(checkpointText(store, { length: 20, root })).toBe(
      `folja/${store}\n20\n${Buffer.from(root, 'hex').toString('base64')}\n`,
    );
  });

  test('P15 is verified by its public key, and by no other', () => {
    expect(verifyHead(head, publicKey)).toBe(true);
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }).toString();
    expect(verifyHead(head, other)).toBe(false);
    expect(verifyHead(head, 'no key')).toBe(false);
  });

  test('P15 is not verified with anything in it changed; the instant beside it is not signed', () => {
    const changes = [
      { length: 21 },
      { root: 'ac'.repeat(32) },
      { root: '' },
      { origin: store.replace('1', '2') },
      { signature: head.signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) },
      { signature: '' },
    ];
    for (const change of changes) expect(verifyHead({ ...head, ...change }, publicKey)).toBe(false);
    expect(verifyHead({ ...head, at: '2027-03-02T08:00:00.000Z' }, publicKey)).toBe(true);
  });

  test('is not verified, and nothing is thrown, for what is no head', () => {
    fc.assert(
      fc.property(
        fc.record({ length: fc.anything(), root: fc.anything(), origin: fc.anything(), signature: fc.anything() }),
        (given) => {
          expect(verifyHead(given as never, publicKey)).toBe(false);
        },
      ),
    );
  });

  test('P15 follows from the key alone, and is a signed note whose key id other tools compute', () => {
    const again = signHead(signingKeyOf(createSecretKey(Buffer.alloc(32, 7))), store, { length: 20, root }, at);
    expect(again).toEqual(head);
    const [text, line] = signedNote(head, publicKey).split('\n\n');
    expect(`${text}\n`).toBe(checkpointText(store, head));
    const [dash, name, signature = ''] = (line ?? '').trimEnd().split(' ');
    expect([dash, name]).toEqual(['\u2014', `folja/${store}`]);
    expect(Buffer.from(signature, 'base64')).toHaveLength(4 + 64);
    expect(Buffer.from(signature, 'base64').subarray(4).toString('base64')).toBe(head.signature);
  });
});
