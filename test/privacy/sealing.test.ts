import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { keyedHash, keyIdOf, openBytes, type Place, sealBytes } from '../../src/privacy/sealing.ts';

const key = createSecretKey(randomBytes(32));
const keyId = '0123456789abcdef'.repeat(2);
const place: Place = { store: 'store', stream: 'program-1', eventId: 'event-1', type: 'message-sent' };
const plain = Buffer.from('Hej, hur går det?', 'utf8');
const damaged = E.left({ kind: 'damaged' });
const anyPlace = fc.record({ store: fc.string(), stream: fc.string(), eventId: fc.string(), type: fc.string() });

describe('a sealed value', () => {
  test('opens as what it was, at its place, with its key', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), anyPlace, (bytes, at) => {
        const sealed = sealBytes(bytes, at, keyId, key);
        expect(keyIdOf(sealed)).toBe(keyId);
        expect(openBytes(sealed, at, key)).toEqual(E.right(Buffer.from(bytes)));
      }),
    );
  });

  test('shows nothing of what it holds, and is another each time', () => {
    const [first, second] = [sealBytes(plain, place, keyId, key), sealBytes(plain, place, keyId, key)];
    expect(first.includes(plain.subarray(0, 4))).toBe(false);
    expect(first.equals(second)).toBe(false);
  });

  test('is damaged with any bit flipped', () => {
    const sealed = sealBytes(plain, place, keyId, key);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const flipped = Uint8Array.from(sealed, (byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(openBytes(flipped, place, key)).toEqual(damaged);
    }
  });

  test.each<Partial<Place>>([
    { store: 'other' },
    { stream: 'program-2' },
    { eventId: 'event-2' },
    { type: 'comment-made' },
  ])('is damaged in another place: %j', (other) => {
    expect(openBytes(sealBytes(plain, place, keyId, key), { ...place, ...other }, key)).toEqual(damaged);
  });

  test('opens at no other place, whatever the names are', () => {
    fc.assert(
      fc.property(anyPlace, anyPlace, (here, there) => {
        fc.pre(JSON.stringify(here) !== JSON.stringify(there));
        expect(openBytes(sealBytes(plain, here, keyId, key), there, key)).toEqual(damaged);
      }),
    );
  });

  test('is damaged under another key', () => {
    expect(openBytes(sealBytes(plain, place, keyId, key), place, createSecretKey(randomBytes(32)))).toEqual(damaged);
  });

  test('is damaged when it is cut anywhere', () => {
    const sealed = sealBytes(plain, place, keyId, key);
    for (let length = 0; length < sealed.length; length += 1)
      expect(openBytes(sealed.subarray(0, length), place, key)).toEqual(damaged);
  });

  test('is damaged with a tag of 4 bytes, which Node.js would take if it were let', () => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 4 });
    cipher.setAAD(Buffer.from(JSON.stringify([1, ...Object.values(place), keyId]), 'utf8'));
    const text = Buffer.concat([cipher.update(plain), cipher.final()]);
    const sealed = Buffer.concat([Buffer.of(1), Buffer.from(keyId, 'hex'), nonce, text, cipher.getAuthTag()]);
    expect(openBytes(sealed, place, key)).toEqual(damaged);
  });

  test('has no key id when it is none', () => {
    expect(keyIdOf(new Uint8Array())).toBeUndefined();
    expect(keyIdOf(new Uint8Array(45))).toBeUndefined();
  });
});

describe('a keyed hash', () => {
  test('is the same for the same purpose and text, and 32 bytes', () => {
    expect(keyedHash(key, 'index', 'text')).toEqual(keyedHash(key, 'index', 'text'));
    expect(keyedHash(key, 'index', 'text')).toHaveLength(32);
  });

  test('differs by purpose, by text, by key, and by where the purpose ends', () => {
    const hashes = [
      keyedHash(key, 'index', 'text'),
      keyedHash(key, 'audit', 'text'),
      keyedHash(key, 'index', 'other'),
      keyedHash(key, 'inde', 'xtext'),
      keyedHash(createSecretKey(randomBytes(32)), 'index', 'text'),
    ];
    expect(new Set(hashes.map((hash) => hash.toString('hex'))).size).toBe(hashes.length);
  });
});
