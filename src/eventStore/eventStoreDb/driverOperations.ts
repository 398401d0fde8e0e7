import { randomUUID } from 'node:crypto';
import type * as Gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import type * as GossipWords from '@eventstore/db-client/generated/gossip_pb.js';
import type * as Operations from '@eventstore/db-client/generated/operations_grpc_pb.js';
import type * as OperationsWords from '@eventstore/db-client/generated/operations_pb.js';
import type * as Shared from '@eventstore/db-client/generated/shared_pb.js';
import * as E from 'fp-ts/lib/Either.js';
import type { Member, NewRecord, Scavenging, StoredRecord } from './cluster.ts';
import type { Connection } from './driver.ts';
import { type Outcome, persistently } from './driverCalls.ts';
import { notNow } from './driverErrors.ts';
import { appendWith, lastWith } from './driverStreams.ts';

type Answered<A> = (error: Error | null, answer: A) => void;

const answer = <A>(ask: (answered: Answered<A>) => unknown): Promise<A> =>
  new Promise((resolve, reject) => {
    ask((error, given) => (error === null ? resolve(given) : reject(error)));
  });

const memberOf = (info: GossipWords.MemberInfo, leader: number): Member | undefined => {
  const point = info.getHttpEndPoint();
  if (point === undefined) return undefined;
  return {
    host: point.getAddress(),
    port: point.getPort(),
    isAlive: info.getIsAlive(),
    isLeader: info.getState() === leader,
  };
};

/** Asks a server of the cluster which servers there are. */
export const membersWith = (connection: Connection): Promise<Outcome<readonly Member[]>> => {
  const { generated, inside, credentials } = connection;
  const { GossipClient } = generated('gossip_grpc_pb.js') as typeof Gossip;
  const { MemberInfo } = generated('gossip_pb.js') as typeof GossipWords;
  const { Empty } = generated('shared_pb.js') as typeof Shared;
  return persistently(connection, (deadline) => ({
    result: inside
      .execute(GossipClient, 'members', (stub) =>
        answer<GossipWords.ClusterInfo>((answered) =>
          stub.read(new Empty(), ...inside.callArguments({ ...credentials, deadline }), answered),
        ),
      )
      .then((info) =>
        E.right(info.getMembersList().flatMap((member) => memberOf(member, MemberInfo.VNodeState.LEADER) ?? [])),
      ),
  }));
};

const scavengeRequest = ({ StartScavengeReq }: typeof OperationsWords): OperationsWords.StartScavengeReq => {
  const options = new StartScavengeReq.Options();
  options.setThreadCount(1);
  options.setStartFromChunk(0);
  const request = new StartScavengeReq();
  request.setOptions(options);
  return request;
};

const pointOf = ({ host, port }: Member): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);

/** Begins a scavenge of one server. Another that runs already is not ours: it may have begun before what is to be removed was deleted. */
export const scavengeWith = (connection: Connection, member: Member): Promise<Outcome<string>> => {
  const { generated, inside, credentials, channelCredentials } = connection;
  const { OperationsClient } = generated('operations_grpc_pb.js') as typeof Operations;
  const words = generated('operations_pb.js') as typeof OperationsWords;
  return persistently(connection, (deadline) => {
    const stub = new OperationsClient(pointOf(member), channelCredentials);
    const begun = answer<OperationsWords.ScavengeResp>((answered) =>
      stub.startScavenge(scavengeRequest(words), ...inside.callArguments({ ...credentials, deadline }), answered),
    );
    const isOurs = (response: OperationsWords.ScavengeResp): boolean =>
      response.getScavengeResult() === words.ScavengeResp.ScavengeResult.STARTED;
    return {
      result: begun
        .then((response): Outcome<string> => (isOurs(response) ? E.right(response.getScavengeId()) : E.left(notNow)))
        .finally(() => stub.close()),
      giveUp: () => stub.close(),
    };
  });
};

const fieldOf = (data: unknown, name: string): unknown =>
  typeof data === 'object' && data !== null ? Reflect.get(data, name) : undefined;

/** Reads in a server's own record of a scavenge how it stands. */
export const scavengingWith = async (connection: Connection, scavengeId: string): Promise<Outcome<Scavenging>> => {
  const last = await lastWith(connection, `$scavenges-${scavengeId}`);
  if (E.isLeft(last)) return last;
  if (last.right?.type !== '$scavengeCompleted') return E.right('running');
  return E.right(fieldOf(last.right.data, 'result') === 'Success' ? 'done' : 'failed');
};

const done: Outcome<void> = E.right(undefined);
const asMany = 10;

const metadataWith = (known: StoredRecord | undefined, before: number): NewRecord => ({
  id: randomUUID(),
  type: '$metadata',
  data: { ...(typeof known?.data === 'object' ? known.data : {}), $tb: before },
  metadata: {},
});

/** One attempt; undefined where somebody else has said something of the stream meanwhile. */
const truncateOnce = async (
  connection: Connection,
  stream: string,
  before: number,
): Promise<Outcome<void> | undefined> => {
  const metastream = `$$${stream}`;
  const known = await lastWith(connection, metastream);
  if (E.isLeft(known)) return known;
  const present = fieldOf(known.right?.data, '$tb');
  if (typeof present === 'number' && present >= before) return done;
  const expected = known.right?.revision ?? -1;
  const appended = await appendWith(connection, metastream, expected, [metadataWith(known.right, before)]);
  if (appended.kind === 'committed') return done;
  if (appended.kind === 'conflict') return undefined;
  return E.left(appended.kind === 'unknown' ? notNow : appended);
};

/** Lets the next scavenge remove the beginning of a stream; what else is said of the stream stays, and no beginning comes back. */
export const truncateWith = async (connection: Connection, stream: string, before: number): Promise<Outcome<void>> => {
  for (let tried = 0; tried < asMany; tried += 1) {
    const outcome = await truncateOnce(connection, stream, before);
    if (outcome !== undefined) return outcome;
  }
  return E.left(notNow);
};
