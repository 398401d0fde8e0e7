import { setTimeout as wait } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { Actor } from '../access/actor.ts';
import { bounded } from '../access/bounded.ts';
import type { Core } from '../access/core.ts';
import type { Failure } from '../access/failure.ts';
import { readInput } from '../access/input.ts';
import type { Problem } from '../access/problem.ts';
import { fail, isRefusal, problemOf, readingOf, reject } from '../access/rejection.ts';
import type { SubjectRows } from '../access/subjects.ts';
import type { Refusal } from '../domain/decider.ts';
import type { Uuid } from '../domain/identifiers.ts';
import type { Instant } from '../domain/time.ts';
import { attemptOnce, type Sent } from './attempt.ts';
import { commandSchemas } from './catalog.ts';
import { readCommand } from './parse.ts';
import type { Receipt } from './receipt.ts';

/** How often a command is decided anew when others changed what it was decided on. */
const attempts = 20;

/** Worth deciding anew: others moved what it was decided on, purged it meanwhile, or sent the same command id at once. */
const isRetryable = ({ kind }: Failure | Refusal): boolean =>
  kind === 'revision-conflict' || kind === 'heads-moved' || kind === 'erased' || kind === 'id-reused';

const jitter = (attempt: number): Promise<void> => wait(Math.random() * Math.min(50, 2 ** attempt));

const instantOf = (core: Core): Instant => core.now().toISOString();

const retried = async (
  core: Core,
  subjects: SubjectRows,
  sent: Omit<Sent, 'at'>,
): Promise<E.Either<Problem, Receipt>> => {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await attemptOnce(core, subjects, { ...sent, at: instantOf(core) });
    if (E.isRight(outcome)) return outcome;
    if (isRefusal(outcome.left)) return E.left(outcome.left);
    if (!isRetryable(outcome.left) || attempt === attempts) {
      const call = { what: sent.command.type, actor: E.right(sent.actor), at: instantOf(core) };
      return E.left(await fail(core, call, problemOf(outcome.left, sent.commandId)));
    }
    await jitter(attempt);
  }
};

const whatOf = (input: unknown): string => {
  const type = (input as { readonly type?: unknown } | null)?.type;
  return typeof type === 'string' && Object.hasOwn(commandSchemas, type) ? type : 'unknown';
};

/**
 * The write side. Reads a command, and refuses what is none; decides it on the newest history, again when others change that
 * meanwhile; writes what follows. `fresh` gives the id of a command that came without one. Every call leaves one entry in the audit log before it answers.
 */
export const execute =
  (core: Core, subjects: SubjectRows) =>
  async (input: unknown, actorInput: unknown, fresh: () => Uuid): Promise<E.Either<Problem, Receipt>> => {
    const at = instantOf(core);
    const reading = readingOf(core, at);
    const actor = readInput(Actor, actorInput, 'actor', reading);
    const plain = bounded(input, 'command');
    const read = E.isLeft(plain) ? plain : readCommand(plain.right.value, reading);
    const size = E.isLeft(plain) ? 0 : plain.right.size;
    const what = E.isLeft(plain) ? 'unknown' : whatOf(plain.right.value);
    if (E.isLeft(actor)) return E.left(await reject(core, { what, actor, at }, actor.left, size));
    if (E.isLeft(read)) return E.left(await reject(core, { what, actor, at }, read.left, size));
    const { command, id } = read.right;
    const sent = { command, commandId: id ?? fresh(), isFresh: id === undefined, actor: actor.right };
    return retried(core, subjects, sent);
  };
