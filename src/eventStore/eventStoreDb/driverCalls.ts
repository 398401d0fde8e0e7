import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { ClusterFailure } from './cluster.ts';
import type { Connection } from './driver.ts';
import { failureOf, notEver, notNow } from './driverErrors.ts';

/** An attempt: what it comes to, and how it is given up when that takes too long. */
export type Attempt<A> = { readonly result: Promise<A>; readonly giveUp?: () => void };

/** What an attempt comes to where nobody answered in time, and where the connection was closed meanwhile. */
export type Silence<A> = { readonly late: A; readonly closed: A; readonly failed: (error: unknown) => A };

/** Nobody is told of what comes after a call has settled. */
export const ignore = (): undefined => undefined;

/** Settles with an attempt, or without it when the time is over or the connection is closed; what comes later is ignored. */
export const bounded = <A>(
  { underWay }: Pick<Connection, 'underWay'>,
  milliseconds: number,
  begin: () => Attempt<A>,
  silence: Silence<A>,
): Promise<A> =>
  new Promise((resolve) => {
    let giveUp: () => void = ignore;
    const settle = (value: A): void => {
      clearTimeout(timer);
      underWay.delete(close);
      resolve(value);
    };
    const close = (): void => {
      settle(silence.closed);
      giveUp();
    };
    const timer = setTimeout(() => {
      settle(silence.late);
      giveUp();
    }, milliseconds);
    underWay.add(close);
    try {
      const attempt = begin();
      giveUp = attempt.giveUp ?? ignore;
      attempt.result.then(settle, (error) => settle(silence.failed(error)));
    } catch (error) {
      settle(silence.failed(error));
    }
  });

/** What a call gives that can fail without harm. */
export type Outcome<A> = E.Either<ClusterFailure, A>;

const shortestPause = 20;
const longestPause = 500;

const isTransient = (outcome: Outcome<unknown>): boolean =>
  E.isLeft(outcome) && outcome.left.kind === 'unavailable' && outcome.left.retry;

/** Tries what may be tried twice until it is done, it is clear that it will not be, or the time is over. */
export const persistently = async <A>(
  connection: Connection,
  begin: (milliseconds: number) => Attempt<Outcome<A>>,
): Promise<Outcome<A>> => {
  const silence: Silence<Outcome<A>> = {
    late: E.left(notNow),
    closed: E.left(notEver),
    failed: (error) => E.left(failureOf(error)),
  };
  const until = performance.now() + connection.deadline;
  for (let wait = shortestPause; ; wait = Math.min(wait * 2, longestPause)) {
    if (connection.isClosed()) return silence.closed;
    const left = Math.max(until - performance.now(), 1);
    const outcome = await bounded(connection, left, () => begin(left), silence);
    if (!isTransient(outcome) || performance.now() + wait >= until) return outcome;
    await pause(wait);
  }
};
