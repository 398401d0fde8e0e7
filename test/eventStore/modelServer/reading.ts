import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import * as E from 'fp-ts/lib/Either.js';
import { type Context, leaderElsewhere, perform } from './calls.ts';
import { eventResponse, failCall, followAll, followStream, outletOf, type SubscriptionCall } from './following.ts';
import { type Place, pageForwards, readBackwards, wantedBy } from './paging.ts';
import { identifierOf, nameOf, type RpcError, revisionFrom, rpcErrors } from './wire.ts';

const ALL = '$all';
// How many records the server looks at before a checkpoint, where the client does not say.
const WINDOW = 32;

const notFound = (stream: string): ReadResp => {
  const missing = new streams.ReadResp.StreamNotFound();
  missing.setStreamIdentifier(identifierOf(stream));
  const response = new streams.ReadResp();
  response.setStreamNotFound(missing);
  return response;
};

const placeOf = (position: ReadReq.Options.Position): Place => ({
  commit: Number(position.getCommitPosition()),
  prepare: Number(position.getPreparePosition()),
});

const placeIn = (all: ReadReq.Options.AllOptions): Place | 'end' | undefined => {
  const position = all.getPosition();
  if (position) return placeOf(position);
  return all.hasEnd() ? 'end' : undefined;
};

const revisionIn = (options: ReadReq.Options.StreamOptions): number | 'end' | undefined => {
  if (options.hasRevision()) return revisionFrom(options.getRevision());
  return options.hasEnd() ? 'end' : undefined;
};

const isBackwards = (options: ReadReq.Options): boolean =>
  options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;

const positionResponse = (kind: 'first' | 'last', revision: number): ReadResp => {
  const response = new streams.ReadResp();
  if (kind === 'first') response.setFirstStreamPosition(`${revision}`);
  else response.setLastStreamPosition(`${revision}`);
  return response;
};

const readStream = (
  context: Context,
  options: ReadReq.Options,
  of: ReadReq.Options.StreamOptions,
): E.Either<RpcError, readonly ReadResp[]> => {
  const stream = nameOf(of.getStreamIdentifier());
  const from = revisionIn(of);
  const backwards = isBackwards(options);
  const max = Number(options.getCount());
  if (from === 'end' && !backwards) return E.left(rpcErrors.unknown('Unexpected ReadStreamResult: Error'));
  const read = context.log.readStream(stream, from ?? 0, backwards ? -1 : 1, max);
  if (read.kind === 'deleted') return E.left(rpcErrors.streamDeleted(stream));
  if (read.kind === 'missing') return E.right([notFound(stream)]);
  const events = read.records.map(eventResponse);
  if ((options.getControlOption()?.getCompatibility() ?? 0) < 1) return E.right(events);
  const first = events.length === 0 && !backwards && from !== read.first ? [positionResponse('first', read.first)] : [];
  return E.right([...first, ...events, positionResponse('last', read.last)]);
};

const readAll = (
  context: Context,
  options: ReadReq.Options,
  all: ReadReq.Options.AllOptions,
): E.Either<RpcError, readonly ReadResp[]> => {
  const { log } = context;
  const wanted = wantedBy(options.getFilter());
  const max = Number(options.getCount());
  const result = options.hasFilter() ? 'FilteredReadAllResult' : 'ReadAllResult';
  const end: Place = { commit: log.end(), prepare: log.end() };
  const given = placeIn(all);
  const from = given === 'end' ? end : (given ?? { commit: 0, prepare: 0 });
  if (!log.isPlace(from.commit)) return E.left(rpcErrors.unknown(`Unexpected ${result}: Error`));
  const records = isBackwards(options)
    ? readBackwards(log.records(), from, max, wanted)
    : pageForwards(log.records(), from, max, Number.MAX_SAFE_INTEGER, wanted).records;
  return E.right(records.map(eventResponse));
};

const readOnce = (context: Context, options: ReadReq.Options): E.Either<RpcError, readonly ReadResp[]> => {
  const of = options.getStream();
  const all = options.getAll();
  if (of) return readStream(context, options, of);
  return all ? readAll(context, options, all) : E.right([]);
};

const subscribe = (context: Context, options: ReadReq.Options, call: SubscriptionCall): Promise<void> => {
  const of = options.getStream();
  const all = options.getAll();
  if (of) {
    const stream = nameOf(of.getStreamIdentifier());
    return followStream(context, outletOf(context, stream, call), stream, revisionIn(of));
  }
  const filter = options.getFilter();
  const window = filter?.hasMax() ? filter.getMax() : WINDOW;
  return followAll(context, outletOf(context, ALL, call), {
    after: all && placeIn(all),
    isWanted: wantedBy(filter),
    window: filter ? window : Number.MAX_SAFE_INTEGER,
    checkpointEvery: filter ? window * filter.getCheckpointintervalmultiplier() : undefined,
  });
};

const sendAll = async (call: SubscriptionCall, responses: readonly ReadResp[]): Promise<void> => {
  for (const response of responses) {
    if (call.cancelled) return;
    if (!call.write(response)) await new Promise<void>((resolve) => call.once('drain', resolve));
  }
  call.end();
};

/** Answers `Read`: a stream or everything, forwards or backwards, or as a subscription. */
export const answerRead =
  (context: Context) =>
  (call: SubscriptionCall): void => {
    const options = call.request.getOptions();
    const all = options?.getAll();
    const of = options?.getStream();
    const rpc = options?.hasSubscription() ? 'Subscribe' : 'Read';
    const stream = of ? nameOf(of.getStreamIdentifier()) : ALL;
    context.calls[rpc] += 1;
    call.on('error', () => {});
    const act = (): E.Either<RpcError, readonly ReadResp[] | undefined> => {
      const elsewhere = leaderElsewhere(context, call, false);
      if (elsewhere) return E.left(elsewhere);
      if (!options || (!all && !of)) return E.left(rpcErrors.invalid("'None' is not a valid StreamOptionOneofCase"));
      return rpc === 'Subscribe' ? E.right(undefined) : readOnce(context, options);
    };
    perform(context, rpc, stream, call, act, (result) => {
      if (E.isLeft(result)) failCall(call, result.left);
      else if (result.right) sendAll(call, result.right).catch(context.mistake);
      else if (options) subscribe(context, options, call).catch(context.mistake);
    });
  };
