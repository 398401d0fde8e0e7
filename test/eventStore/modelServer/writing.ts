import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { AppendReq, AppendResp, DeleteReq, TombstoneReq } from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerReadableStream, ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import * as E from 'fp-ts/lib/Either.js';
import { type Context, leaderElsewhere, perform } from './calls.ts';
import type { Rpc } from './faults.ts';
import type { Written } from './log.ts';
import type { Expected, Proposed } from './rules.ts';
import { nameOf, type RpcError, revisionFrom, revisionText, rpcErrors, uuidText } from './wire.ts';

type ExpectedOptions = {
  readonly hasNoStream: () => boolean;
  readonly hasAny: () => boolean;
  readonly hasStreamExists: () => boolean;
  readonly hasRevision: () => boolean;
  readonly getRevision: () => string;
};

/** The expectation in the options of a request; undefined where there is none. */
export const expectedIn = (options: ExpectedOptions): Expected | undefined => {
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasAny()) return 'any';
  if (options.hasStreamExists()) return 'stream_exists';
  return options.hasRevision() ? revisionFrom(options.getRevision()) : undefined;
};

const EMPTY = '00000000-0000-0000-0000-000000000000';

type ProposedMessage = {
  readonly getId: AppendReq.ProposedMessage['getId'];
  readonly getMetadataMap: AppendReq.ProposedMessage['getMetadataMap'];
  readonly getData_asU8: () => Uint8Array;
  readonly getCustomMetadata_asU8: () => Uint8Array;
};

/** An event as it was sent, or why it cannot be taken. */
export const proposedIn = (message: ProposedMessage): E.Either<RpcError, Proposed> => {
  const metadata = message.getMetadataMap();
  const type = metadata.get('type');
  const contentType = metadata.get('content-type');
  if (type === undefined) return E.left(rpcErrors.metadataMissing('type'));
  if (contentType === undefined) return E.left(rpcErrors.metadataMissing('content-type'));
  const id = uuidText(message.getId());
  // The real server throws out of its service here, and the client sees no more than that.
  if (id === EMPTY || type === '') return E.left(rpcErrors.unknown('Exception was thrown by handler.'));
  return E.right({
    id,
    type,
    isJson: contentType === 'application/json',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  });
};

/** What the real server counts of events when it compares them with its limit: their data, and by a slip nothing else. */
export const sizeOf = (events: readonly Proposed[]): number => events.reduce((sum, { data }) => sum + data.length, 0);

const successOf = (written: Written & { kind: 'written' }): AppendResp => {
  const success = new streams.AppendResp.Success();
  if (written.last < 0) success.setNoStream(new shared.Empty());
  else success.setCurrentRevision(revisionText(written.last));
  if (written.position === undefined) success.setNoPosition(new shared.Empty());
  else {
    const position = new streams.AppendResp.Position();
    position.setCommitPosition(`${written.position}`);
    position.setPreparePosition(`${written.position}`);
    success.setPosition(position);
  }
  const response = new streams.AppendResp();
  response.setSuccess(success);
  return response;
};

const conflictOf = (expected: Expected, current: number): AppendResp => {
  const conflict = new streams.AppendResp.WrongExpectedVersion();
  const empty = new shared.Empty();
  if (expected === 'any') conflict.setExpectedAny(empty);
  else if (expected === 'stream_exists') conflict.setExpectedStreamExists(empty);
  else if (expected === 'no_stream') conflict.setExpectedNoStream(empty);
  else conflict.setExpectedRevision(revisionText(expected));
  if (current === -1) conflict.setCurrentNoStream(empty);
  else conflict.setCurrentRevision(revisionText(current));
  const response = new streams.AppendResp();
  response.setWrongExpectedVersion(conflict);
  return response;
};

const noExpectation = rpcErrors.invalid("'None' is not a valid ExpectedStreamRevisionOneofCase");

const commit = (
  context: Context,
  stream: string,
  expected: Expected | undefined,
  events: readonly Proposed[],
): E.Either<RpcError, AppendResp> => {
  if (expected === undefined) return E.left(noExpectation);
  if (stream === '') return E.left(rpcErrors.unknown('Exception was thrown by handler.'));
  const written = context.log.append(stream, expected, events);
  if (written.kind === 'deleted') return E.left(rpcErrors.streamDeleted(stream));
  return E.right(written.kind === 'written' ? successOf(written) : conflictOf(expected, written.current));
};

