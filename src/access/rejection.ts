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

const isRefusal = (failure: Failure | Refusal): failure is Refusal =>
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

type Rejected = {
  readonly issues: readonly Issue[];
  readonly what: string;
  readonly size: number;
  readonly actor: E.Either<unknown, Actor>;
  readonly at: Instant;
  /** True for a query. */
  readonly reading?: true;
};

/** Input that is no command or query: an entry with its code and size, never a copy. */
export const reject = async (core: Core, { issues, what, size, actor, at, reading }: Rejected): Promise<Problem> => {
  const commandId = freshId(core.now());
  const logged = await core.log.append({
    event: { type: 'refused', data: { what, programs: [], code: 'invalid', size, ...(reading ? { reading } : {}) } },
    at,
    by: await nameOf(core, actor, at),
    personalNumber: E.isRight(actor) && actor.right.kind === 'resident' ? actor.right.personalNumber : undefined,
    commandId,
  });
  return E.isLeft(logged) ? problemOf(logged.left, commandId) : { kind: 'invalid', issues };
};
