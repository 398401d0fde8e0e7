import { globSync, readFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { openSealed, sealPart } from '../../src/privacy/flesh.ts';
import { inMemoryKeys } from '../../src/privacy/inMemoryKeys.ts';
import type { KeyStore } from '../../src/privacy/keys.ts';
import { masterKey, rightOf, second, takeMany } from './keyFiles.ts';

const place = { store: 'store', stream: 'program-1', eventId: 'event-1', type: 'message-sent' };
const damagedPart = E.left({ kind: 'damaged', what: 'sealed part of event event-1' });

const aPart = async () => {
  const keys = inMemoryKeys(masterKey);
  const [keyId = ''] = await takeMany(keys, 1);
  const sealed = await rightOf(() => sealPart(keys, keyId, place, { body: 'Hej' }));
  return { keys, keyId, sealed };
};

const flipped = (bytes: Buffer, at: number): Buffer =>
  Buffer.from(bytes.map((byte, index) => byte ^ (index === at ? 1 : 0)));

describe('a sealed part', () => {
  test('R242 is erased when its key was destroyed, and for no other reason', async () => {
    const { keys, keyId, sealed } = await aPart();
    const opening = (bytes: Uint8Array = sealed, at = place, by: KeyStore = keys) => openSealed(by, bytes, at);
    expect(await opening()).toEqual(E.right(Buffer.from('{"body":"Hej"}')));
    const broken = [
      await opening(flipped(sealed, sealed.length - 1)),
      await opening(flipped(sealed, 0)),
      await opening(sealed.subarray(0, -1)),
      await opening(new Uint8Array()),
      await opening(sealed, { ...place, stream: 'program-2' }),
    ];
    expect(broken).toEqual(broken.map(() => damagedPart));
    expect(await opening(sealed, place, inMemoryKeys(masterKey))).toEqual(
      E.left({ kind: 'damaged', what: `key ${keyId}` }),
    );
    await rightOf(keys.rewrap(second));
    expect(E.isRight(await opening())).toBe(true);
    await rightOf(keys.destroy(keyId));
    expect(await opening()).toEqual(E.left({ kind: 'erased' }));
    expect(await opening(flipped(sealed, sealed.length - 1))).toEqual(E.left({ kind: 'erased' }));
    expect(await sealPart(keys, keyId, place, { body: 'Hej' })).toEqual(E.left({ kind: 'erased' }));
    keys.close();
    expect(await opening()).toEqual(E.left({ kind: 'unavailable', what: 'keys', retry: false }));
  });
});

describe('encryption', () => {
  test('is made and opened in one file, each time with a tag of 16 bytes', () => {
    const files = globSync('src/**/*.ts').map((path) => ({ path, text: readFileSync(path, 'utf8') }));
    expect(files.length).toBeGreaterThan(100);
    const ciphers = files.filter(({ text }) => /\bcreate(C|Dec)ipher/.test(text));
    expect(ciphers.map(({ path }) => path)).toEqual(['src/privacy/encryption.ts']);
    const calls = ciphers[0]?.text.match(/= create(Cip|Decip)heriv\([^;]*;/g) ?? [];
    expect(calls.map((call) => call.includes('{ authTagLength: tagBytes }'))).toEqual([true, true]);
    expect(ciphers[0]?.text).toContain('const tagBytes = 16;');
  });
});
