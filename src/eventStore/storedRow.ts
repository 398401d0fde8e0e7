import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Uuid } from '../domain/identifiers.ts';
import { digestOf, digitsOf, fromStored, hasDigest } from './codec.ts';
import type { Evidence, SealedPart, StoredEvent, StoreError } from './eventStore.ts';

/** An event as an embedded adapter keeps it: its text and digest, and the columns by which it is found. */
export type StoredRow = {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  /** The 16 bytes of the event's id. */
  readonly id: Buffer;
  readonly body: string;
  readonly digest: Uint8Array;
};

/** The same as SQLite reads it fastest: bytes as hexadecimal digits. */
export type TextRow = Omit<StoredRow, 'id' | 'digest'> & { readonly id: string; readonly digest: string };
type Row = StoredRow | TextRow;

const damaged = (what: string): E.Either<StoreError, never> => E.left({ kind: 'damaged', what });

/** Where an event says that it belongs, and what it says of its sealed part. */
type Placed = Pick<StoredEvent, 'id' | 'revision' | 'stream' | 'type'> & { readonly sealedDigest?: string | undefined };

/** The 16 bytes of a UUID; a text that is none gives fewer. */
export const uuidBytes = (id: Uuid): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

/** The UUID that 16 bytes stand for. */
export const uuidText = (bytes: Uint8Array): Uuid =>
  Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

const isAtItsPlace = (event: Placed, row: Row): boolean =>
  event.stream === row.stream && event.revision === row.revision && event.id.replaceAll('-', '') === digitsOf(row.id);

/** The event of a row; damaged when the row fails its digest, or lies elsewhere than its event says. */
export const eventOf = (row: Row): E.Either<StoreError, StoredEvent> =>
  pipe(
    fromStored(row.body, row.digest, row.position),
    E.flatMap((event) => (isAtItsPlace(event, row) ? E.right(event) : damaged(`event at position ${row.position}`))),
  );

/** The events of rows, in their order; damaged when one is. */
export const eventsOf = (rows: readonly Row[]): E.Either<StoreError, readonly StoredEvent[]> =>
  E.traverseArray(eventOf)(rows);

/** The events of rows that follow one another in a stream from a revision on; damaged when one is missing. */
export const streamOf = (
  rows: readonly Row[],
  stream: string,
  from: number,
): E.Either<StoreError, readonly StoredEvent[]> => {
  const gap = rows.findIndex((row, index) => row.revision !== from + index);
  return gap === -1 ? eventsOf(rows) : damaged(`stream ${stream} at revision ${from + gap}`);
};

/** The events of rows that follow one another in the global order after a position; damaged when one is missing. */
export const pageOf = (rows: readonly Row[], after: number): E.Either<StoreError, readonly StoredEvent[]> => {
  const gap = rows.findIndex((row, index) => row.position !== after + 1 + index);
  return gap === -1 ? eventsOf(rows) : damaged(`event at position ${after + 1 + gap}`);
};

/**
 * How the canonical text of an event with a sealed part ends: names are in the order of their letters (RFC 8785), so what an event holds of its
 * own comes before.
 */
const ending =
  /"id":"([0-9a-f-]{36})","policy":"[\w.-]*","revision":(\d+),"sealedDigest":"([0-9a-f]{64})","stream":"([\w.-]*)","type":"([\w-]*)"(?:,"version":\d+)?\}$/;
const longestEnding = 400;

/** What a text that has its digest says of its event's place and sealed part; read from its end alone, which is a fraction of the work. */
const endOf = (body: string): Placed | undefined => {
  const [, id, revision, sealedDigest, stream, type] = body.slice(-longestEnding).match(ending) ?? [];
  return id === undefined || stream === undefined || type === undefined
    ? undefined
    : { id, revision: Number(revision), stream, type, sealedDigest };
};

const placedOf = (row: Row): E.Either<StoreError, Placed> => {
  const end = hasDigest(row.body, row.digest) ? endOf(row.body) : undefined;
  return end !== undefined && isAtItsPlace(end, row) ? E.right(end) : eventOf(row);
};

/** The sealed part of a row's event, by position; damaged when the bytes are not those that the event names. */
export const sealedPartOf = (row: Row, sealed: Uint8Array): E.Either<StoreError, readonly [number, SealedPart]> => {
  const placed = placedOf(row);
  if (E.isLeft(placed)) return placed;
  const { stream, id, type, sealedDigest } = placed.right;
  return digestOf(sealed) === sealedDigest
    ? E.right([row.position, { sealed, stream, eventId: id, type }])
    : damaged(`flesh at position ${row.position}`);
};

const isBytes = (value: unknown): boolean => value instanceof Uint8Array;

/** SQLite reads what damage has made of a column, whatever the column was to hold. */
const hasItsTypes = ({ stream, revision, id, body, digest }: StoredRow, sealed: unknown): boolean =>
  typeof stream === 'string' &&
  typeof revision === 'number' &&
  typeof body === 'string' &&
  [id, digest, ...(sealed === undefined ? [] : [sealed])].every(isBytes);

/** A row as evidence: nothing about it checked but that it can be looked at. */
export const evidenceOf = (row: StoredRow, sealed: Uint8Array | undefined): E.Either<StoreError, Evidence> => {
  const { position, stream, revision, id, body, digest } = row;
  if (!hasItsTypes(row, sealed)) return damaged(`event at position ${position}`);
  const beside = sealed === undefined ? {} : { sealed };
  return E.right({ position, stream, revision, id: uuidText(id), body, digest, ...beside });
};
