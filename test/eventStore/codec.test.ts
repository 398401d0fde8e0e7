import { createHash } from 'node:crypto';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  canonicalJson,
  encode,
  fromStored,
  isSameEvent,
  type Shapes,
  toStored,
  type Upcasters,
  upcast,
} from '../../src/eventStore/codec.ts';
import type { NewEvent, StoredEvent } from '../../src/eventStore/eventStore.ts';
import { anEvent } from './events.ts';

const id = '018f4c1e-7b2a-8c3d-9e4f-0123456789ab';

/** An event that never changes, so that its bytes can be written down. */
const known: NewEvent = {
  id,
  type: 'message-sent',
  at: '2026-03-02T08:15:30.123Z',
  data: { conversationId: id, from: 'resident', number: 3 },
  by: { kind: 'staff', hsaId: 'SE2321000016-1003', role: 'clinician', unitId: 'SE2321000016-39KJ', unitRevision: 4 },
  cause: { commandId: id, correlationId: id, causationId: id, command: 'reply' },
  policy: 'skane-1',
  flesh: { sealed: Buffer.from('sealed'), mark: Buffer.from('mark'), tag: Buffer.from('tag') },
};

const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => canonicalJson(value) !== 'null');

const event: fc.Arbitrary<NewEvent> = fc
  .record({
    id: fc.uuid(),
    type: fc.stringMatching(/^[a-z]{1,12}(-[a-z]{1,12})?$/),
    data: json,
    version: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    sealed: fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined }),
  })
  .map(({ version, sealed, ...rest }) =>
    anEvent({
      ...rest,
      ...(version === undefined ? {} : { version }),
      ...(sealed === undefined ? {} : { flesh: { sealed } }),
    }),
  );

const rightOf = <A>(result: E.Either<unknown, A>): A => {
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left));
  return result.right;
};

