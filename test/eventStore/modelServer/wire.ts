import type { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { status as codes, Metadata } from '@grpc/grpc-js';
import { type LogRecord, TOMBSTONE } from './rules.ts';

/** How a call fails: a status, and the trailers by which clients tell one error from another. */
export type RpcError = { readonly code: number; readonly details: string; readonly metadata: Metadata };

const rpcError = (code: number, details: string, trailers: Readonly<Record<string, string>> = {}): RpcError => {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  return { code, details, metadata };
};

/** The errors of EventStoreDB (`RpcExceptions`), word for word. */
export const rpcErrors = {
  timeout: (why: string) => rpcError(codes.ABORTED, `Operation timed out: ${why}`),
  notReady: () => rpcError(codes.UNAVAILABLE, 'Server Is Not Ready'),
  noLeaderKnown: () => rpcError(codes.UNKNOWN, 'No leader info available in response'),
  notLeader: (host: string, port: number) =>
    rpcError(codes.NOT_FOUND, 'Leader info available', {
      exception: 'not-leader',
      'leader-endpoint-host': host,
      'leader-endpoint-port': `${port}`,
    }),
  accessDenied: () => rpcError(codes.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' }),
  streamDeleted: (stream: string) =>
    rpcError(codes.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
      exception: 'stream-deleted',
      'stream-name': stream,
    }),
  wrongExpectedVersion: (operation: string, stream: string, expected: number, actual: number) =>
    rpcError(
      codes.FAILED_PRECONDITION,
      `${operation} failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`,
      {
        exception: 'wrong-expected-version',
        'stream-name': stream,
        'expected-version': `${expected}`,
        'actual-version': `${actual}`,
      },
    ),
  tooLarge: (limit: number) =>
    rpcError(codes.INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, {
      exception: 'maximum-append-size-exceeded',
      'maximum-append-size': `${limit}`,
    }),
  metadataMissing: (property: string) =>
    rpcError(codes.INVALID_ARGUMENT, `Required Metadata Property '${property}' is missing`, {
      exception: 'missing-required-metadata-property',
      'required-metadata-properties': 'type,content-type',
    }),
  scavengeNotFound: (scavengeId: string) =>
    rpcError(codes.NOT_FOUND, 'Scavenge id was invalid.', {
      exception: 'scavenge-not-found',
      'scavenge-id': scavengeId,
    }),
  groupMissing: (stream: string, group: string) =>
    rpcError(codes.NOT_FOUND, `Subscription group ${group} on stream ${stream} does not exist.`, {
      exception: 'persistent-subscription-does-not-exist',
      'stream-name': stream,
      'group-name': group,
    }),
  groupExists: (stream: string, group: string) =>
    rpcError(codes.ALREADY_EXISTS, `Subscription group ${group} on stream ${stream} exists.`, {
      exception: 'persistent-subscription-exists',
      'stream-name': stream,
      'group-name': group,
    }),
  groupDropped: (stream: string, group: string) =>
    rpcError(codes.CANCELLED, `Subscription group ${group} on stream ${stream} was dropped.`, {
      exception: 'persistent-subscription-dropped',
      'stream-name': stream,
      'group-name': group,
    }),
  subscribersReached: (stream: string, group: string) =>
    rpcError(
      codes.FAILED_PRECONDITION,
      `Maximum subscriptions reached for subscription group ${group} on stream ${stream}.`,
      {
        exception: 'maximum-subscribers-reached',
        'stream-name': stream,
        'group-name': group,
      },
    ),
  invalid: (what: string) => rpcError(codes.INVALID_ARGUMENT, what),
  unknown: (what: string) => rpcError(codes.UNKNOWN, what),
} as const;

/** The name in a stream identifier. */
export const nameOf = (identifier: StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');

/** A stream identifier with a name. */
export const identifierOf = (name: string): StreamIdentifier => {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(name, 'utf8').toString('base64'));
  return identifier;
};

const hex = (bits: string): string => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0');

/** The text of a UUID, however it was sent. */
export const uuidText = (uuid: UUID | undefined): string => {
  const structured = uuid?.getStructured();
  if (!structured) return uuid?.getString() ?? '';
  const digits = `${hex(`${structured.getMostSignificantBits()}`)}${hex(`${structured.getLeastSignificantBits()}`)}`;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

/** A UUID as text. */
export const uuidOf = (id: string): UUID => {
  const uuid = new shared.UUID();
  uuid.setString(id);
  return uuid;
};

/** A revision as it goes over the wire: that of a tombstone is the largest there is. */
export const revisionText = (revision: number): string =>
  revision === TOMBSTONE ? '9223372036854775807' : `${revision}`;

/** A revision or a number as it came over the wire. */
export const revisionFrom = (text: string): number => {
  const value = Number(text);
  return value > TOMBSTONE ? TOMBSTONE : value;
};

type RecordedEvent = {
  readonly setId: (id: UUID) => unknown;
  readonly setStreamIdentifier: (identifier: StreamIdentifier) => unknown;
  readonly setStreamRevision: (revision: string) => unknown;
  readonly setCommitPosition: (position: string) => unknown;
  readonly setPreparePosition: (position: string) => unknown;
  readonly setData: (data: Uint8Array) => unknown;
  readonly setCustomMetadata: (data: Uint8Array) => unknown;
  readonly getMetadataMap: () => { readonly set: (key: string, value: string) => unknown };
};

/** Writes a record into a message of one of the services. */
export const recordInto = <M extends RecordedEvent>(message: M, record: LogRecord): M => {
  const position = `${record.position}`;
  message.setId(uuidOf(record.id));
  message.setStreamIdentifier(identifierOf(record.stream));
  message.setStreamRevision(revisionText(record.revision));
  message.setCommitPosition(position);
  message.setPreparePosition(position);
  message.setData(record.data);
  message.setCustomMetadata(record.metadata);
  const metadata = message.getMetadataMap();
  metadata.set('type', record.type);
  metadata.set('created', record.created);
  metadata.set('content-type', record.isJson ? 'application/json' : 'application/octet-stream');
  return message;
};
