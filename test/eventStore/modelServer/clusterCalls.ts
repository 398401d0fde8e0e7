import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import * as E from 'fp-ts/lib/Either.js';
import { type Context, perform } from './calls.ts';
import { uuidOf } from './wire.ts';

const methods: readonly (readonly [service: string, names: readonly string[], features: readonly string[]])[] = [
  ['event_store.client.streams.streams', ['append', 'delete', 'tombstone'], []],
  ['event_store.client.streams.streams', ['read'], ['position', 'events']],
  ['event_store.client.streams.streams', ['batchappend'], ['deadline_duration']],
  [
    'event_store.client.persistent_subscriptions.persistentsubscriptions',
    ['create', 'update', 'delete', 'read', 'getinfo', 'replayparked', 'list', 'restartsubsystem'],
    ['stream', 'all'],
  ],
  ['event_store.client.gossip.gossip', ['read'], []],
  ['event_store.client.operations.operations', ['startscavenge', 'stopscavenge'], []],
  ['event_store.client.server_features.serverfeatures', ['getsupportedmethods'], []],
];

const supportedMethods = (): SupportedMethods => {
  const supported = new features.SupportedMethods();
  supported.setEventStoreServerVersion('23.10.7');
  for (const [service, names, of] of methods)
    for (const name of names) {
      const method = new features.SupportedMethod();
      method.setServiceName(service);
      method.setMethodName(name);
      method.setFeaturesList([...of]);
      supported.addMethods(method);
    }
  return supported;
};

const clusterInfo = (context: Context): ClusterInfo => {
  const { VNodeState } = gossip.MemberInfo;
  const leader = context.cluster.leader();
  const info = new gossip.ClusterInfo();
  for (const member of context.cluster.members) {
    const endpoint = new gossip.EndPoint();
    endpoint.setAddress(member.host);
    endpoint.setPort(member.port);
    const entry = new gossip.MemberInfo();
    entry.setInstanceId(uuidOf(member.id));
    entry.setTimeStamp('0');
    entry.setIsAlive(member.isAlive);
    entry.setState(member === leader ? VNodeState.LEADER : leader ? VNodeState.FOLLOWER : VNodeState.UNKNOWN);
    entry.setHttpEndPoint(endpoint);
    info.addMembers(entry);
  }
  return info;
};

const answerPlainly =
  <T>(context: Context, rpc: 'Gossip' | 'Features', give: () => T) =>
  (call: ServerUnaryCall<Empty, T>, callback: sendUnaryData<T>): void => {
    context.calls[rpc] += 1;
    perform(
      context,
      rpc,
      '',
      call,
      () => E.right(give()),
      (result) => (E.isLeft(result) ? callback(result.left) : callback(null, result.right)),
    );
  };

/** Answers which servers there are. */
export const answerGossip = (context: Context) => answerPlainly(context, 'Gossip', () => clusterInfo(context));

/** Answers what the server can do. */
export const answerFeatures = (context: Context) => answerPlainly(context, 'Features', supportedMethods);