describe('a stored event', () => {
  test('P11 survives being stored: for any event, what is read is what was written', () => {
    fc.assert(
      fc.property(event, fc.nat(), fc.integer({ min: 1 }), (given, revision, position) => {
        const stored = toStored(given, 'program-a', revision);
        const { body, digest } = encode(stored);
        expect(rightOf(fromStored(body, digest, position))).toEqual(
          JSON.parse(JSON.stringify({ ...stored, position })),
        );
        expect(isSameEvent(rightOf(fromStored(body, digest, position)), 'program-a', given)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('P11 with any one bit flipped in text or digest is damaged', () => {
    fc.assert(
      fc.property(event, fc.nat(), fc.integer({ min: 0, max: 7 }), fc.boolean(), (given, place, bit, inBody) => {
        const { body, digest } = encode(toStored(given, 'program-a', 0));
        const bytes = inBody ? Buffer.from(body) : Buffer.from(digest);
        bytes[place % bytes.length] = (bytes[place % bytes.length] ?? 0) ^ (1 << bit);
        const read = inBody ? fromStored(bytes.toString(), digest, 7) : fromStored(body, bytes, 7);
        expect(read).toEqual(E.left({ kind: 'damaged', what: 'event at position 7' }));
      }),
      { numRuns: 1_000 },
    );
  });

  test('R251 has these bytes and this digest, on every machine and for ever', () => {
    const { body, digest } = encode(toStored(known, 'program-a', 2));
    expect(body).toBe(
      `{"at":"2026-03-02T08:15:30.123Z","by":{"hsaId":"SE2321000016-1003","kind":"staff","role":"clinician",` +
        `"unitId":"SE2321000016-39KJ","unitRevision":4},"cause":{"causationId":"${id}","command":"reply",` +
        `"commandId":"${id}","correlationId":"${id}"},"data":{"conversationId":"${id}","from":"resident","number":3},` +
        `"id":"${id}","policy":"skane-1","revision":2,` +
        `"sealedDigest":"${createHash('sha256').update('sealed').digest('hex')}","stream":"program-a","type":"message-sent"}`,
    );
    expect(digest.toString('hex')).toBe('12cf542a25f6ef44c0ad3c0e518ce79bbb39a92464f7f73117fa43ed4b99d3bb');
    expect(digest).toEqual(createHash('sha256').update('\0').update(body).digest());
  });

  test('has the same digest wherever it lies in the global order', () => {
    const { body, digest } = encode(toStored(known, 'program-a', 2));
    expect(rightOf(fromStored(body, digest, 1))).toEqual({ ...rightOf(fromStored(body, digest, 900)), position: 1 });
  });

  test('holds nothing of its flesh but the digest of the sealed part', () => {
    const { body } = encode(toStored(known, 'program-a', 0));
    expect(Object.keys(JSON.parse(body)).sort()).toEqual(
      ['at', 'by', 'cause', 'data', 'id', 'policy', 'revision', 'sealedDigest', 'stream', 'type'].sort(),
    );
  });

  test.each([undefined, () => 1, Symbol('x'), Number.NaN, Infinity, '\ud800', 1n])('is not made of %s', (data) => {
    expect(() => canonicalJson(data)).toThrow();
  });
});

const shapes: Shapes = {
  'unit-changed': { data: z.strictObject({ name: z.string(), kind: z.enum(['bmm', 'bvc', 'none']) }) },
};
const upcasters: Upcasters = {
  'unit-changed': [
    (data) => ({ title: (data as { label: string }).label }),
    (data) => ({ name: (data as { title: string }).title, kind: 'none' }),
  ],
};

const storedWith = (given: Partial<NewEvent>): StoredEvent & { readonly digest: Buffer } => {
  const { body, digest } = encode(toStored(anEvent(given), 'unit-a', 0));
  return { ...rightOf(fromStored(body, digest, 5)), digest };
};

describe('an upcast event', () => {
  const newest = upcast(shapes, upcasters);

  test.each([
    [undefined, { label: 'Amning' }, { name: 'Amning', kind: 'none' }],
    [1, { label: 'Amning' }, { name: 'Amning', kind: 'none' }],
    [2, { title: 'Amning' }, { name: 'Amning', kind: 'none' }],
    [3, { name: 'Amning', kind: 'bmm' }, { name: 'Amning', kind: 'bmm' }],
  ])('of version %s has the newest shape', (version, old, data) => {
    const stored = storedWith({ type: 'unit-changed', data: old, ...(version === undefined ? {} : { version }) });
    expect(rightOf(newest(stored))).toEqual({ ...stored, data });
  });

  test('keeps the bytes and the digest first written', () => {
    const { digest, ...stored } = storedWith({ type: 'unit-changed', data: { label: 'Amning' } });
    const read = rightOf(newest(stored));
    const { position, ...first } = stored;
    expect(read.data).not.toEqual(first.data);
    expect(encode(first).digest).toEqual(digest);
  });

  test.each([
    ['of an unknown type', { type: 'unit-moved', data: {} }],
    ['whose type is a name that every object has', { type: 'constructor', data: {} }],
    ['whose type is the name of a prototype', { type: '__proto__', data: {} }],
    ['that lacks a field', { type: 'unit-changed', version: 3, data: { name: 'Amning' } }],
    ['with a field too many', { type: 'unit-changed', version: 3, data: { name: 'A', kind: 'bmm', more: 1 } }],
    ['with a value that its schema refuses', { type: 'unit-changed', version: 3, data: { name: 'A', kind: 'other' } }],
  ])('P11 %s is damaged, never served', (_, given) => {
    expect(newest(storedWith(given))).toEqual(E.left({ kind: 'damaged', what: 'event at position 5' }));
  });
});

describe('the same event', () => {
  const stored = storedWith({ ...known });

  test.each([
    ['tried at another time', { ...known, at: '2027-01-01T00:00:00.000Z' }, 'unit-a', true],
    [
      'with its data in another order',
      { ...known, data: { number: 3, from: 'resident', conversationId: id } },
      'unit-a',
      true,
    ],
    ['sealed anew', { ...known, flesh: { sealed: Buffer.from('anew') } }, 'unit-a', true],
    ['in another stream', known, 'unit-b', false],
    ['with other data', { ...known, data: { conversationId: id, from: 'staff', number: 3 } }, 'unit-a', false],
    ['of another type', { ...known, type: 'comment-made' }, 'unit-a', false],
    ['without its flesh', { ...known, flesh: {} }, 'unit-a', false],
  ])('%s is told: %#', (_, again, stream, same) => {
    expect(isSameEvent(stored, stream, again)).toBe(same);
  });
});
