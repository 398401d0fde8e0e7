import { randomUUID } from 'node:crypto';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/persistent_pb.js';
import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import * as E from 'fp-ts/lib/Either.js';
import { type Context, leaderElsewhere, perform } from './calls.ts';
import { failCall, runningFaults } from './following.ts';
import { addressOf, keyOf } from './groupCalls.ts';
import type { Joined, NackAction } from './groups.ts';
import type { LogRecord } from './rules.ts';
import { type RpcError, recordInto, rpcErrors, uuidText } from './wire.ts';

const { Action } = persistent.ReadReq.Nack;
const actions: ReadonlyMap<number, NackAction> = new Map([
  [Action.PARK, 'park'],
  [Action.SKIP, 'skip'],
  [Action.RETRY, 'retry'],
  [Action.UNKNOWN, 'retry'],
]);

const taskResponse = (record: LogRecord, retryCount: number): ReadResp => {
  const event = new persistent.ReadResp.ReadEvent();
  event.setEvent(recordInto(new persistent.ReadResp.ReadEvent.RecordedEvent(), record));
  event.setCommitPosition(`${record.position}`);
  event.setRetryCount(retryCount);
  const response = new persistent.ReadResp();
  response.setEvent(event);
  return response;
};

const confirmation = (): ReadResp => {
  const confirmed = new persistent.ReadResp.SubscriptionConfirmation();
  confirmed.setSubscriptionId(randomUUID());
  const response = new persistent.ReadResp();
  response.setSubscriptionConfirmation(confirmed);
  return response;
};

const settle = (joined: Joined, request: ReadReq): void => {
  const ack = request.getAck();
  const nack = request.getNack();
  if (ack) joined.ack(ack.getIdsList().map(uuidText));
  if (nack) joined.nack(nack.getIdsList().map(uuidText), actions.get(nack.getAction()) ?? 'skip');
};

type ConsumerCall = ServerDuplexStream<ReadReq, ReadResp>;

const consume = (context: Context, call: ConsumerCall, options: ReadReq.Options): E.Either<RpcError, Joined> => {
  const [stream, name] = addressOf(options);
  const group = context.cluster.groups.get(keyOf(stream, name));
  if (!group) return E.left(rpcErrors.groupMissing(stream, name));
  const drop = (): void => failCall(call, rpcErrors.groupDropped(stream, name));
  const faults = runningFaults(context, 'Consume', stream, {
    cut: () => context.cut(call.getPeer()),
    drop,
  });
  const unplanned = context.faults.onPlanned(() => faults.look());
  call.write(confirmation());
  const joined = group.join({
    capacity: options.getBufferSize(),
    send: (record, retryCount) => {
      const times = faults.timesToSend();
      for (let time = 0; time < times; time += 1) call.write(taskResponse(record, retryCount));
    },
    drop,
  });
  if (!joined) {
    unplanned();
    return E.left(rpcErrors.subscribersReached(stream, name));
  }
  const leave = (): void => {
    unplanned();
    joined.leave();
  };
  for (const event of ['cancelled', 'close', 'error', 'end'] as const) call.on(event, leave);
  faults.look();
  return E.right(joined);
};

/** Answers `Read` of a group: the options first, then what is done with each record. */
export const answerConsume =
  (context: Context) =>
  (call: ConsumerCall): void => {
    context.calls.Consume += 1;
    let joined: Joined | undefined;
    call.on('error', () => {});
    call.on('end', () => call.end());
    call.on('data', (request: ReadReq) => {
      const options = request.getOptions();
      if (!options) {
        if (joined) settle(joined, request);
        return;
      }
      const act = (): E.Either<RpcError, Joined> => {
        const elsewhere = leaderElsewhere(context, call, true);
        return elsewhere ? E.left(elsewhere) : consume(context, call, options);
      };
      perform(context, 'Consume', addressOf(options)[0], call, act, (result) => {
        if (E.isLeft(result)) failCall(call, result.left);
        else joined = result.right;
      });
    });
  };
