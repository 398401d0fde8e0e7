import * as E from 'fp-ts/lib/Either.js';
import type { By } from '../domain/actors.ts';
import type { Refusal } from '../domain/decider.ts';
import type { Uuid } from '../domain/identifiers.ts';
import { dayOf, type Instant } from '../domain/time.ts';
import { type Actor, recognize } from './actor.ts';
import type { Core } from './core.ts';
import type { Failure } from './failure.ts';
import { freshId } from './ids.ts';
import type { Reading } from './input.ts';

import { type Issue, type Problem, problemOfKeys, problemOfStore } from './problem.ts';

/** The actor as the log names it when nothing more is known. */
const unknownActor: By = { kind: 'unknown' };

/** True when the rules, or the input's shape, said no; false when something beneath failed. */
export const isRefusal = (failure: Failure | Refusal): failure is Refusal =>
  failure.kind === 'refused' || failure.kind === 'invalid';

/** A failure or refusal as the caller gets it. */
export const problemOf = (failure: Failure | Refusal, commandId: Uuid): Problem => {
  if (isRefusal(failure)) return failure;
  switch (failure.kind) {
    case 'erased':
      return { kind: 'conflict', stream: '' };
    case 'unavailable':
      return 'what' in failure ? problemOfKeys(failure) : problemOfStore(failure, commandId);
    default:
      return problemOfStore(failure, commandId);
  }
};

/** When and under which policy input is read now. */
export const readingOf = (core: Core, at: Instant): Reading => ({ today: dayOf(at), policy: core.policy });

/** How the log names whoever sent something that was no command or query. */
const nameOf = async (core: Core, actor: E.Either<unknown, Actor>, at: Instant): Promise<By> => {
  if (E.isLeft(actor)) return unknownActor;
  const acting = await recognize(core.histories, actor.right, core.policy, at);
  return E.isRight(acting) ? acting.right.by : unknownActor;
};

/** A call that came to nothing without having been judged by the rules. */
type Call = {
  /** The command or view, `unknown` when it was none. */
  readonly what: string;
  readonly actor: E.Either<unknown, Actor>;
  readonly at: Instant;
  /** True for a query. */
  readonly reading?: true;
};

const record = async (
  core: Core,
  { what, actor, at, reading }: Call,
  code: string,
  size?: number,
): Promise<E.Either<Failure, void>> => {
  const data = { what, programs: [], code, ...(size === undefined ? {} : { size }), ...(reading ? { reading } : {}) };
  return core.log.append({
    event: { type: 'refused', data },
    at,
    by: await nameOf(core, actor, at),
    personalNumber: E.isRight(actor) && actor.right.kind === 'resident' ? actor.right.personalNumber : undefined,
    commandId: freshId(core.now()),
  });
};

/** Input that is no command or query: an entry with its code and size, never a copy. */
export const reject = async (core: Core, call: Call, issues: readonly Issue[], size: number): Promise<Problem> => {
  const logged = await record(core, call, 'invalid', size);
  return E.isLeft(logged) ? withheld(problemOf(logged.left, '')) : { kind: 'invalid', issues };
};

/** A failure beneath the rules leaves its entry too, where one can still be written; what is answered is the failure. */
export const fail = async (core: Core, call: Call, problem: Problem): Promise<Problem> => {
  await record(core, call, problem.kind);
  return problem;
};

/** What has no entry in the log is not answered; nothing happened, so whether its entry was written does not matter. */
export const withheld = (problem: Problem): Problem =>
  problem.kind === 'unknown' ? { kind: 'unavailable', what: 'store', retry: true } : problem;
