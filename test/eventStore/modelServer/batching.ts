import shared from '@eventstore/db-client/generated/shared_pb.js';
import statuses from '@eventstore/db-client/generated/status_pb.js';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import * as E from 'fp-ts/lib/Either.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empties from 'google-protobuf/google/protobuf/empty_pb.js';
import { type Context, leaderElsewhere, perform } from './calls.ts';
import { failCall } from './following.ts';
import type { Written } from './log.ts';
import type { Expected, Proposed } from './rules.ts';
import { identifierOf, nameOf, type RpcError, revisionText, uuidText } from './wire.ts';
import { expectedIn, proposedIn, sizeOf } from './writing.ts';

type BatchCall = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;
type Pending = { readonly stream: string; readonly expected: Expected; readonly events: Proposed[] };

// The codes of google.rpc.Code that the server uses.
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const INVALID_ARGUMENT = 3;
const DEADLINE_EXCEEDED = 4;

const failed = (
  code: number,
  name: string,
  details: { readonly serializeBinary: () => Uint8Array },
): BatchAppendResp => {
  const packed = new any.Any();
  packed.pack(details.serializeBinary(), `event_store.client.${name}`);
  const status = new statuses.Status();
  status.setCode(code);
  status.setMessage(name);
  status.setDetails(packed);
  const response = new streams.BatchAppendResp();
  response.setError(status);
  return response;
};

const conflict = (expected: Expected, current: number): BatchAppendResp => {
  const details = new shared.WrongExpectedVersion();
  const empty = new empties.Empty();
  if (current === -1) details.setCurrentNoStream(empty);
  else details.setCurrentStreamRevision(revisionText(current));
  if (expected === 'any') details.setExpectedAny(empty);
  else if (expected === 'stream_exists') details.setExpectedStreamExists(empty);
  else if (expected === 'no_stream') details.setExpectedNoStream(empty);
  else details.setExpectedStreamPosition(revisionText(expected));
  return failed(ALREADY_EXISTS, 'WrongExpectedVersion', details);
};

const responseTo = ({ stream, expected }: Pending, written: Written): BatchAppendResp => {
  if (written.kind === 'wrong') return conflict(expected, written.current);
  if (written.kind === 'deleted') {
    const details = new shared.StreamDeleted();
    details.setStreamIdentifier(identifierOf(stream));
    return failed(NOT_FOUND, 'StreamDeleted', details);
  }
  const success = new streams.BatchAppendResp.Success();
  if (written.last < 0) success.setNoStream(new empties.Empty());
  else success.setCurrentRevision(revisionText(written.last));
  if (written.position === undefined) success.setNoPosition(new empties.Empty());
  else {
    const position = new shared.AllStreamPosition();
    position.setCommitPosition(`${written.position}`);
    position.setPreparePosition(`${written.position}`);
    success.setPosition(position);
  }
  const response = new streams.BatchAppendResp();
  response.setSuccess(success);
  return response;
};

const pendingOf = (options: BatchAppendReq.Options): Pending => ({
  stream: nameOf(options.getStreamIdentifier()),
  expected:
    expectedIn({
      hasNoStream: () => options.hasNoStream(),
      hasAny: () => options.hasAny(),
      hasStreamExists: () => options.hasStreamExists(),
      hasRevision: () => options.hasStreamPosition(),
      getRevision: () => options.getStreamPosition(),
    }) ?? 'any',
  events: [],
});

// The client says when, by its own clock, it will have given up.
const isTooLate = (options: BatchAppendReq.Options): boolean =>
  (options.getDeadline()?.toDate().getTime() ?? Number.POSITIVE_INFINITY) <= Date.now();

const commit = (context: Context, call: BatchCall, pending: Pending): E.Either<RpcError, BatchAppendResp> => {
  const elsewhere = leaderElsewhere(context, call, false);
  if (elsewhere) return E.left(elsewhere);
  return E.right(responseTo(pending, context.log.append(pending.stream, pending.expected, pending.events)));
};

const addEvents = (append: Pending, request: BatchAppendReq): void => {
  for (const message of request.getProposedMessagesList()) {
    const event = proposedIn(message);
    if (E.isRight(event)) append.events.push(event.right);
  }
};

const refusalOf = (context: Context, append: Pending, options: BatchAppendReq.Options | undefined) => {
  if (options && isTooLate(options)) return failed(DEADLINE_EXCEEDED, 'Timeout', new shared.Timeout());
  if (sizeOf(append.events) <= context.maxAppendSize) return undefined;
  const details = new shared.MaximumAppendSizeExceeded();
  details.setMaxappendsize(context.maxAppendSize);
  return failed(INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', details);
};

/** Answers `BatchAppend`: many appends over one call, each with its own id. */
export const answerBatchAppend =
  (context: Context) =>
  (call: BatchCall): void => {
    const pending = new Map<string, Pending>();
    const begin = (id: string, options: BatchAppendReq.Options): Pending => {
      context.calls.BatchAppend += 1;
      const begun = pendingOf(options);
      pending.set(id, begun);
      return begun;
    };
    const take = (request: BatchAppendReq): void => {
      const id = uuidText(request.getCorrelationId());
      const options = request.getOptions();
      const append = options ? begin(id, options) : pending.get(id);
      if (!append) return;
      const send = (response: BatchAppendResp): void => {
        pending.delete(id);
        response.setCorrelationId(request.getCorrelationId());
        response.setStreamIdentifier(identifierOf(append.stream));
        call.write(response);
      };
      addEvents(append, request);
      const refusal = refusalOf(context, append, options);
      const act = () => commit(context, call, append);
      const answer = E.match((error: RpcError) => failCall(call, error), send);
      if (refusal) send(refusal);
      else if (request.getIsFinal()) perform(context, 'BatchAppend', append.stream, call, act, answer);
    };
    call.on('error', () => {});
    call.on('end', () => call.end());
    call.on('data', take);
  };
