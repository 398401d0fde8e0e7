import * as E from 'fp-ts/lib/Either.js';
import type { Core } from '../access/core.ts';
import { type Break, breakOf } from '../audit/continuity.ts';
import type { Engine } from '../eventStore/engine.ts';
import { setUpError } from '../eventStore/setUpError.ts';
import { logOperation } from './operating.ts';

const sentenceOf = ({ kind, length, anchor }: Break): string =>
  kind === 'shorter'
    ? `The event store holds ${length} events and its anchors vouch for ${anchor.length}: it is an older copy, or its write-ahead log ` +
      'was lost. Put the newest files back, or go on with what is there: open the store once with acceptOlder: true, or folja accept-restored.'
    : `The event store is not the log that its anchors vouch for up to event ${anchor.length}: it was altered, or is another copy. ` +
      'Restore it and find out what happened, or go on with what is there: open the store once with acceptOlder: true, or folja accept-restored.';

const unreadable = (): never => {
  throw setUpError(
    'The anchors of the log cannot be read: make their directory readable and writable, or give another anchorPath.',
  );
};

const found = async ({ events, readModels }: Core, { anchors }: Engine): Promise<Break | undefined> => {
  const broken = await breakOf({ events, db: readModels }, anchors).catch(unreadable);
  if (E.isRight(broken)) return broken.right;
  const { kind } = broken.left;
  throw setUpError(`The log could not be held against its anchors (${kind}): restore it from a backup, or try again.`);
};

/** The loss becomes an entry of the log before anchors are set aside, so that a stop in between leaves it to be found again. */
const accept = async (core: Core, { anchors }: Engine, { anchor }: Break): Promise<void> => {
  const logged = await logOperation(core, 'accept-restored', anchor);
  if (E.isLeft(logged))
    throw setUpError('The loss could not be logged, so it is not accepted: make room, then try again.');
  anchors.setAside(core.now().toISOString());
};

/**
 * Lets nothing happen in a log that does not continue its anchors (P11): asked at open, before anything is written. Where an older copy is
 * accepted, what was lost is logged and the anchors are set aside.
 *
 * @throws one sentence otherwise
 */
export const requireContinuity = async (core: Core, engine: Engine): Promise<void> => {
  const broken = await found(core, engine);
  if (broken === undefined) return;
  if (engine.acceptsOlder !== true) throw setUpError(sentenceOf(broken));
  await accept(core, engine, broken);
};
