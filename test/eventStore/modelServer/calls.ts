import type { Metadata } from '@grpc/grpc-js';
import * as E from 'fp-ts/lib/Either.js';
import type { Member, ModelCluster } from './cluster.ts';
import type { CallFault, Faults, Rpc } from './faults.ts';
import type { Log } from './log.ts';
import { type RpcError, rpcErrors } from './wire.ts';

/** What every service of a model server stands on. */
export type Context = {
  readonly log: Log;
  readonly cluster: ModelCluster;
  readonly self: () => Member;
  readonly faults: Faults;
  readonly calls: Record<Rpc, number>;
  readonly maxAppendSize: number;
  /** Cuts the connection over which a call came. */
  readonly cut: (peer: string) => void;
  /** Runs something later, unless the server is closed before. */
  readonly later: (ms: number, run: () => void) => void;
  /** Notes a mistake of the model, so that the test fails. */
  readonly mistake: (error: unknown) => void;
};

/** What services use of a call, whatever its kind. */
export type AnyCall = {
  readonly metadata: Metadata;
  readonly cancelled: boolean;
  readonly getPeer: () => string;
};

const refusals = (fault: CallFault): RpcError | undefined => {
  switch (fault.kind) {
    case 'not-leader':
      return rpcErrors.notLeader(fault.host, fault.port);
    case 'no-leader-known':
      return rpcErrors.noLeaderKnown();
    case 'unavailable':
      return rpcErrors.notReady();
    case 'timeout':
      return rpcErrors.timeout('Commit phase timeout.');
    case 'access-denied':
      return rpcErrors.accessDenied();
    default:
      return undefined;
  }
};

/** The refusal of a call that needs the leader, from a server that is not. */
export const leaderElsewhere = (context: Context, call: AnyCall, needsLeader: boolean): RpcError | undefined => {
  const leader = context.cluster.leader();
  if (leader === context.self()) return undefined;
  if (!needsLeader && call.metadata.get('requires-leader')[0] !== 'true') return undefined;
  return leader ? rpcErrors.notLeader(leader.host, leader.port) : rpcErrors.noLeaderKnown();
};

/** Does what a call asks for, and answers it, with what is to go wrong. */
export const perform = <T>(
  context: Context,
  rpc: Rpc,
  stream: string,
  call: AnyCall,
  act: () => E.Either<RpcError, T>,
  answer: (result: E.Either<RpcError, T>) => void,
): void => {
  const safely = (): E.Either<RpcError, T> => {
    try {
      return act();
    } catch (error) {
      context.mistake(error);
      return E.left(rpcErrors.unknown('Exception was thrown by handler.'));
    }
  };
  const fault = context.faults.ofCall(rpc, stream);
  if (!fault) {
    answer(safely());
    return;
  }
  context.faults.note(rpc, stream, fault);
  const refusal = refusals(fault);
  if (refusal) answer(E.left(refusal));
  else performFaulty(context, fault, call, safely, answer);
};

const performFaulty = <T>(
  context: Context,
  fault: CallFault,
  call: AnyCall,
  act: () => E.Either<RpcError, T>,
  answer: (result: E.Either<RpcError, T>) => void,
): void => {
  const { kind } = fault;
  const result =
    kind === 'cut-after-commit' || kind === 'commit-in-silence' || kind === 'answer-late' ? act() : undefined;
  if (kind === 'cut-before-commit' || kind === 'cut-after-commit') context.cut(call.getPeer());
  if (kind === 'answer-late' && result) context.later(fault.ms, () => answer(result));
  if (kind === 'commit-late') context.later(fault.ms, () => answer(act()));
  if (kind === 'delay')
    context.later(fault.ms, () => {
      if (!call.cancelled) answer(act());
    });
};
