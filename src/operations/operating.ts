import * as E from 'fp-ts/lib/Either.js';
import { type Acting, Actor, recognize } from '../access/actor.ts';
import { bounded } from '../access/bounded.ts';
import type { Core } from '../access/core.ts';
import { freshId } from '../access/ids.ts';
import { readInput } from '../access/input.ts';
import type { Problem } from '../access/problem.ts';
import { problemOf, readingOf, reject, withheld } from '../access/rejection.ts';
import { judge } from '../access/rules.ts';
import type { By } from '../domain/actors.ts';
import { type OperationName, permissionToOperate } from '../domain/permissions.ts';
import type { AccessEvent, Operation } from '../eventStore/accessEvents.ts';
import { isSetUpError } from '../eventStore/setUpError.ts';

/** What an entry says of an operation besides its name. */
type Facts = Omit<Extract<AccessEvent, { type: 'operated' }>['data'], 'what'>;

/** The library's own work, which nobody asked for by name. */
const ownWork: Acting = {
  by: { kind: 'system', process: 'operations' },
  barred: undefined,
  unit: undefined,
  personalNumber: undefined,
  heads: {},
};

/**
 * A call that came to nothing, where the contract promises no `Either`: an error that carries the problem as data. Its message names the
 * kind and the code, never anything personal.
 */
export const problemError = (doing: string, problem: Problem): Error => {
  const why = problem.kind === 'refused' ? `refused: ${problem.code}` : problem.kind;
  const error = Object.assign(new Error(`${doing} was not done (${why}).`), { problem });
  carrying.add(error);
  return error;
};

const carrying = new WeakSet<object>();
const isOwn = (error: unknown): boolean =>
  isSetUpError(error) || (typeof error === 'object' && error !== null && carrying.has(error));

/** A call as hosts have it: a mistake of the library's own becomes a problem as well. Its message may hold anything, so nothing of it leaves here. */
export const guarding =
  (warn: (message: string) => void) =>
  <Given extends readonly unknown[], Result>(doing: string, work: (...given: Given) => Promise<Result>) =>
  async (...given: Given): Promise<Result> => {
    try {
      return await work(...given);
    } catch (error) {
      if (isOwn(error)) throw error;
      warn(
        'The library failed on an operation: a mistake of its own, or of its files. Please report what was asked for.',
      );
      throw problemError(doing, { kind: 'unavailable', what: 'store', retry: false });
    }
  };

/** Writes that an operation is done. Whatever is not logged is not done. */
export const logOperation = async (
  core: Core,
  what: Operation,
  facts: Facts = {},
  { by, personalNumber }: Pick<Acting, 'by' | 'personalNumber'> = ownWork,
): Promise<E.Either<Problem, void>> => {
  const commandId = freshId(core.now());
  const event: AccessEvent = { type: 'operated', data: { what, ...facts } };
  const logged = await core.log.append({ event, at: core.now().toISOString(), by, personalNumber, commandId });
  return E.mapLeft((failure: Parameters<typeof problemOf>[0]) => withheld(problemOf(failure, commandId)))(logged);
};

const judged = async (
  core: Core,
  what: OperationName,
  actorInput: unknown,
): Promise<E.Either<Problem, Pick<Acting, 'by' | 'personalNumber'>>> => {
  const at = core.now().toISOString();
  const plain = bounded(actorInput, 'actor');
  const actor = E.isLeft(plain) ? plain : readInput(Actor, plain.right.value, 'actor', readingOf(core, at));
  if (E.isLeft(actor)) return E.left(await reject(core, { what, actor, at, reading: true }, actor.left, 0));
  const acting = await recognize(core.histories, actor.right, core.policy, at);
  if (E.isLeft(acting)) return E.left(withheld(problemOf(acting.left, '')));
  const { personalNumber } = acting.right;
  const allowed = judge(permissionToOperate(what), acting.right, core.policy);
  if (E.isRight(allowed)) return E.right({ by: allowed.right, personalNumber });
  const code = allowed.left.kind === 'refused' ? allowed.left.code : 'invalid';
  const event: AccessEvent = { type: 'refused', data: { what, programs: [], code, reading: true } };
  const { by }: { readonly by: By } = acting.right;
  const logged = await core.log.append({ event, at, by, personalNumber, commandId: freshId(core.now()) });
  return E.left(E.isLeft(logged) ? withheld(problemOf(logged.left, '')) : allowed.left);
};

/**
 * Judges who asks for an operation, and writes that it is done, before it is. Left when it may not be done, or cannot be logged.
 *
 * @param actorInput who asks; undefined for the library's own work
 */
export const beginOperation = async (
  core: Core,
  what: OperationName,
  actorInput: unknown,
  facts: Facts = {},
): Promise<E.Either<Problem, void>> => {
  const acting = actorInput === undefined ? E.right(ownWork) : await judged(core, what, actorInput);
  return E.isLeft(acting) ? acting : logOperation(core, what, facts, acting.right);
};
