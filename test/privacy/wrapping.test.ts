import { createSecretKey, randomBytes } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { mastersOf, readMasterKey, unwrapKey, type WrapPlace, wrapNewKey } from '../../src/privacy/wrapping.ts';

const master = createSecretKey(randomBytes(32));
const place: WrapPlace = { store: 'store', keyId: 'ab'.repeat(16), epoch: 'master' };
const damaged = E.left({ kind: 'damaged' });

describe('a wrapped key', () => {
  test('unwraps to the same 32 bytes each time, in its place', () => {
    const wrapped = wrapNewKey(place, master);
    const [first, second] = [unwrapKey(wrapped, place, master), unwrapKey(wrapped, place, master)];
    if (E.isLeft(first) || E.isLeft(second)) throw new Error('damaged');
    expect(first.right.symmetricKeySize).toBe(32);
    expect(first.right.equals(second.right)).toBe(true);
  });

  test('is another each time', () => {
    expect(wrapNewKey(place, master)).not.toEqual(wrapNewKey(place, master));
  });

  test('is damaged with any bit flipped', () => {
    const wrapped = wrapNewKey(place, master);
    for (let bit = 0; bit < wrapped.length * 8; bit += 1) {
      const flipped = Uint8Array.from(wrapped, (byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(unwrapKey(flipped, place, master)).toEqual(damaged);
    }
  });

  test('is damaged at any other length, a tag of 4 bytes among them', () => {
    const wrapped = wrapNewKey(place, master);
    for (let length = 0; length < wrapped.length; length += 1)
      expect(unwrapKey(wrapped.subarray(0, length), place, master)).toEqual(damaged);
    expect(unwrapKey(Buffer.concat([wrapped, Buffer.of(0)]), place, master)).toEqual(damaged);
  });

  test.each<Partial<WrapPlace>>([{ store: 'other' }, { keyId: 'cd'.repeat(16) }, { epoch: 'other' }])(
    'is damaged in another place: %j',
    (other) => {
      expect(unwrapKey(wrapNewKey(place, master), { ...place, ...other }, master)).toEqual(damaged);
    },
  );

  test('is damaged under another master key', () => {
    expect(unwrapKey(wrapNewKey(place, master), place, createSecretKey(randomBytes(32)))).toEqual(damaged);
  });
});

describe('a master key as a host gives it', () => {
  const key = new Uint8Array(32).fill(0xa7);

  test('is 32 bytes, copied', () => {
    const given = Uint8Array.from(key);
    const read = readMasterKey(given);
    given.fill(0);
    expect(read).toEqual({ current: { id: 'master', key } });
  });

  test('is a current one and earlier ones, in any kind of byte array', () => {
    const previous = [{ id: 'a_1.2-3', key: Buffer.alloc(32, 1) }];
    const read = readMasterKey({ current: { id: '2026', key: Buffer.from(key) }, previous });
    expect(read.current).toEqual({ id: '2026', key });
    expect([...mastersOf(read).byId.keys()]).toEqual(['2026', 'a_1.2-3']);
    expect(readMasterKey({ current: { id: '2026', key } }).previous).toEqual([]);
  });

  test.each<readonly [string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'a7'.repeat(32)],
    ['an array', Array.from(key)],
    ['31 bytes', key.subarray(1)],
    ['64 bytes', new Uint8Array(64).fill(0xa7)],
    ['no current one', { previous: [] }],
    ['no id', { current: { key } }],
    ['an empty id', { current: { id: '', key } }],
    ['a long id', { current: { id: 'a'.repeat(65), key } }],
    ['an id with a slash', { current: { id: 'a/b', key } }],
    ['an id with a line feed', { current: { id: 'a\n', key } }],
    ['a short current key', { current: { id: 'a', key: key.subarray(1) } }],
    ['earlier ones that are no list', { current: { id: 'a', key }, previous: { id: 'b', key } }],
    ['an earlier one without an id', { current: { id: 'a', key }, previous: [{ key }] }],
    ['one id for two keys', { current: { id: 'a', key }, previous: [{ id: 'a', key }] }],
  ])('is refused in one sentence without its bytes when it is %s', (_, given) => {
    const message =
      'The master key is not usable: give 32 bytes, or { current: { id, key }, previous: [{ id, key }] } where each key is 32 bytes and each id is its own and has 1 to 64 letters, digits, dots, dashes or underscores.';
    expect(() => readMasterKey(given)).toThrow(expect.objectContaining({ name: 'SetUpError', message }));
  });
});
