import { randomUUID } from 'node:crypto';
import type { ScavengeResp, StartScavengeReq, StopScavengeReq } from '@eventstore/db-client/generated/operations_pb.js';
import operations from '@eventstore/db-client/generated/operations_pb.js';
import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import * as E from 'fp-ts/lib/Either.js';
import { type Context, perform } from './calls.ts';
import { type RpcError, rpcErrors } from './wire.ts';

const { ScavengeResult } = operations.ScavengeResp;

const responseOf = (id: string, result: 0 | 1 | 2): ScavengeResp => {
  const response = new operations.ScavengeResp();
  response.setScavengeId(id);
  response.setScavengeResult(result);
  return response;
};

/** Answers what is asked of a server about its own disk: one scavenge at a time. */
export const answerScavenges = (context: Context) => {
  let current: string | undefined;
  const node = (): string => `${context.self().host}:${context.self().port}`;
  const write = (stream: string, type: string, data: unknown): void => {
    const event = {
      id: randomUUID(),
      type,
      isJson: true,
      data: Buffer.from(JSON.stringify(data)),
      metadata: Buffer.alloc(0),
    };
    context.log.append(stream, 'any', [event]);
  };
  const end = (id: string, result: string): void => {
    if (current !== id) return;
    current = undefined;
    const spaceSaved = result === 'Success' ? context.log.scavenge() : 0;
    const chunks = { chunkStartNumber: 0, chunkEndNumber: 0, wasScavenged: true, spaceSaved, errorMessage: '' };
    if (result === 'Success')
      write(`$scavenges-${id}`, '$scavengeChunksCompleted', { scavengeId: id, nodeEndpoint: node(), ...chunks });
    const error = result === 'Success' ? null : 'The model was told to.';
    write(`$scavenges-${id}`, '$scavengeCompleted', {
      scavengeId: id,
      nodeEndpoint: node(),
      result,
      error,
      timeTaken: '00:00:00.0010000',
      spaceSaved,
      maxChunkScavenged: 0,
    });
  };

  const begin = (): E.Either<RpcError, ScavengeResp> => {
    if (current !== undefined) return E.right(responseOf(current, ScavengeResult.INPROGRESS));
    const id = randomUUID();
    current = id;
    const fault = context.faults.ofScavenge();
    if (fault) context.faults.note('StartScavenge', '', fault);
    // The answer comes before anything of it can be read.
    context.later(1, () => {
      write(`$$$scavenges-${id}`, '$metadata', {
        $maxAge: 2_592_000,
        $acl: { $r: '$ops', $w: [], $d: [], $mr: [], $mw: [] },
      });
      write(`$scavenges-${id}`, '$scavengeStarted', { scavengeId: id, nodeEndpoint: node() });
      write('$scavengePoints', '$scavengePoint', {});
      if (fault?.kind === 'scavenge-goes-on') return;
      context.later(1, () => end(id, fault?.kind === 'scavenge-ends' ? fault.result : 'Success'));
    });
    return E.right(responseOf(id, ScavengeResult.STARTED));
  };

  const stop = (asked: string): E.Either<RpcError, ScavengeResp> => {
    const id = current;
    if (id === undefined || (asked !== id && asked !== 'current')) return E.left(rpcErrors.scavengeNotFound(id ?? ''));
    end(id, 'Stopped');
    return E.right(responseOf(id, ScavengeResult.STOPPED));
  };

  return {
    startScavenge: (
      call: ServerUnaryCall<StartScavengeReq, ScavengeResp>,
      callback: sendUnaryData<ScavengeResp>,
    ): void => {
      context.calls.StartScavenge += 1;
      perform(context, 'StartScavenge', '', call, begin, (result) =>
        E.isLeft(result) ? callback(result.left) : callback(null, result.right),
      );
    },
    stopScavenge: (
      call: ServerUnaryCall<StopScavengeReq, ScavengeResp>,
      callback: sendUnaryData<ScavengeResp>,
    ): void => {
      context.calls.StopScavenge += 1;
      const act = () => stop(call.request.getOptions()?.getScavengeId() ?? '');
      perform(context, 'StopScavenge', '', call, act, (result) =>
        E.isLeft(result) ? callback(result.left) : callback(null, result.right),
      );
    },
  };
};
