import type {
  CreateReq,
  CreateResp,
  DeleteReq,
  DeleteResp,
  GetInfoReq,
  GetInfoResp,
  ListReq,
  ListResp,
  ReplayParkedReq,
  ReplayParkedResp,
  SubscriptionInfo,
  UpdateReq,
  UpdateResp,
} from '@eventstore/db-client/generated/persistent_pb.js';
import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import type { StreamIdentifier } from '@eventstore/db-client/generated/shared_pb.js';
import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import * as E from 'fp-ts/lib/Either.js';
import { type Context, leaderElsewhere, perform } from './calls.ts';
import type { Rpc } from './faults.ts';
import { createGroup, type Group, type GroupSettings } from './groups.ts';
import { wantedBy } from './paging.ts';
import { nameOf, type RpcError, rpcErrors } from './wire.ts';

const ALL = '$all';

/** The name under which a cluster keeps a group. */
export const keyOf = (stream: string, group: string): string => `${stream}::${group}`;

type Addressed = {
  readonly getStreamIdentifier: () => StreamIdentifier | undefined;
  readonly hasAll: () => boolean;
  readonly getGroupName: () => string;
};

/** The stream and the group that a request is about. */
export const addressOf = (options: Addressed | undefined): readonly [stream: string, group: string] => [
  options?.hasAll() ? ALL : nameOf(options?.getStreamIdentifier()),
  options?.getGroupName() ?? '',
];

const TICKS = 10_000;

const settingsOf = (settings: CreateReq.Settings | UpdateReq.Settings | undefined): GroupSettings => ({
  messageTimeout: settings?.hasMessageTimeoutMs()
    ? settings.getMessageTimeoutMs()
    : Number(settings?.getMessageTimeoutTicks() ?? 0) / TICKS,
  maxRetryCount: settings?.getMaxRetryCount() ?? 0,
  maxSubscriberCount: settings?.getMaxSubscriberCount() ?? 0,
  minCheckpointCount: settings?.getMinCheckpointCount() ?? 0,
  maxCheckpointCount: settings?.getMaxCheckpointCount() ?? 0,
  checkpointAfter: settings?.hasCheckpointAfterMs()
    ? settings.getCheckpointAfterMs()
    : Number(settings?.getCheckpointAfterTicks() ?? 0) / TICKS,
});

// Of these a server that does not lead says only that it is not ready, and not who is.
const asksOnly: readonly Rpc[] = ['GroupInfo', 'ListGroups'];

const answer =
  <Request, Response>(
    context: Context,
    rpc: Rpc,
    addressIn: (request: Request) => readonly [stream: string, group: string],
    act: (request: Request, stream: string, group: string) => E.Either<RpcError, Response>,
  ) =>
  (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    context.calls[rpc] += 1;
    const [stream, group] = addressIn(call.request);
    perform(
      context,
      rpc,
      stream,
      call,
      () => {
        const elsewhere = leaderElsewhere(context, call, true);
        if (!elsewhere) return act(call.request, stream, group);
        return E.left(asksOnly.includes(rpc) ? rpcErrors.notReady() : elsewhere);
      },
      (result) => (E.isLeft(result) ? callback(result.left) : callback(null, result.right)),
    );
  };

const found = <T>(context: Context, stream: string, name: string, act: (group: Group) => T): E.Either<RpcError, T> => {
  const group = context.cluster.groups.get(keyOf(stream, name));
  return group ? E.right(act(group)) : E.left(rpcErrors.groupMissing(stream, name));
};

const startOf = (context: Context, all: CreateReq.AllOptions | UpdateReq.AllOptions | undefined): number => {
  const position = all?.getPosition();
  if (position) return Number(position.getCommitPosition());
  return all?.hasEnd() ? context.log.end() : 0;
};

/** Answers `Create`: a group over everything that a filter lets through, or over a stream. */
export const answerCreate = (context: Context) =>
  answer<CreateReq, CreateResp>(
    context,
    'CreateGroup',
    (request) => {
      const options = request.getOptions();
      const stream = options?.hasAll() ? ALL : nameOf(options?.getStream()?.getStreamIdentifier());
      return [stream, options?.getGroupName() ?? ''];
    },
    (request, stream, name) => {
      const { groups } = context.cluster;
      if (groups.has(keyOf(stream, name))) return E.left(rpcErrors.groupExists(stream, name));
      const options = request.getOptions();
      const all = options?.getAll();
      const isWanted = all ? wantedBy(all.getFilter()) : (record: { stream: string }) => record.stream === stream;
      const isAtEnd = options?.getStream()?.hasEnd() ?? false;
      const from = isAtEnd ? context.log.end() : startOf(context, all);
      const settings = settingsOf(options?.getSettings());
      groups.set(keyOf(stream, name), createGroup(context.log, name, from, isWanted, settings, stream));
      return E.right(new persistent.CreateResp());
    },
  );

