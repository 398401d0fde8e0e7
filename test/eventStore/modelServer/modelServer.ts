import { createServer, type Socket } from 'node:net';
import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import operations from '@eventstore/db-client/generated/operations_grpc_pb.js';
import persistent from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { answerBatchAppend } from './batching.ts';
import type { Context } from './calls.ts';
import { type Member, type ModelCluster, modelCluster } from './cluster.ts';
import { answerFeatures, answerGossip } from './clusterCalls.ts';
import { answerConsume } from './consuming.ts';
import { createFaults, type Faults, type Rpc, rpcs } from './faults.ts';
import {
  answerCreate,
  answerDeleteGroup,
  answerInfo,
  answerList,
  answerReplayParked,
  answerUpdate,
} from './groupCalls.ts';
import { answerScavenges } from './operating.ts';
import { answerRead } from './reading.ts';
import { answerAppend, answerDelete, answerTombstone } from './writing.ts';

/** How a model server is to be. */
export type ModelServerOptions = {
  /** 0, or nothing: the system chooses. */
  readonly port?: number;
  /** The cluster that it joins; a cluster of its own unless one is given. */
  readonly cluster?: ModelCluster;
  readonly maxAppendSize?: number;
  readonly faults?: Faults;
};

/** A server that speaks EventStoreDB's protocol, over a log in memory. */
export type ModelServer = {
  readonly port: number;
  readonly connection: string;
  readonly cluster: ModelCluster;
  readonly log: ModelCluster['log'];
  /** How often each thing was asked for; a test may set it back. */
  readonly calls: Record<Rpc, number>;
  readonly faults: Faults;
  /** Mistakes of the model itself: a test ends by looking that there are none. */
  readonly errors: readonly unknown[];
  /** Cuts all connections now; new ones are taken. */
  readonly cutAll: () => void;
  readonly close: () => Promise<void>;
};

const HOST = '127.0.0.1';
const MIB = 1024 * 1024;

const addServices = (server: Server, context: Context): void => {
  server.addService(streams.StreamsService, {
    read: answerRead(context),
    append: answerAppend(context),
    delete: answerDelete(context),
    tombstone: answerTombstone(context),
    batchAppend: answerBatchAppend(context),
  });
  server.addService(persistent.PersistentSubscriptionsService, {
    create: answerCreate(context),
    update: answerUpdate(context),
    delete: answerDeleteGroup(context),
    read: answerConsume(context),
    getInfo: answerInfo(context),
    list: answerList(context),
    replayParked: answerReplayParked(context),
  });
  server.addService(operations.OperationsService, answerScavenges(context));
  server.addService(gossip.GossipService, { read: answerGossip(context) });
  server.addService(features.ServerFeaturesService, { getSupportedMethods: answerFeatures(context) });
};

/** Starts a model server on the loopback interface. */
export const modelServer = async (options: ModelServerOptions = {}): Promise<ModelServer> => {
  const { cluster = modelCluster(), faults = createFaults(), maxAppendSize = MIB } = options;
  const calls = Object.fromEntries(rpcs.map((rpc) => [rpc, 0])) as Record<Rpc, number>;
  const errors: unknown[] = [];
  const sockets = new Map<string, Socket>();
  const timers = new Set<NodeJS.Timeout>();
  let self: Member = { id: '', host: HOST, port: 0, isAlive: true };

  const server = new Server({ 'grpc.max_receive_message_length': 17 * MIB });
  addServices(server, {
    log: cluster.log,
    cluster,
    self: () => self,
    faults,
    calls,
    maxAppendSize,
    cut: (peer) => sockets.get(peer)?.destroy(),
    later: (ms, run) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        run();
      }, ms);
      timers.add(timer);
    },
    mistake: (error) => errors.push(error),
  });

  // The connections are taken here and handed over, so that one of them can be cut as a network does.
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = createServer((socket) => {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    socket.setNoDelay(true);
    sockets.set(peer, socket);
    socket.on('close', () => sockets.delete(peer));
    socket.on('error', () => {});
    injector.injectConnection(socket);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(options.port ?? 0, HOST, resolve);
  });
  const address = listener.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  self = cluster.join(HOST, port);

  const cutAll = (): void => {
    for (const socket of sockets.values()) socket.destroy();
  };
  const close = async (): Promise<void> => {
    self.isAlive = false;
    for (const timer of timers) clearTimeout(timer);
    const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
    cutAll();
    server.forceShutdown();
    await closed;
  };
  return {
    port,
    connection: `esdb://${HOST}:${port}?tls=false`,
    cluster,
    log: cluster.log,
    calls,
    faults,
    errors,
    cutAll,
    close,
  };
};
