import * as E from 'fp-ts/lib/Either.js';
import type { Actor } from '../access/actor.ts';
import type { Core } from '../access/core.ts';
import type { Failure } from '../access/failure.ts';
import { problemOf } from '../access/rejection.ts';
import { readGiven, setUpError } from '../eventStore/setUpError.ts';
import type { KeyStore, MasterKey } from '../privacy/keys.ts';
import { indexName } from '../privacy/residentIndex.ts';
import { rekeyIndex } from '../privacy/rotation.ts';
import { readNextMasterKey } from '../privacy/wrapping.ts';
import { beginOperation, problemError } from './operating.ts';
import { type Progress, progressIn } from './options.ts';

type Next = MasterKey['current'];
type Options = { readonly onProgress?: Progress };

const doing = 'The rotation of the master key';

const otherKey = (): Error =>
  setUpError('The next master key has the id of another one that is in use: give it an id of its own.');

const requireDone = <A>(result: E.Either<Failure | { readonly kind: 'other-key' }, A>): A => {
  if (E.isRight(result)) return result.right;
  if (result.left.kind === 'other-key') throw otherKey();
  throw problemError(doing, problemOf(result.left, ''));
};

/** True when nothing is wrapped by any other master key: an index key of its own came with this one already. */
const isAlone = async (keys: KeyStore, { id }: Next): Promise<boolean> =>
  requireDone(await keys.epochs()()).every((epoch) => epoch.id === id);

/**
 * Makes another master key the current one, step by step, each of which may be taken again: the index gets a new key, every key is wrapped
 * anew and earlier master keys are forgotten, residents are indexed anew. Rejects, with the problem as data, when that could not be done.
 */
export const rotation =
  (core: Core) =>
  async (given: Next, by?: Actor, options?: Options): Promise<{ readonly rewrapped: number }> => {
    const next = readGiven('The next master key', () => readNextMasterKey(given));
    const onProgress = progressIn(doing, options);
    const begun = await beginOperation(core, 'rotate-master-key', by, { epoch: next.id });
    if (E.isLeft(begun)) throw problemError(doing, begun.left);
    // Before the wrapping, so that a stop between the two never leaves the index with the key of an earlier master key.
    if (!(await isAlone(core.keys, next))) requireDone(await core.keys.renew(indexName)());
    const rewrapped = requireDone(await core.keys.rewrap(next, onProgress)());
    requireDone(await rekeyIndex(core));
    return { rewrapped };
  };
