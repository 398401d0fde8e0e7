import { readdirSync, readFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { canonicalJson, encode, fromStored } from '../../src/eventStore/codec.ts';
import type { StoredEvent } from '../../src/eventStore/eventStore.ts';
import { type EventType, eventShapes, readEvent, versionOf } from '../../src/eventStore/shapes.ts';
import { goldenFile, goldenFolder } from './goldenFile.ts';

const files = readdirSync(goldenFolder);
const read = (path: string): { body: string; digest: string } => JSON.parse(readFileSync(path, 'utf8'));

/** Every event type, in each version that has ever been written. */
const versions = Object.keys(eventShapes).flatMap((type) =>
  Array.from({ length: versionOf(type) ?? 1 }, (_, index) => [type, index + 1] as const),
);
const older = versions.filter(([type, version]) => version < (versionOf(type) ?? 1));

const storedIn = (path: string): StoredEvent => {
  const { body, digest } = read(path);
  const stored = fromStored(body, Buffer.from(digest, 'hex'), 1);
  if (E.isLeft(stored)) throw new Error(JSON.stringify(stored.left));
  return stored.right;
};
const newest = (event: StoredEvent): StoredEvent => {
  const now = readEvent(event);
  if (E.isLeft(now)) throw new Error(JSON.stringify(now.left));
  return now.right;
};

describe('the stored events', () => {
  test.each(versions)('have a golden file of %s in version %i', (type, version) => {
    expect(files).toContain(goldenFile(type, version).slice(goldenFolder.length));
  });

  test('have no golden file of a version that is not written yet', () => {
    const known = versions.map(([type, version]) => goldenFile(type, version).slice(goldenFolder.length));
    expect(files.toSorted()).toEqual(known.toSorted());
  });

  test.each(files)('R251 P11 are read as they were written: %s', (file) => {
    const { body, digest } = read(goldenFolder + file);
    const stored = storedIn(goldenFolder + file);
    const { position: _, ...first } = stored;
    expect(encode(first)).toEqual({ body, digest: Buffer.from(digest, 'hex') });
    expect(goldenFolder + file).toBe(goldenFile(stored.type, stored.version ?? 1));
    expect(eventShapes[stored.type as EventType].data.parse(newest(stored).data)).toEqual(newest(stored).data);
  });

  test.each(older)('of an older version are read in their newest shape: %s of version %i', (type, version) => {
    const stored = storedIn(goldenFile(type, version));
    const now = newest(stored);
    expect(eventShapes[type as EventType].data.safeParse(stored.data).success).toBe(false);
    expect(now).toEqual({ ...stored, data: now.data });
    expect(newest({ ...now, version: versionOf(type) ?? 1 }).data).toEqual(now.data);
  });

  test('D7 tell of every message whether the resident is told outside the program, since version 2', () => {
    const first = storedIn(goldenFile('message-sent', 1));
    expect(newest(first).data).toEqual({ ...(first.data as object), notifyInbox: false });
    const byClinician = { ...first, data: { ...(first.data as object), notifyInbox: true } };
    expect(newest(byClinician).data).toMatchObject({ notifyInbox: true });
    expect(versionOf('message-sent')).toBe(2);
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
