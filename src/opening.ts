import * as E from 'fp-ts/lib/Either.js';
import type { Core } from './access/core.ts';
import type { Failure } from './access/failure.ts';
import { catchUpTree } from './audit/tree.ts';
import { beginOutbox } from './clock/beginning.ts';
import { finishDisposals } from './commands/disposing.ts';
import type { Engine } from './eventStore/engine.ts';
import { setUpError } from './eventStore/setUpError.ts';
import type { Settings } from './foljaOptions.ts';
import { bringUp } from './operations/bringingUp.ts';
import { requireContinuity } from './operations/continuing.ts';
import { replayLedger } from './operations/restoring.ts';
import { rekeyIndex } from './privacy/rotation.ts';

const requireRight = <A>(result: E.Either<Failure, A>, doing: string): A => {
  if (E.isRight(result)) return result.right;
  const { kind } = result.left;
  throw setUpError(`The store could not be opened while ${doing} (${kind}): restore it from a backup, or try again.`);
};

/** Who is told of what happens at an opening. */
type Told = Pick<Settings, 'logger' | 'onProgress'>;

/** Finishes what a stop interrupted: read models that are new or behind, and purges that were begun. */
const resume = async (core: Core, engine: Engine, { logger, onProgress }: Told): Promise<void> => {
  const { anchors, sharing } = engine;
  const { events, readModels, erasing, now } = core;
  requireRight(await catchUpTree(events, readModels), 'the tree over its log was brought up to date');
  requireRight(await beginOutbox({ events, readModels, now, sharing }), 'its outbox was begun');
  requireRight(await bringUp(engine, onProgress), 'its read models were brought up to date');
  requireRight(await replayLedger(core, anchors), 'purges were done again that an older copy had undone');
  requireRight(await finishDisposals(core), 'an interrupted disposal of a year of the log was finished');
  const erased = requireRight(await erasing.finish(), 'an interrupted purge was finished');
  if (erased === 'erasure-pending') logger?.warn('A purge is not finished: the view purge says what it waits for.');
  requireRight(await rekeyIndex(core), 'the index of residents was brought up to date');
};

/** Looks whether the log is whole, and finishes what was interrupted; what cannot begin is closed again. */
export const begin = async (core: Core, engine: Engine, told: Told): Promise<void> => {
  try {
    await requireContinuity(core, engine);
    await resume(core, engine, told);
  } catch (error) {
    await engine.events.close();
    engine.keys.close();
    throw error;
  }
};
