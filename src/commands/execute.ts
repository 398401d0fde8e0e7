import { setTimeout as wait } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { By, Refusal } from '../domain/decider.ts';
import type { Uuid } from '../domain/identifiers.ts';
import { dayOf, type Instant } from '../domain/time.ts';
import { Actor, recognize } from './actor.ts';
import { attemptOnce, type Sent } from './attempt.ts';
import { bounded } from './bounded.ts';
import { commandSchemas } from './catalog.ts';
import type { Core, Failure } from './core.ts';
import { freshId } from './ids.ts';
import { type Reading, readCommand, readInput } from './parse.ts';
import { type Issue, type Problem, problemOfKeys, problemOfStore } from './problem.ts';
import type { Receipt } from './receipt.ts';
import type { SubjectRows } from './subjects.ts';

/** How often a command is decided anew when others changed what it was decided on. */
const attempts = 20;

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

/** Worth deciding anew: others moved what it was decided on, or purged it meanwhile. */
const isRetryable = ({ kind }: Failure | Refusal): boolean =>
  kind === 'revision-conflict' || kind === 'heads-moved' || kind === 'erased';

const jitter = (attempt: number): Promise<void> => wait(Math.random() * Math.min(50, 2 ** attempt));

const instantOf = (core: Core): Instant => core.now().toISOString();

/** When and under which policy input is read now. */
export const readingOf = (core: Core, at: Instant): Reading => ({ today: dayOf(at), policy: core.policy });

/** How the log names whoever sent something that was no command or query. */
export const nameOf = async (core: Core, actor: E.Either<unknown, Actor>, at: Instant): Promise<By> => {
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

const retried = async (core: Core, subjects: SubjectRows, sent: Omit<Sent, 'at'>): Promise<E.Either<Problem, Receipt>> => {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await attemptOnce(core, subjects, { ...sent, at: instantOf(core) });
    if (E.isRight(outcome)) return outcome;
    if (!isRetryable(outcome.left) || attempt === attempts) return E.left(problemOf(outcome.left, sent.commandId));
    await jitter(attempt);
  }
};

const whatOf = (input: unknown): string => {
  const type = (input as { readonly type?: unknown } | null)?.type;
  return typeof type === 'string' && Object.hasOwn(commandSchemas, type) ? type : 'unknown';
};

/**
 * The write side. Reads a command, and refuses what is none; decides it on the newest history, again when others change that
 * meanwhile; writes what follows. Every call leaves one entry in the audit log before it answers.
 */
export const execute =
  (core: Core, subjects: SubjectRows) =>
  async (input: unknown, actorInput: unknown): Promise<E.Either<Problem, Receipt>> => {
    const at = instantOf(core);
    const reading = readingOf(core, at);
    const actor = readInput(Actor, actorInput, 'actor', reading);
    const plain = bounded(input);
    const read = E.isLeft(plain) ? plain : readCommand(plain.right.value, reading);
    const size = E.isLeft(plain) ? 0 : plain.right.size;
    const what = E.isLeft(plain) ? 'unknown' : whatOf(plain.right.value);
    if (E.isLeft(actor)) return E.left(await reject(core, { issues: actor.left, what, size, actor, at }));
    if (E.isLeft(read)) return E.left(await reject(core, { issues: read.left, what, size, actor, at }));
    const { command, id } = read.right;
    return retried(core, subjects, { command, commandId: id ?? freshId(core.now()), actor: actor.right });
  };
