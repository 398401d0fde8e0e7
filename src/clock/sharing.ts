import * as E from 'fp-ts/lib/Either.js';
import type { Core } from '../access/core.ts';
import type { Uuid } from '../domain/identifiers.ts';
import type { Duty, Sharing } from '../eventStore/engine.ts';
import { inTransaction } from '../eventStore/transaction.ts';
import { catchUp } from '../projections/catchingUp.ts';
import { deadOf, hasWaitingOf, hold, isUntold, letGo } from '../projections/notifications/holding.ts';

/** How the clock of one of several nodes hands over what falls to that node, and nothing else. */
export type Part = {
  /** Takes hold of what has fallen to this node; the rest is left alone. */
  readonly hold: () => Promise<void>;
  /** Tells all nodes of what is done with, and then lets it fall to nobody. */
  readonly settle: () => Promise<void>;
  readonly leave: () => void;
};

/** What taking part needs beside the library's own. */
export type TakingPart = { readonly core: Core; readonly sharing: Sharing; readonly warn: (message: string) => void };

/** A duty of this node. */
type Fallen = { readonly done: () => void; isBeingSettled: boolean };

type Fallens = Map<Uuid, Fallen>;

/** Every node must know before it is done: else the next to whom it fell would hand it over again. */
const tellSettled = async ({ core, sharing }: TakingPart, cause: Uuid): Promise<boolean> => {
  const { readModels, now } = core;
  if (!isUntold(readModels, cause)) return true;
  const data = { cause, at: now().toISOString(), dead: [...deadOf(readModels, cause)] };
  return E.isRight(await sharing.tell({ type: 'notifications-settled', data })());
};

/** Is done with what nothing waits of any more. Most events oblige nobody: those are done with as soon as they come. */
const settleOne = async (taking: TakingPart, fallens: Fallens, cause: Uuid, fallen: Fallen): Promise<void> => {
  if (fallen.isBeingSettled || hasWaitingOf(taking.core.readModels, cause)) return;
  fallen.isBeingSettled = true;
  const isTold = await tellSettled(taking, cause);
  fallen.isBeingSettled = false;
  if (!isTold) return;
  if (fallens.get(cause) === fallen) fallens.delete(cause);
  fallen.done();
};

/** Read models that are being rebuilt may have to be brought up before it can be said that nothing waits. */
const consider = async (taking: TakingPart, fallens: Fallens, cause: Uuid, fallen: Fallen): Promise<void> => {
  const caught = await catchUp(taking.core.events, taking.core.readModels, 'inline');
  if (E.isRight(caught)) await settleOne(taking, fallens, cause, fallen);
};

/** Takes part in handing over, from now on. */
export const takePart = (taking: TakingPart): Part => {
  const { core, sharing, warn } = taking;
  const { readModels } = core;
  const fallens: Fallens = new Map();
  const take = ({ cause, done }: Duty): void => {
    const fallen: Fallen = { done, isBeingSettled: false };
    fallens.set(cause, fallen);
    // What fails is looked at again by the next call of the clock.
    consider(taking, fallens, cause, fallen).catch(() => undefined);
  };
  const drop = (): void => {
    fallens.clear();
    inTransaction(readModels, () => letGo(readModels)).catch(() => undefined);
  };
  const leave = sharing.takeDuties({ take, drop, warn });
  return {
    leave,
    hold: async () => {
      await inTransaction(readModels, () => {
        letGo(readModels);
        for (const cause of fallens.keys()) hold(readModels, cause);
      });
    },
    settle: async () => {
      await Promise.all([...fallens].map(([cause, fallen]) => settleOne(taking, fallens, cause, fallen)));
    },
  };
};
