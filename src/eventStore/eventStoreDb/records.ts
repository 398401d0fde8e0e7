import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Uuid } from '../../domain/identifiers.ts';
import { canonicalJson, digestOf, encode, toStored } from '../codec.ts';
import type { AuditSubject, Flesh, NewEvent, StoredEvent } from '../eventStore.ts';
import { isProgramStream, programIdOf } from '../streams.ts';
import { type Tidings, type Told, tidings } from '../tidings.ts';
import type { NewRecord, StoredRecord } from './cluster.ts';

/**
 * What lies in the streams of a cluster. An event of the log is a record of its own stream, its data the text that the leaf of the audit tree
 * is made of; its flesh is another record, in a stream that can be ended; and nodes tell one another what each must know in streams that
 * begin with `folja-`. Wrapped keys lie apart, in streams that no node follows.
 */

/** How the names of the streams begin that a node follows. */
export const followedPrefixes = ['program-', 'unit-', 'template-', 'access-', 'flesh-', 'folja-'] as const;

const logPrefixes = ['program-', 'unit-', 'template-', 'access-'];

/** True for a stream of the log itself. */
export const isLogStream = (stream: string): boolean => logPrefixes.some((prefix) => stream.startsWith(prefix));

/** The stream in which the flesh of another lies. */
export const fleshStream = (stream: string): string =>
  `flesh-${isProgramStream(stream) ? programIdOf(stream) : stream}`;

/** The stream of a year's audit subjects. */
export const subjectStream = (year: number): string => `folja-subjects-${year}`;

const version = 1;
const mark = { folja: version };

/** How an event was written: by which append, at which place in it, with which flesh. None of it is part of the event. */
export type Writing = {
  readonly folja: typeof version;
  /** Random id of the append, the same however often it is tried: tells two appends of the same events apart. */
  readonly attempt: Uuid;
  readonly at: number;
  readonly of: number;
  /** Digest of the record of its flesh, and the revision of that. */
  readonly flesh?: { readonly digest: string; readonly revision: number } | undefined;
  /** With `purged`: the key that is to be destroyed. */
  readonly erasure?: string | undefined;
};

const Writing = z.object({
  folja: z.literal(version),
  attempt: z.string(),
  at: z.int().nonnegative(),
  of: z.int().positive(),
  flesh: z.object({ digest: z.string(), revision: z.int().nonnegative() }).optional(),
  erasure: z.string().optional(),
});

/** An event as it came from the cluster. */
export type ArrivedEvent = {
  readonly stored: Omit<StoredEvent, 'position'>;
  readonly body: string;
  readonly digest: Buffer;
  readonly writing: Writing;
};

/** Flesh as it came: which event it belongs to, and the digest by which that names it. */
export type ArrivedFlesh = { readonly event: Uuid; readonly digest: string; readonly flesh: Flesh };

const Place = z.looseObject({ id: z.string(), type: z.string(), stream: z.string(), revision: z.int() });

/** The record of an event; `revision` is where it is to lie. */
export const eventRecord = (
  event: NewEvent,
  stream: string,
  revision: number,
  writing: Omit<Writing, 'folja'>,
): NewRecord => ({
  id: event.id,
  type: event.type,
  // By way of the text that its leaf is made of, so that what is read back is the same to the last sign.
  data: JSON.parse(encode(toStored(event, stream, revision)).body),
  metadata: { ...mark, ...writing },
});

/** The event of a record; undefined for what Folja did not write, or not there. */
export const eventIn = (record: StoredRecord): ArrivedEvent | undefined => {
  const writing = Writing.safeParse(record.metadata);
  const place = Place.safeParse(record.data);
  if (!writing.success || !place.success) return undefined;
  const { id, type, stream, revision } = place.data;
  if (id !== record.id || type !== record.type || stream !== record.stream || revision !== record.revision)
    return undefined;
  const stored = record.data as Omit<StoredEvent, 'position'>;
  return { stored, ...encode(stored), writing: writing.data as Writing };
};

const FleshData = z.object({
  event: z.string(),
  sealed: z.base64().optional(),
  mark: z.base64().optional(),
  tag: z.base64().optional(),
});

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64');

const fleshDigest = (data: unknown): string => digestOf(Buffer.from(canonicalJson(data), 'utf8'));

/** The record of an event's flesh, and the digest by which the event is to name it. */
export const fleshRecord = (event: Uuid, { sealed, mark: fingerprint, tag }: Flesh) => {
  const data = {
    event,
    ...(sealed === undefined ? {} : { sealed: textOf(sealed) }),
    ...(fingerprint === undefined ? {} : { mark: textOf(fingerprint) }),
    ...(tag === undefined ? {} : { tag: textOf(tag) }),
  };
  const record: NewRecord = { id: randomUUID(), type: 'flesh', data, metadata: mark };
  return { record, digest: fleshDigest(data) };
};

/** The flesh in a record; undefined where there is none. */
export const fleshIn = (record: StoredRecord): ArrivedFlesh | undefined => {
  const read = record.type === 'flesh' ? FleshData.safeParse(record.data) : undefined;
  if (!read?.success) return undefined;
  const { event, sealed, mark: fingerprint, tag } = read.data;
  const flesh: Flesh = {
    ...(sealed === undefined ? {} : { sealed: bytesOf(sealed) }),
    ...(fingerprint === undefined ? {} : { mark: bytesOf(fingerprint) }),
    ...(tag === undefined ? {} : { tag: bytesOf(tag) }),
  };
  return { event, digest: fleshDigest(record.data), flesh };
};

/** Something told, as it came. */
export type ArrivedTold = Told & { readonly id: Uuid; readonly revision: number; readonly commit: number };

const isTold = (type: string): type is Told['type'] => Object.hasOwn(tidings, type);

/** The record of something told, with an id of its own. */
export const toldRecord = ({ type, data }: Told): NewRecord => ({ id: randomUUID(), type, data, metadata: mark });

/** What a record tells; undefined for what is no tiding of Folja's. */
export const toldIn = ({ id, type, data, revision, place }: StoredRecord): ArrivedTold | undefined => {
  if (!isTold(type)) return undefined;
  const read = tidings[type].safeParse(data);
  return read.success
    ? ({ type, data: read.data, id, revision, commit: Number(place.commit) } as ArrivedTold)
    : undefined;
};

/** An audit subject, as it is told. */
export const subjectTold = ({ year, programId, person, sealed }: AuditSubject): Told => ({
  type: 'audit-subject',
  data: { year, programId, person: textOf(person), sealed: textOf(sealed) },
});

/** The audit subject that was told. */
export const toldSubject = ({ year, programId, person, sealed }: Tidings['audit-subject']): AuditSubject => ({
  year,
  programId,
  person: bytesOf(person),
  sealed: bytesOf(sealed),
});

/** A resident's new tag, as it is told; and the tag in it. */
export const tagTold = (event: Uuid, tag: Uint8Array): Told => ({
  type: 'resident-tagged',
  data: { event, tag: textOf(tag) },
});
export const toldTag = ({ tag }: Tidings['resident-tagged']): Buffer => bytesOf(tag);