/** Answers `Update`: other settings, another beginning; all consumers lose their connection. */
export const answerUpdate = (context: Context) =>
  answer<UpdateReq, UpdateResp>(
    context,
    'UpdateGroup',
    (request) => {
      const options = request.getOptions();
      const stream = options?.hasAll() ? ALL : nameOf(options?.getStream()?.getStreamIdentifier());
      return [stream, options?.getGroupName() ?? ''];
    },
    (request, stream, name) =>
      found(context, stream, name, (group) => {
        const all = request.getOptions()?.getAll();
        group.update(settingsOf(request.getOptions()?.getSettings()), all && startOf(context, all));
        return new persistent.UpdateResp();
      }),
  );

/** Answers `Delete`: the group is no more. */
export const answerDeleteGroup = (context: Context) =>
  answer<DeleteReq, DeleteResp>(
    context,
    'DeleteGroup',
    (request) => addressOf(request.getOptions()),
    (_request, stream, name) =>
      found(context, stream, name, (group) => {
        context.cluster.groups.delete(keyOf(stream, name));
        group.end();
        return new persistent.DeleteResp();
      }),
  );

const infoOf = (group: Group): SubscriptionInfo => {
  const { settings, consumers, outstanding, retries, checkpoint } = group.state();
  const info = new persistent.SubscriptionInfo();
  info.setEventSource(group.stream);
  info.setGroupName(group.name);
  info.setStatus('Live');
  info.setConnectionsList(Array.from({ length: consumers }, () => new persistent.SubscriptionInfo.ConnectionInfo()));
  info.setStartFrom('C:0/P:0');
  info.setMessageTimeoutMilliseconds(settings.messageTimeout);
  info.setMaxRetryCount(settings.maxRetryCount);
  info.setMinCheckPointCount(settings.minCheckpointCount);
  info.setMaxCheckPointCount(settings.maxCheckpointCount);
  info.setCheckPointAfterMilliseconds(settings.checkpointAfter);
  info.setMaxSubscriberCount(settings.maxSubscriberCount);
  info.setOutstandingMessagesCount(outstanding);
  info.setTotalInFlightMessages(outstanding);
  info.setRetryBufferCount(retries);
  info.setNamedConsumerStrategy('RoundRobin');
  info.setLastCheckpointedEventPosition(`C:${checkpoint}/P:${checkpoint}`);
  info.setParkedMessageCount(`${group.parked.length}`);
  return info;
};

/** Answers `GetInfo`: how a group stands. */
export const answerInfo = (context: Context) =>
  answer<GetInfoReq, GetInfoResp>(
    context,
    'GroupInfo',
    (request) => addressOf(request.getOptions()),
    (_request, stream, name) =>
      found(context, stream, name, (group) => {
        const response = new persistent.GetInfoResp();
        response.setSubscriptionInfo(infoOf(group));
        return response;
      }),
  );

/** Answers `List`: which groups there are, of all or of one stream. */
export const answerList = (context: Context) =>
  answer<ListReq, ListResp>(
    context,
    'ListGroups',
    (request) => {
      const of = request.getOptions()?.getListForStream();
      return [of?.hasAll() ? ALL : nameOf(of?.getStream()), ''];
    },
    (request, stream) => {
      const isWanted = request.getOptions()?.hasListAllSubscriptions() ?? false;
      const groups = [...context.cluster.groups.values()].filter((group) => isWanted || group.stream === stream);
      if (groups.length === 0) return E.left(rpcErrors.groupMissing(stream, ''));
      const response = new persistent.ListResp();
      response.setSubscriptionsList(groups.map(infoOf));
      return E.right(response);
    },
  );

/** Answers `ReplayParked`: what was parked is sent again. */
export const answerReplayParked = (context: Context) =>
  answer<ReplayParkedReq, ReplayParkedResp>(
    context,
    'ReplayParked',
    (request) => addressOf(request.getOptions()),
    (_request, stream, name) =>
      found(context, stream, name, (group) => {
        group.replayParked();
        return new persistent.ReplayParkedResp();
      }),
  );
