import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Uuid } from '../domain/identifiers.ts';
import { digestOf, fromStored } from './codec.ts';
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

const damaged = (what: string): E.Either<StoreError, never> => E.left({ kind: 'damaged', what });

/** The 16 bytes of a UUID; a text that is none gives fewer. */
export const uuidBytes = (id: Uuid): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

/** The UUID that 16 bytes stand for. */
export const uuidText = (bytes: Uint8Array): Uuid =>
  Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

const isAtItsPlace = (event: StoredEvent, row: StoredRow): boolean =>
  event.stream === row.stream && event.revision === row.revision && uuidBytes(event.id).equals(row.id);

/** The event of a row; damaged when the row fails its digest, or lies elsewhere than its event says. */
export const eventOf = (row: StoredRow): E.Either<StoreError, StoredEvent> =>
  pipe(
    fromStored(row.body, row.digest, row.position),
    E.flatMap((event) => (isAtItsPlace(event, row) ? E.right(event) : damaged(`event at position ${row.position}`))),
  );

/** The events of rows, in their order; damaged when one is. */
export const eventsOf = (rows: readonly StoredRow[]): E.Either<StoreError, readonly StoredEvent[]> =>
  E.traverseArray(eventOf)(rows);

/** The events of rows that follow one another in a stream from a revision on; damaged when one is missing. */
export const streamOf = (
  rows: readonly StoredRow[],
  stream: string,
  from: number,
): E.Either<StoreError, readonly StoredEvent[]> => {
  const gap = rows.findIndex((row, index) => row.revision !== from + index);
  return gap === -1 ? eventsOf(rows) : damaged(`stream ${stream} at revision ${from + gap}`);
};

/** The events of rows that follow one another in the global order after a position; damaged when one is missing. */
export const pageOf = (rows: readonly StoredRow[], after: number): E.Either<StoreError, readonly StoredEvent[]> => {
  const gap = rows.findIndex((row, index) => row.position !== after + 1 + index);
  return gap === -1 ? eventsOf(rows) : damaged(`event at position ${after + 1 + gap}`);
};

/** The sealed part of a row's event, by position; damaged when the bytes are not those that the event names. */
export const sealedPartOf = (row: StoredRow, sealed: Uint8Array): E.Either<StoreError, readonly [number, SealedPart]> =>
  pipe(
    eventOf(row),
    E.flatMap(({ stream, id, type, sealedDigest }) =>
      digestOf(sealed) === sealedDigest
        ? E.right([row.position, { sealed, stream, eventId: id, type }] as const)
        : damaged(`flesh at position ${row.position}`),
    ),
  );

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
