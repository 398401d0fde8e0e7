import * as E from 'fp-ts/lib/Either.js';
import type { Appended, ClusterFailure, NewRecord } from '../eventStore/eventStoreDb/cluster.ts';
import { timeLeft } from '../eventStore/eventStoreDb/node.ts';
import { toldRecord } from '../eventStore/eventStoreDb/records.ts';
import { appendAgain } from '../eventStore/eventStoreDb/retrying.ts';
import type { Told } from '../eventStore/tidings.ts';
import type { ClusterKeys } from './clusterKeysRecords.ts';
import type { KeyError } from './keys.ts';

/** What cannot be reached now, and may be another time. */
export const notNow: KeyError = { kind: 'unavailable', what: 'keys', retry: true };

/** What a failure of the cluster, or an append of which nothing is known, is for whoever uses keys. */
export const keyErrorOf = (failure: ClusterFailure | Appended): KeyError =>
  failure.kind === 'gone' || (failure.kind === 'unavailable' && !failure.retry) ? { ...notNow, retry: false } : notNow;

/** Appends, and again the same where that may not have happened: what is expected exactly is written once however often it is tried. */
export const appendSurely = (
  { node, closed }: Pick<ClusterKeys, 'node' | 'closed'>,
  { stream, expected, records }: { stream: string; expected: number | 'any'; records: readonly NewRecord[] },
  until: number,
): Promise<Appended> => appendAgain(until, () => node.cluster.append(stream, expected, records), closed);

/** Where to tell, and at which revision of that stream. */
export type Telling = { readonly stream: string; readonly expected: number | 'any' };

/** Where nodes tell one another which keys there are; in any order, and as often as may be. */
export const ofKeys: Telling = { stream: 'folja-keys', expected: 'any' };

/** Tells all nodes several things at once, and waits until this one has heard them; `other` where the stream is elsewhere than expected. */
export const tellAll = async (
  keys: Pick<ClusterKeys, 'node' | 'closed'>,
  telling: Telling,
  told: readonly Told[],
  until: number,
): Promise<E.Either<KeyError, 'told' | 'other'>> => {
  const records = told.map(toldRecord);
  const unheard = new Set<string>(records.map(({ id }) => id));
  if (unheard.size === 0) return E.right('told');
  const { follower } = keys.node;
  const unlisten = follower.onApplied((applied) => {
    for (const { id } of applied.told) unheard.delete(id);
  });
  try {
    const appended = await appendSurely(keys, { ...telling, records }, until);
    if (appended.kind === 'conflict') return E.right('other');
    if (appended.kind !== 'committed') return E.left(keyErrorOf(appended));
    const look = (): true | undefined => (unheard.size === 0 ? true : undefined);
    const heard = await follower.until(look, timeLeft(until));
    return heard === true ? E.right('told') : E.left(notNow);
  } finally {
    unlisten();
  }
};
