import { setTimeout as wait } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { StoreError } from '../eventStore.ts';
import type { Applied, Arrival, Fate } from './applying.ts';
import type { Cluster, Following, Place, StoredRecord } from './cluster.ts';
import { type FleshAtHand, fleshAtHand, gather } from './gathering.ts';
import { followedPrefixes } from './records.ts';
import { type Waiting, waiting } from './waiting.ts';

/** How a node follows the log of its cluster. */
export type FollowOptions = {
  readonly cluster: Pick<Cluster, 'follow' | 'read'>;
  /** From where the node may ask for more: it has applied all up to there, and perhaps some after it. */
  readonly place: () => Place | undefined;
  /** Applies in one transaction, together with how far that comes; Left when nothing was. */
  readonly apply: (arrivals: readonly Arrival[]) => Promise<E.Either<StoreError, Applied>>;
  /** Who waits so many milliseconds for what is known to be written asks for it anew: the subscription may be a dead one. */
  readonly patience: number;
  /** Told, in a sentence, what keeps the node from following. */
  readonly warn: (message: string) => void;
};

/** A node that follows its cluster. */
export type Follower = {
  /** To be called before an append is written, so that what becomes of it is not missed. */
  readonly expect: (attempt: string) => void;
  readonly forget: (attempt: string) => void;
  /** What became of an expected append, as soon as the node has applied it; undefined when it has not within a time. */
  readonly fateOf: (attempt: string, milliseconds: number) => Promise<Fate | undefined>;
  /** What a look finds once the node has come so far; undefined when it has not within a time, or is closed. The look must not throw. */
  readonly until: Waiting['until'];
  /** Calls a listener after each transaction; gives back how to stop. It must not throw. */
  readonly onApplied: (listener: (applied: Applied) => void) => () => void;
  readonly stop: () => Promise<void>;
};

const sliceSize = 200;
/** Above so many the server is asked to wait, and below so few to go on. */
const mostWaiting = 4_000;
const fewWaiting = 1_000;
const firstPause = 50;
const longestPause = 5_000;

type Subscription = {
  readonly following: Following;
  readonly incoming: StoredRecord[];
  readonly begunAt: number;
  /** Something has come since it was last looked. */
  hasNews: boolean;
  isPaused: boolean;
  running: Promise<void> | undefined;
};

type State = {
  readonly options: FollowOptions;
  readonly atHand: FleshAtHand;
  readonly fates: Map<string, Fate | undefined>;
  readonly listeners: Set<(applied: Applied) => void>;
  readonly waiting: Waiting;
  current: Subscription | undefined;
  pause: number;
  isTroubled: boolean;
  isStopped: boolean;
};

const tellAll = (state: State, applied: Applied): void => {
  for (const [attempt, fate] of applied.fates) if (state.fates.has(attempt)) state.fates.set(attempt, fate);
  for (const listener of [...state.listeners]) listener(applied);
  state.waiting.lookAgain();
};

const relieve = (subscription: Subscription): void => {
  const { incoming, following, isPaused } = subscription;
  if (!isPaused && incoming.length > mostWaiting) {
    subscription.isPaused = true;
    following.pause();
  } else if (isPaused && incoming.length < fewWaiting) {
    subscription.isPaused = false;
    following.resume();
  }
};

type Step = 'moved' | 'incomplete' | { readonly trouble: string };

/** Applies the next slice of what has come. */
const step = async (state: State, subscription: Subscription): Promise<Step> => {
  const { cluster, apply } = state.options;
  const slice = subscription.incoming.slice(0, sliceSize);
  const { arrivals, used, isHindered } = await gather({ cluster, atHand: state.atHand }, slice);
  if (used === 0) return isHindered ? { trouble: 'the flesh of an event cannot be read' } : 'incomplete';
  const applied = await apply(arrivals);
  if (E.isLeft(applied)) return { trouble: `what came could not be applied (${applied.left.kind})` };
  subscription.incoming.splice(0, used);
  relieve(subscription);
  tellAll(state, applied.right);
  return 'moved';
};

const warnOnce = (state: State, what: string): void => {
  if (!state.isTroubled) state.options.warn(`This node does not follow its cluster now, for ${what}; it tries again.`);
  state.isTroubled = true;
};

const run = async (state: State, subscription: Subscription): Promise<void> => {
  while (state.current === subscription && subscription.hasNews) {
    subscription.hasNews = false;
    const taken = await step(state, subscription);
    if (typeof taken === 'object') {
      warnOnce(state, taken.trouble);
      return again(state, subscription);
    }
    if (taken === 'moved') {
      state.isTroubled = false;
      state.pause = firstPause;
      subscription.hasNews ||= subscription.incoming.length > 0;
    }
  }
};

const wake = (state: State, subscription: Subscription): void => {
  subscription.running ??= run(state, subscription).finally(() => {
    subscription.running = undefined;
    if (subscription.hasNews && state.current === subscription) wake(state, subscription);
  });
};

const begin = (state: State): void => {
  const incoming: StoredRecord[] = [];
  const following = state.options.cluster.follow(state.options.place(), followedPrefixes, {
    record: (record) => {
      incoming.push(record);
      subscription.hasNews = true;
      relieve(subscription);
      wake(state, subscription);
    },
    ended: () => void again(state, subscription),
  });
  const subscription: Subscription = {
    ...{ following, incoming, begunAt: Date.now(), hasNews: false, isPaused: false, running: undefined },
  };
  state.current = subscription;
};

/** Begins again, after a pause, from what has been applied. What an earlier subscription still brings in is passed over when it comes twice. */
const again = async (state: State, ended: Subscription): Promise<void> => {
  if (state.current !== ended) return;
  state.current = undefined;
  ended.following.stop();
  const pause = state.pause * (0.5 + Math.random());
  state.pause = Math.min(longestPause, state.pause * 2);
  await wait(pause, undefined, { ref: false });
  if (!state.isStopped && state.current === undefined) begin(state);
};

/** Waits; where that takes long, by asking anew for what should have come. */
const patiently = async <A>(state: State, look: () => A | undefined, milliseconds: number): Promise<A | undefined> => {
  const { patience } = state.options;
  const found = await state.waiting.until(look, Math.min(patience, milliseconds));
  if (found !== undefined || milliseconds <= patience || state.isStopped) return found;
  const { current } = state;
  if (current !== undefined && current.begunAt < Date.now() - patience && current.running === undefined)
    void again(state, current);
  return patiently(state, look, milliseconds - patience);
};

/** Begins to follow. */
export const follow = (options: FollowOptions): Follower => {
  const state: State = {
    ...{ options, atHand: fleshAtHand(), fates: new Map(), listeners: new Set(), waiting: waiting() },
    ...{ current: undefined, pause: firstPause, isTroubled: false, isStopped: false },
  };
  begin(state);
  return {
    expect: (attempt) => void state.fates.set(attempt, undefined),
    forget: (attempt) => void state.fates.delete(attempt),
    fateOf: (attempt, milliseconds) => patiently(state, () => state.fates.get(attempt), milliseconds),
    until: (look, milliseconds) => patiently(state, look, milliseconds),
    onApplied: (listener) => {
      state.listeners.add(listener);
      return () => void state.listeners.delete(listener);
    },
    stop: async () => {
      state.isStopped = true;
      const { current } = state;
      state.current = undefined;
      current?.following.stop();
      state.waiting.end();
      await current?.running;
    },
  };
};
