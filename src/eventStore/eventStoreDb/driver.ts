import { createRequire } from 'node:module';
import type { EventStoreDBClient } from '@eventstore/db-client';
import type * as Grpc from '@grpc/grpc-js';
import { setUpError } from '../setUpError.ts';
import { type Credentials, type Target, targetIn } from './connectionString.ts';

/** The client's package, as it is loaded. */
type Driver = typeof import('@eventstore/db-client');

/** How a gRPC client of a service is made: the generated ones of the package are. */
type StubMaker<Stub> = new (
  address: string,
  credentials: Grpc.ChannelCredentials,
  options?: Partial<Grpc.ClientOptions>,
) => Stub;

/** What the client does inside, where it has no setting for what is needed: version 6.2.1, and no other. */
type Inside = {
  createChannel: () => Promise<Grpc.Channel>;
  createGRPCClient: <Stub>(Maker: StubMaker<Stub>) => Promise<Stub>;
  handleError: (stub: unknown, error: Error) => Promise<void>;
  supports: (method: { readonly path: string }) => Promise<boolean>;
  readonly getChannel: () => Promise<Grpc.Channel>;
  readonly resolveUri: () => Promise<string>;
  readonly execute: <Stub, Answer>(
    Maker: StubMaker<Stub>,
    name: string,
    action: (stub: Stub) => Promise<Answer>,
  ) => Promise<Answer>;
  readonly callArguments: (options: CallOptions) => [Grpc.Metadata, Grpc.CallOptions];
};

/** What each call says about itself. */
type CallOptions = {
  readonly credentials?: Credentials;
  readonly requiresLeader?: boolean;
  /** In milliseconds. */
  readonly deadline?: number;
};

/** An open connection to a cluster, with what the client leaves to its user: deadlines, and an end. */
export type Connection = {
  readonly driver: Driver;
  readonly client: EventStoreDBClient;
  /** Loads a file that the client's package generated from the protocol. */
  readonly generated: (file: string) => unknown;
  readonly inside: Pick<Inside, 'getChannel' | 'execute' | 'callArguments'>;
  /** Credentials for a call, always given: they keep the client from its batches of appends. */
  readonly credentials: Pick<CallOptions, 'credentials'>;
  readonly channelCredentials: Grpc.ChannelCredentials;
  /** How long a call may take, in milliseconds. */
  readonly deadline: number;
  /** What is under way, and is to end when the connection does. */
  readonly underWay: Set<() => void>;
  readonly isClosed: () => boolean;
  readonly close: () => Promise<void>;
};

const packageName = '@eventstore/db-client';
const missing = (): Error =>
  setUpError(`To keep events in EventStoreDB, install its client: npm install ${packageName}@6.2.1`);

const anything = /^/;
const wholeNumber = /^-?\d+$/;

/** What an error has to say for the client to read it: without it the client throws where nobody can catch. */
const needs: { readonly [exception: string]: { readonly [trailer: string]: RegExp } } = {
  'not-leader': { 'leader-endpoint-host': anything, 'leader-endpoint-port': /^\d+$/ },
  'stream-deleted': { 'stream-name': anything },
  'wrong-expected-version': {
    'stream-name': anything,
    'expected-version': wholeNumber,
    'actual-version': /^(-?\d+)?$/,
  },
  'maximum-append-size-exceeded': { 'maximum-append-size': wholeNumber },
  'missing-required-metadata-property': { 'required-metadata-properties': anything },
  'scavenge-not-found': { 'scavenge-id': anything },
  'user-not-found': { 'login-name': anything },
  'user-conflict': { 'login-name': anything },
};

/** An answer as the client can read it: an error that lacks what belongs to it becomes a lost connection. */
const readable = (grpc: typeof Grpc, status: Grpc.StatusObject): Grpc.StatusObject => {
  const [exception] = status.metadata.get('exception');
  const isWhole = Object.entries(needs[String(exception)] ?? {}).every(([trailer, form]) => {
    const [value] = status.metadata.get(trailer);
    return value === undefined ? trailer === 'actual-version' : form.test(String(value));
  });
  if (isWhole) return status;
  const metadata = status.metadata.clone();
  metadata.remove('exception');
  return { ...status, code: grpc.status.UNAVAILABLE, metadata };
};

const interceptorFor =
  (grpc: typeof Grpc): Grpc.Interceptor =>
  (options, next) =>
    new grpc.InterceptingCall(next(options), {
      start: (metadata, _listener, start) =>
        start(metadata, { onReceiveStatus: (status, receive) => receive(readable(grpc, status)) }),
    });

