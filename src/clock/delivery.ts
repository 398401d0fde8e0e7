import * as E from 'fp-ts/lib/Either.js';
import type { Core } from '../access/core.ts';
import { residentOf } from '../access/subjects.ts';
import type { HsaId, Uuid } from '../domain/identifiers.ts';
import type { Instant } from '../domain/time.ts';
import { inTransaction } from '../eventStore/transaction.ts';
import {
  type Channel,
  clean,
  countWaiting,
  hasWaiting,
  type Least,
  lease,
  markDelivered,
  markFailed,
  mostAttempts,
  type OutboxRow,
  remove,
  settle,
} from '../projections/notifications/outbox.ts';
import { programRow } from '../projections/programs.ts';
import type { Part } from './sharing.ts';

/** What the host is to tell somebody: that something waits in the program, never what (R171). */
export type Notification = {
  /** The same for every attempt: a host that has seen it has told of it already. */
  readonly id: Uuid;
  readonly to:
    | { readonly kind: 'staff'; readonly hsaId: HsaId }
    | { readonly kind: 'resident'; readonly personalNumber: string };
  /** Residents have `platform`, the notice inside 1177, and those that they have turned on; staff has `email` and `sms`. */
  readonly channel: Channel;
  /** The type of a flag, or `reminder`, `absence`, `ended`, `new-version`. */
  readonly about: string;
  readonly programId?: Uuid;
};

/** The host's way to send: resolves when the notification is taken. What it throws is not looked at. */
export type Deliver = (notification: Notification) => Promise<void>;

/** What delivery needs beside the library's own. */
export type Delivering = {
  readonly core: Core;
  readonly deliver: Deliver | undefined;
  /** Told how it went, in a sentence without anything personal. */
  readonly warn: (message: string) => void;
  /** Told when the library is closed: what is under way is then left to be tried again. */
  readonly closing: AbortSignal;
  /** Where this is one node of several, each of which hands over what has fallen to it. */
  readonly part?: Part | undefined;
  /** Where several nodes have an outbox each. */
  readonly isShared: boolean;
};

const atOnce = 8;
const second = 1_000;
/** How long the host may take for one. */
const timeLimit = 30 * second;
/** How long nobody else tries it: for longer than any attempt takes. */
const leaseTime = 4 * timeLimit;
const firstPause = 30 * second;
const longestPause = 3_600 * second;
const day = 86_400 * second;
/** How long rows wait in a library that is opened without `deliver`, and on a node where nobody has taken them. */
const longestWait = 7 * day;
/** How long what was settled is kept, and how much is deleted at a time. */
const keptFor = 90 * day;
const slice = 500;

const shifted = (now: Date, milliseconds: number): Instant => new Date(now.getTime() + milliseconds).toISOString();

/** The pause before the next attempt: twice as long each time, an hour at most, and never the same for all (±50 %). */
const pauseAfter = (attempts: number): number =>
  Math.min(longestPause, firstPause * 2 ** (attempts - 1)) * (0.5 + Math.random());

/** `late`: the host took too long; `left`: the library is being closed; `gone`: there is nobody to tell any more. */
type Outcome = 'delivered' | 'failed' | 'late' | 'left' | 'gone';

/** Whatever the host does with it: throws, rejects, gives no promise. Its errors may hold anything, so they are not looked at. */
const handOver = async (deliver: Deliver, notification: Notification): Promise<Outcome> => {
  try {
    await deliver(notification);
    return 'delivered';
  } catch {
    return 'failed';
  }
};

const withinLimit = (work: Promise<Outcome>, closing: AbortSignal): Promise<Outcome> =>
  new Promise((resolve) => {
    const leave = (): void => resolve('left');
    const timer = setTimeout(() => resolve('late'), timeLimit);
    closing.addEventListener('abort', leave, { once: true });
    void work.then((outcome) => {
      clearTimeout(timer);
      closing.removeEventListener('abort', leave);
      resolve(outcome);
    });
    if (closing.aborted) leave();
  });

