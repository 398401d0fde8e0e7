import * as E from 'fp-ts/lib/Either.js';
import type { Core } from '../access/core.ts';
import type { By } from '../domain/actors.ts';
import type { Sharing } from '../eventStore/engine.ts';
import { logOperation } from '../operations/operating.ts';
import { catchUp } from '../projections/catchingUp.ts';
import { type Deliver, deliverWaiting, tidy, waitingToDeliver } from './delivery.ts';
import { noteExpired } from './expiry.ts';
import { remindAll, type Send } from './reminders.ts';
import { takePart } from './sharing.ts';

/** What a call of the clock came to. */
export type Ticked = {
  /** Reminders sent to residents. */
  readonly reminders: number;
  /** Deadlines that were found to have passed. */
  readonly expired: number;
  /** Notifications that the host has taken. */
  readonly delivered: number;
};

/** What the clock works with. */
export type Ticking = {
  readonly core: Core;
  readonly send: Send;
  readonly deliver: Deliver | undefined;
  readonly warn: (message: string) => void;
  /** Where this is one node of several. */
  readonly sharing?: Sharing | undefined;
};

const nothing: Ticked = { reminders: 0, expired: 0, delivered: 0 };
const clock: By = { kind: 'system', process: 'clock' };

/**
 * The clock of an opened library. `tick` may be called as often as one likes, on any number of nodes: what is due is done once. Calls at the
 * same time share one run, and none rejects. `stop` ends a run that is under way, and waits for it.
 */
export const ticking = ({ core, send, deliver, warn, sharing }: Ticking) => {
  const closing = new AbortController();
  const part = sharing === undefined || deliver === undefined ? undefined : takePart({ core, sharing, warn });
  const isShared = sharing !== undefined;
  const work = { core, send, deliver, warn, closing: closing.signal, sharing, part, isShared };
  let unlogged = 0;
  /** Nothing is handed over that the log does not know of; what could not be logged is counted the next time. */
  const enter = async (count: number): Promise<boolean> => {
    if (count === 0) return true;
    const logged = await logOperation(core, 'tick', { count }, { by: clock, personalNumber: undefined });
    if (E.isRight(logged)) unlogged = 0;
    else warn('The clock handed nothing over, for it could not be written into the log; the next call goes on.');
    return E.isRight(logged);
  };
  const once = async (): Promise<Ticked> => {
    if (E.isLeft(await catchUp(core.events, core.readModels, 'inline'))) return nothing;
    const reminders = await remindAll(work);
    const expired = await noteExpired(work);
    // What has fallen to this node does not lapse for having waited until its clock was called.
    await part?.hold();
    await tidy(work);
    unlogged += reminders + expired;
    const isLogged = await enter(unlogged + waitingToDeliver(work));
    const delivered = isLogged ? await deliverWaiting(work) : 0;
    await part?.settle();
    return { reminders, expired, delivered };
  };
  let running: Promise<Ticked> | undefined;
  const tick = (): Promise<Ticked> => {
    if (closing.signal.aborted) return Promise.resolve(nothing);
    running ??= once()
      .catch(() => {
        // Its message may hold anything, so nothing of it leaves here.
        warn(
          'The clock stopped in the middle, for a mistake of the library or because its file is gone; the next call goes on.',
        );
        return nothing;
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  };
  const stop = async (): Promise<void> => {
    closing.abort();
    part?.leave();
    await running;
  };
  return { tick, stop };
};