/** The largest answer that a server may give: what the client itself allows. */
const largestMessage = 17 * 1024 * 1024;

const channelOptions = ({ keepAlive }: Target): Grpc.ChannelOptions => ({
  'grpc.keepalive_time_ms': keepAlive.interval,
  'grpc.keepalive_timeout_ms': keepAlive.timeout,
  'grpc.max_receive_message_length': largestMessage,
});

type Parts = Pick<Connection, 'channelCredentials' | 'isClosed'> & {
  readonly grpc: typeof Grpc;
  readonly inside: Inside;
  readonly target: Target;
};

/** What the client has no setting for. Returns the channels that it opens from now on. */
const settle = ({ inside, grpc, channelCredentials, isClosed, target }: Parts): ReadonlySet<Grpc.Channel> => {
  const channels = new Set<Grpc.Channel>();
  inside.createChannel = async () => {
    const channel = new grpc.Channel(await inside.resolveUri(), channelCredentials, channelOptions(target));
    for (const known of channels) {
      if (known.getConnectivityState(false) === grpc.connectivityState.SHUTDOWN) channels.delete(known);
    }
    channels.add(channel);
    if (isClosed()) channel.close();
    return channel;
  };
  inside.createGRPCClient = async (Maker) =>
    new Maker('', channelCredentials, {
      channelOverride: await inside.getChannel(),
      interceptors: [interceptorFor(grpc)],
    });
  // The client waits for nothing of this; where no server is found meanwhile it would end the process.
  const { handleError } = inside;
  inside.handleError = (stub, error) => handleError(stub, error).catch(() => undefined);
  // The client asks once what a server knows, without a deadline, and keeps a failure for ever. All since 21.10 know what is used here.
  inside.supports = async ({ path }) => !path.endsWith('/BatchAppend');
  return channels;
};

/** How long what is under way may take to end when the connection does. */
const closingTime = 1000;

const loaded = async (): Promise<{ readonly driver: Driver; readonly require: NodeJS.Require }> => {
  try {
    const driver = await import('@eventstore/db-client');
    return { driver, require: createRequire(createRequire(import.meta.url).resolve(packageName)) };
  } catch {
    throw missing();
  }
};

const credentialsOf = (grpc: typeof Grpc, { tls }: Target): Grpc.ChannelCredentials =>
  tls === undefined
    ? grpc.credentials.createInsecure()
    : grpc.credentials.createSsl(tls.root ?? null, tls.key ?? null, tls.certificate ?? null);

const clientFor = (driver: Driver, target: Target): EventStoreDBClient => {
  try {
    return driver.EventStoreDBClient.connectionString(target.address);
  } catch {
    throw setUpError('The hosts or the options of the connection string are not what EventStoreDB understands.');
  }
};

const insideOf = (client: EventStoreDBClient): Inside => {
  const inside = client as unknown as Inside;
  const parts = [inside.createChannel, inside.createGRPCClient, inside.handleError, inside.supports];
  if (parts.some((part) => typeof part !== 'function')) throw missing();
  return inside;
};

/** Opens a connection; nothing is sent before the first call. Throws, in a sentence, for a wrong set-up only. */
export const openConnection = async (connection: string, deadline: number): Promise<Connection> => {
  const target = targetIn(connection);
  const { driver, require } = await loaded();
  const client = clientFor(driver, target);
  const inside = insideOf(client);
  const grpc: typeof Grpc = require('@grpc/grpc-js');
  const channelCredentials = credentialsOf(grpc, target);
  const underWay = new Set<() => void>();
  let closing: Promise<void> | undefined;
  const isClosed = (): boolean => closing !== undefined;
  const channels = settle({ inside, grpc, channelCredentials, isClosed, target });
  const close = async (): Promise<void> => {
    for (const end of [...underWay]) end();
    const late = new Promise<void>((resolve) => setTimeout(resolve, closingTime).unref());
    await Promise.race([client.dispose().catch(() => undefined), late]);
    for (const channel of channels) channel.close();
  };
  return {
    ...{ driver, client, inside, channelCredentials, deadline, underWay, isClosed },
    generated: (file) => require(`${packageName}/generated/${file}`),
    credentials: target.credentials === undefined ? {} : { credentials: target.credentials },
    close: () => {
      closing ??= Promise.resolve().then(close);
      return closing;
    },
  };
};
