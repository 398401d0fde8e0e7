import { readdirSync, readFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { canonicalJson, encode, fromStored } from '../../src/eventStore/codec.ts';
import { eventShapes, readEvent } from '../../src/eventStore/shapes.ts';
import { goldenFile, goldenFolder } from './goldenFile.ts';

const files = readdirSync(goldenFolder);
const read = (path: string): { body: string; digest: string } => JSON.parse(readFileSync(path, 'utf8'));

describe('the stored events', () => {
  test.each(Object.keys(eventShapes))('have a golden file of %s as it was first written', (type) => {
    expect(files).toContain(goldenFile(type, 1).slice(goldenFolder.length));
  });

  test.each(files)('R251 P11 are read as they were written: %s', (file) => {
    const { body, digest } = read(goldenFolder + file);
    const stored = fromStored(body, Buffer.from(digest, 'hex'), 1);
    if (E.isLeft(stored)) throw new Error(JSON.stringify(stored.left));
    const { position: _, ...first } = stored.right;
    expect(encode(first)).toEqual({ body, digest: Buffer.from(digest, 'hex') });
    const [type, version] = [stored.right.type, stored.right.version ?? 1];
    expect(goldenFolder + file).toBe(goldenFile(type, version));
    expect(readEvent(stored.right)._tag).toBe('Right');
  });

  test.each(files)('have a digest that a changed letter fails: %s', (file) => {
    const { body, digest } = read(goldenFolder + file);
    const changed = body.replace('"at":"2026', '"at":"2027');
    expect(changed).not.toBe(body);
    expect(fromStored(changed, Buffer.from(digest, 'hex'), 1)._tag).toBe('Left');
  });

  test('are canonical JSON (RFC 8785), so that the digest is the same wherever it is made', () => {
    for (const file of files) {
      const { body } = read(goldenFolder + file);
      expect(canonicalJson(JSON.parse(body))).toBe(body);
    }
  });
});
