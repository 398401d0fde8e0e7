import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { EventStore, StoredEvent, StoreError } from './eventStore.ts';

/** What subscriptions are fed from: the log, and a way to be told that it may have grown. */
export type Source = {
  readonly lastPosition: () => E.Either<StoreError, number>;
  readonly readAll: (after: number, limit: number) => E.Either<StoreError, readonly StoredEvent[]>;
  /** Begins to watch for what others commit, and gives back how to stop; runs while anybody listens. */
  readonly watch?: (grown: () => void) => () => void;
};

/** The listeners of one store. */
export type Subscriptions = {
  readonly subscribe: EventStore['subscribe'];
  /** Tells that the log may have grown; the listeners are called later, never inside a transaction. */
  readonly wake: () => void;
  readonly stop: () => void;
};

type Subscriber = {
  readonly listener: (event: StoredEvent) => void;
  readonly onError: (error: unknown) => void;
  readonly after: number;
};

type Pump = {
  readonly source: Source;
  readonly subscribers: Set<Subscriber>;
  seen: number;
  isDue: boolean;
  isStopped: boolean;
  unwatch: () => void;
};

const pageSize = 256;
const pauseMilliseconds = 50;

const report = (subscriber: Subscriber, error: unknown): void => {
  try {
    subscriber.onError(error);
  } catch {
    // The host's own reporter failed: there is nobody left to tell, and the next event must follow.
  }
};

const tell = (subscriber: Subscriber, event: StoredEvent): void => {
  try {
    if (event.position > subscriber.after) subscriber.listener(event);
  } catch (error) {
    report(subscriber, error);
  }
};

const deliver = (pump: Pump, event: StoredEvent): void => {
  pump.seen = event.position;
  for (const subscriber of [...pump.subscribers]) if (pump.subscribers.has(subscriber)) tell(subscriber, event);
};

const wake = (pump: Pump): void => {
  if (pump.isDue || pump.subscribers.size === 0) return;
  pump.isDue = true;
  setImmediate(() => run(pump));
};

/** A log that cannot be read now is tried again soon; one that is damaged, when it has grown: no event is ever skipped. */
const recover = (pump: Pump, error: StoreError): void => {
  if (error.kind === 'unavailable' && error.retry) setTimeout(() => wake(pump), pauseMilliseconds).unref();
  else for (const subscriber of [...pump.subscribers]) report(subscriber, error);
};

const run = (pump: Pump): void => {
  pump.isDue = false;
  if (pump.subscribers.size === 0) return;
  pipe(
    pump.source.readAll(pump.seen, pageSize),
    E.match(
      (error) => recover(pump, error),
      (events) => {
        for (const event of events) deliver(pump, event);
        if (events.length === pageSize) wake(pump);
      },
    ),
  );
};

const begin = (pump: Pump, at: number): void => {
  pump.seen = at;
  pump.unwatch = pump.source.watch?.(() => wake(pump)) ?? (() => {});
};

const add = (pump: Pump, subscriber: Subscriber): (() => void) => {
  if (pump.subscribers.size === 0) begin(pump, subscriber.after);
  pump.subscribers.add(subscriber);
  return () => {
    if (pump.subscribers.delete(subscriber) && pump.subscribers.size === 0) pump.unwatch();
  };
};

const endOf = ({ source, isStopped }: Pump): E.Either<StoreError, number> =>
  isStopped ? E.left({ kind: 'unavailable', retry: false }) : source.lastPosition();

const stop = (pump: Pump): void => {
  pump.isStopped = true;
  pump.subscribers.clear();
  pump.unwatch();
};

/** Feeds any number of listeners from one log, each from the end that it found when it came. */
export const subscriptionsTo = (source: Source): Subscriptions => {
  const pump: Pump = { source, subscribers: new Set(), seen: 0, isDue: false, isStopped: false, unwatch: () => {} };
  return {
    subscribe: (listener, onError = () => {}) =>
      pipe(
        endOf(pump),
        E.match(
          (error) => {
            onError(error);
            return () => {};
          },
          (after) => add(pump, { listener, onError, after }),
        ),
      ),
    wake: () => wake(pump),
    stop: () => stop(pump),
  };
};