/** To whom a row goes: undefined when the resident is erased, a failure when the number cannot be opened now. */
const addressee = async (core: Core, { hsaId, programId }: OutboxRow) => {
  if (hsaId !== null) return E.right({ kind: 'staff', hsaId } as const);
  const startedAt = programId === null ? undefined : programRow(core.readModels, programId)?.startedPosition;
  return E.map((personalNumber: string | undefined) =>
    personalNumber === undefined ? undefined : ({ kind: 'resident', personalNumber } as const),
  )(await residentOf(core, startedAt));
};

const record = (core: Core, change: () => void): Promise<unknown> => inTransaction(core.readModels, change);

const recordOutcome = async (core: Core, row: OutboxRow, outcome: Outcome): Promise<Outcome> => {
  const { readModels: db, now } = core;
  const next = row.attempts < mostAttempts ? shifted(now(), pauseAfter(row.attempts)) : undefined;
  if (outcome === 'delivered') await record(core, () => markDelivered(db, row, now().toISOString()));
  else if (outcome !== 'left') await record(core, () => markFailed(db, row, next));
  return outcome;
};

const deliverOne = async ({ core, closing }: Delivering, deliver: Deliver, row: OutboxRow): Promise<Outcome> => {
  const to = await addressee(core, row);
  if (E.isLeft(to)) return recordOutcome(core, row, 'failed');
  if (to.right === undefined) {
    await record(core, () => remove(core.readModels, row));
    return 'gone';
  }
  const { id, channel, about, programId } = row;
  const notification = { id, to: to.right, channel, about, ...(programId === null ? {} : { programId }) };
  return recordOutcome(core, row, await withinLimit(handOver(deliver, notification), closing));
};

const leastOf = ({ isShared }: Delivering): Least => (isShared ? 1 : 0);

/** Takes what no other process has, and hands it over, several at once. */
const deliverSome = async (delivering: Delivering, deliver: Deliver): Promise<readonly Outcome[]> => {
  const { readModels, now } = delivering.core;
  const least = leastOf(delivering);
  const [at, until] = [now().toISOString(), shifted(now(), leaseTime)];
  const taken = await inTransaction(readModels, () => lease(readModels, at, { until, limit: atOnce, least }));
  return E.isLeft(taken) ? [] : Promise.all(taken.right.map((row) => deliverOne(delivering, deliver, row)));
};

/** Goes on while something waits; a host that takes too long, or a library that closes, ends it for this time. */
const deliverAll = async (delivering: Delivering, deliver: Deliver): Promise<number> => {
  const { readModels, now } = delivering.core;
  const least = leastOf(delivering);
  let [delivered, failed] = [0, 0];
  while (!delivering.closing.aborted && hasWaiting(readModels, now().toISOString(), least)) {
    const outcomes = await deliverSome(delivering, deliver);
    await delivering.part?.settle();
    delivered += outcomes.filter((outcome) => outcome === 'delivered').length;
    failed += outcomes.filter((outcome) => outcome === 'failed' || outcome === 'late').length;
    if (outcomes.length === 0 || outcomes.some((outcome) => outcome === 'late' || outcome === 'left')) break;
  }
  if (failed > 0) delivering.warn(`${failed} notifications did not get through; see the view undelivered.`);
  return delivered;
};

/** Settles what is of no use any more, and deletes what was settled long ago. */
export const tidy = async ({ core: { readModels, now }, deliver, isShared }: Delivering): Promise<void> => {
  const oldest = deliver === undefined || isShared ? shifted(now(), -longestWait) : undefined;
  await inTransaction(readModels, () => settle(readModels, now().toISOString(), oldest));
  for (let cleaned = slice; cleaned === slice; ) {
    const done = await inTransaction(readModels, () => clean(readModels, shifted(now(), -keptFor), slice));
    cleaned = E.isLeft(done) ? 0 : done.right;
  }
};

/** How much there is to hand over now. */
export const waitingToDeliver = (delivering: Delivering): number => {
  const { readModels, now } = delivering.core;
  return delivering.deliver === undefined ? 0 : countWaiting(readModels, now().toISOString(), leastOf(delivering));
};

/**
 * Hands what waits in the outbox to the host: at least once each, eight at a time, again after a pause that grows, and never more than ten
 * times (R172). Nothing that a host does here changes what has happened.
 */
export const deliverWaiting = async (delivering: Delivering): Promise<number> => {
  return delivering.deliver === undefined ? 0 : deliverAll(delivering, delivering.deliver);
};