/** Answers `Append`: the options, then the events, one message each. */
export const answerAppend =
  (context: Context) =>
  (call: ServerReadableStream<AppendReq, AppendResp>, callback: sendUnaryData<AppendResp>): void => {
    context.calls.Append += 1;
    let stream = '';
    let expected: Expected | undefined;
    let refusal: RpcError | undefined;
    const events: Proposed[] = [];

    const take = (request: AppendReq): void => {
      const options = request.getOptions();
      const message = request.getProposedMessage();
      if (options) {
        stream = nameOf(options.getStreamIdentifier());
        expected = expectedIn(options);
      }
      if (!message) return;
      const event = proposedIn(message);
      if (E.isLeft(event)) refusal ??= event.left;
      else events.push(event.right);
      if (sizeOf(events) > context.maxAppendSize) refusal ??= rpcErrors.tooLarge(context.maxAppendSize);
    };
    const act = (): E.Either<RpcError, AppendResp> => {
      const refused = leaderElsewhere(context, call, false) ?? refusal;
      return refused ? E.left(refused) : commit(context, stream, expected, events);
    };

    call.on('data', take);
    call.on('error', () => {});
    call.on('end', () => {
      // A caller that gives up in the middle ends its side as well: it is told from one that is done by what comes right after.
      setImmediate(() => {
        if (call.cancelled) return;
        perform(context, 'Append', stream, call, act, (result) =>
          E.isLeft(result) ? callback(result.left) : callback(null, result.right),
        );
      });
    });
  };

const asVersion = (expected: Expected): number =>
  expected === 'any' ? -2 : expected === 'no_stream' ? -1 : expected === 'stream_exists' ? -4 : expected;

type RemoveOptions = ExpectedOptions & { readonly getStreamIdentifier: AppendReq.Options['getStreamIdentifier'] };
type RemoveResponse = { readonly setPosition: (position: never) => unknown };

const answerRemove =
  <Request extends DeleteReq | TombstoneReq, Response extends RemoveResponse>(
    context: Context,
    rpc: Rpc & ('Delete' | 'Tombstone'),
    respond: (position: number | undefined) => Response,
  ) =>
  (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    context.calls[rpc] += 1;
    const options: RemoveOptions | undefined = call.request.getOptions();
    const stream = nameOf(options?.getStreamIdentifier());
    const act = (): E.Either<RpcError, Response> => {
      const elsewhere = leaderElsewhere(context, call, false);
      const expected = options && expectedIn(options);
      if (elsewhere) return E.left(elsewhere);
      if (expected === undefined) return E.left(noExpectation);
      const written = context.log.remove(stream, expected, rpc === 'Tombstone');
      if (written.kind === 'deleted') return E.left(rpcErrors.streamDeleted(stream));
      if (written.kind === 'wrong')
        return E.left(rpcErrors.wrongExpectedVersion('Delete', stream, asVersion(expected), written.current));
      return E.right(respond(written.position));
    };
    perform(context, rpc, stream, call, act, (result) =>
      E.isLeft(result) ? callback(result.left) : callback(null, result.right),
    );
  };

/** Answers `Delete`: what was in the stream is hidden until somebody writes to it again. */
export const answerDelete = (context: Context) =>
  answerRemove(context, 'Delete', (position) => {
    const response = new streams.DeleteResp();
    const place = new streams.DeleteResp.Position();
    place.setCommitPosition(`${position ?? 0}`);
    place.setPreparePosition(`${position ?? 0}`);
    response.setPosition(place);
    return response;
  });

/** Answers `Tombstone`: the stream is gone for ever. */
export const answerTombstone = (context: Context) =>
  answerRemove(context, 'Tombstone', (position) => {
    const response = new streams.TombstoneResp();
    const place = new streams.TombstoneResp.Position();
    place.setCommitPosition(`${position ?? 0}`);
    place.setPreparePosition(`${position ?? 0}`);
    response.setPosition(place);
    return response;
  });
