import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import * as E from 'fp-ts/lib/Either.js';
import type { z } from 'zod';
import type { NewEvent, StoredEvent, StoreError } from './eventStore.ts';

/** An event's stored text and its digest. */
export type Encoded = { readonly body: string; readonly digest: Buffer };

/** SHA-256 of sealed bytes, hex: what the skeleton keeps of them. */
export const digestOf = (sealed: Uint8Array): string => hash('sha256', sealed);

/** The leaf hash of RFC 9162 over a stored text: SHA-256(0x00 ‖ text). */
export const leafDigest = (body: string): Buffer => hash('sha256', `\0${body}`, 'buffer');

/** Canonical JSON (RFC 8785). */
export const canonicalJson = (value: unknown): string => {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('a value that JSON cannot hold was about to be stored');
  return text;
};

/** The event as stored at a place, without its position and its flesh. */
export const toStored = (event: NewEvent, stream: string, revision: number): Omit<StoredEvent, 'position'> => {
  const { flesh, ...rest } = event;
  return {
    ...rest,
    stream,
    revision,
    ...(flesh?.sealed === undefined ? {} : { sealedDigest: digestOf(flesh.sealed) }),
  };
};

/** The bytes to keep for an event: its canonical JSON without the position, and the digest over them. */
export const encode = (event: Omit<StoredEvent, 'position'>): Encoded => {
  const body = canonicalJson(event);
  return { body, digest: leafDigest(body) };
};

const damaged = (position: number): StoreError => ({ kind: 'damaged', what: `event at position ${position}` });

/** Bytes as hexadecimal digits, where they are not digits already. */
export const digitsOf = (bytes: Uint8Array | string): string =>
  typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('hex');

/** True when a stored text has the digest that lies beside it. Digits are compared: buffers cost more than a short text. */
export const hasDigest = (body: string, digest: Uint8Array | string): boolean =>
  hash('sha256', `\0${body}`) === digitsOf(digest);

/** Stored bytes back into an event; damaged when they fail their digest. */
export const fromStored = (
  body: string,
  digest: Uint8Array | string,
  position: number,
): E.Either<StoreError, StoredEvent> => {
  if (!hasDigest(body, digest)) return E.left(damaged(position));
  return E.tryCatch(
    () => ({ ...(JSON.parse(body) as Omit<StoredEvent, 'position'>), position }),
    () => damaged(position),
  );
};

/** Two appends of the same event: all but when it was tried, and the sealed bytes, which are new each time. */
export const isSameEvent = (stored: StoredEvent, stream: string, event: NewEvent): boolean =>
  stored.stream === stream &&
  stored.type === event.type &&
  stored.cause.commandId === event.cause.commandId &&
  (stored.sealedDigest === undefined) === (event.flesh?.sealed === undefined) &&
  canonicalJson(stored.data) === canonicalJson(event.data);

/** The shapes that events have now, by type. */
export type Shapes = Readonly<Record<string, { readonly data: z.ZodType }>>;

/** Steps from one version of an event's data to the next, by type: the first turns version 1 into 2. */
export type Upcasters = Readonly<Record<string, readonly ((data: unknown) => unknown)[]>>;

/** What is stored may have been written by anybody: a type may be anything but a text. */
const ownEntry = <A>(record: Readonly<Record<string, A>>, name: unknown): A | undefined =>
  typeof name === 'string' && Object.hasOwn(record, name) ? record[name] : undefined;

/**
 * Reads a stored event in its newest shape: older data goes through the upcasters, then must fit the schema. The stored bytes and their
 * digest are those first written.
 */
export const upcast =
  (shapes: Shapes, upcasters: Upcasters) =>
  (event: StoredEvent): E.Either<StoreError, StoredEvent> => {
    const steps = (ownEntry(upcasters, event.type) ?? []).slice((event.version ?? 1) - 1);
    const parsed = ownEntry(shapes, event.type)?.data.safeParse(steps.reduce((data, step) => step(data), event.data));
    return parsed?.success ? E.right({ ...event, data: parsed.data }) : E.left(damaged(event.position));
  };
