import { setTimeout as wait } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { Appended, ClusterFailure } from './cluster.ts';

const firstPause = 20;
const longestPause = 300;

/** Does work again, after a pause that grows, until it comes to what is not worth another try, the time is over, or it is to end. */
export const retrying = async <A>(
  until: number,
  isToRetry: (result: A) => boolean,
  work: () => Promise<A>,
  signal?: AbortSignal,
): Promise<A> => {
  for (let pause = firstPause; ; pause = Math.min(longestPause, pause * 2)) {
    const result = await work();
    if (!isToRetry(result) || signal?.aborted === true || Date.now() + pause * 2 > until) return result;
    await wait(pause * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
  }
};

/** Tries an append again while nobody knows what became of it, or the cluster cannot take it now: the same again is safe. */
export const appendAgain = (until: number, work: () => Promise<Appended>, signal?: AbortSignal): Promise<Appended> =>
  retrying(
    until,
    (appended) => appended.kind === 'unknown' || (appended.kind === 'unavailable' && appended.retry),
    work,
    signal,
  );

/** Tries a reading again while the cluster cannot answer now. */
export const readAgain = <A>(
  until: number,
  work: () => Promise<E.Either<ClusterFailure, A>>,
): Promise<E.Either<ClusterFailure, A>> =>
  retrying(until, (read) => E.isLeft(read) && read.left.kind === 'unavailable' && read.left.retry, work);
