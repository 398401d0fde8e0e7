import type { Appended, ClusterFailure } from './cluster.ts';

/** What was thrown by the client, as far as it says what happened; none of its words go any further. */
type Said = {
  readonly type: string;
  readonly code: number | undefined;
  readonly message: string;
  readonly actual: unknown;
};

const textAt = (error: object, key: string): string => {
  const value: unknown = Reflect.get(error, key);
  return typeof value === 'string' ? value : '';
};

const said = (error: unknown): Said => {
  if (typeof error !== 'object' || error === null) return { type: '', code: undefined, message: '', actual: undefined };
  const code: unknown = Reflect.get(error, 'code');
  return {
    type: textAt(error, 'type'),
    code: typeof code === 'number' ? code : undefined,
    message: textAt(error, 'message'),
    actual: Reflect.get(error, 'actualVersion'),
  };
};

/** Codes of gRPC that say the same however often it is asked: INVALID_ARGUMENT, PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED. */
const lastingCodes: readonly (number | undefined)[] = [3, 7, 12, 16];
const lastingTypes = [
  'access-denied',
  'invalid-argument',
  'unsupported',
  'maximum-append-size-exceeded',
  'missing-required-metadata-property',
];
const isLasting = ({ type, code }: Said): boolean =>
  lastingTypes.includes(type) || (type !== 'not-leader' && lastingCodes.includes(code));

/** How a call ends that never left this process, or that a server turned away at the door (RpcExceptions.cs, grpc-js). */
const neverBegan = [
  'No connection established',
  'Channel closed before call started',
  'Server Is Not Ready',
  'Server Is Too Busy',
  'No leader info available',
  'Failed to discover',
];
const didNotBegin = ({ type, message }: Said): boolean =>
  type === 'not-leader' || neverBegan.some((words) => message.includes(words));

const gone: ClusterFailure = { kind: 'gone' };

/** It did not happen, and may another time. */
export const notNow: ClusterFailure = { kind: 'unavailable', retry: true };

/** It did not happen, and will not. */
export const notEver: ClusterFailure = { kind: 'unavailable', retry: false };

/** Whether a stream, or what else was asked for, is not there: no failure for most who ask. */
export const isMissing = (error: unknown): boolean => ['stream-not-found', 'no-stream'].includes(said(error).type);

/** Whether a group of consumers was there before. */
export const isThere = (error: unknown): boolean => said(error).type === 'persistent-subscription-exists';

/** What a call that changes nothing, or that may be made twice, came to. */
export const failureOf = (error: unknown): ClusterFailure => {
  const what = said(error);
  if (what.type === 'stream-deleted') return gone;
  return isLasting(what) ? notEver : notNow;
};

/** What an append came to that did not succeed: whatever is not known to have been refused is unknown. */
export const appendedOf = (error: unknown): Appended => {
  const what = said(error);
  if (what.type === 'wrong-expected-version') {
    return typeof what.actual === 'bigint'
      ? { kind: 'conflict', actual: Number(what.actual) }
      : { kind: 'conflict', actual: -1 };
  }
  if (what.type === 'stream-deleted') return gone;
  if (didNotBegin(what)) return notNow;
  return isLasting(what) ? notEver : { kind: 'unknown' };
};
