import * as E from 'fp-ts/lib/Either.js';
import type { Append } from '../appendRules.ts';
import { encode, toStored } from '../codec.ts';
import type { StoreError } from '../eventStore.ts';
import type { NewRecord } from './cluster.ts';
import { fleshEnded } from './freshening.ts';
import { type Node, storeErrorOf } from './node.ts';
import { eventRecord, fleshRecord, fleshStream, subjectStream, subjectTold, toldRecord } from './records.ts';
import { appendAgain } from './retrying.ts';
import { type Trying, unavailable } from './trying.ts';

/** Flesh is written before its event, so that no event is ever without; what is never joined by one is not served, and ended after a day. */
const writeFlesh = async (node: Node, trying: Trying): Promise<E.Either<StoreError, void>> => {
  const { stream, events } = trying.append;
  const made = events.flatMap(({ id, flesh }) =>
    flesh === undefined || Object.keys(flesh).length === 0 ? [] : [{ id, ...fleshRecord(id, flesh) }],
  );
  if (made.length === 0 || trying.flesh.size > 0) return E.right(undefined);
  const records = made.map(({ record }) => record);
  const appended = await appendAgain(trying.until, () => node.cluster.append(fleshStream(stream), 'any', records));
  if (appended.kind === 'gone') return fleshEnded(node, stream, trying.until);
  if (appended.kind !== 'committed')
    return E.left(appended.kind === 'unavailable' ? storeErrorOf(appended) : unavailable);
  const first = appended.revision - records.length + 1;
  for (const [index, { id, digest }] of made.entries()) trying.flesh.set(id, { digest, revision: first + index });
  return E.right(undefined);
};

/** One that is written twice is the first for everybody. */
const writeSubjects = async (node: Node, trying: Trying): Promise<E.Either<StoreError, void>> => {
  const subjects = trying.append.options.subjects ?? [];
  const byYear = new Map<number, NewRecord[]>();
  for (const subject of trying.hasSubjects ? [] : subjects)
    byYear.set(subject.year, [...(byYear.get(subject.year) ?? []), toldRecord(subjectTold(subject))]);
  for (const [year, records] of byYear) {
    const appended = await appendAgain(trying.until, () => node.cluster.append(subjectStream(year), 'any', records));
    // A year that was disposed of names nobody any more.
    if (appended.kind !== 'committed' && appended.kind !== 'gone')
      return E.left(appended.kind === 'unavailable' ? storeErrorOf(appended) : unavailable);
  }
  trying.hasSubjects = true;
  return E.right(undefined);
};

/** Writes what lies beside the events of an append, and is to be there before they are. */
export const writeBesides = async (node: Node, trying: Trying): Promise<E.Either<StoreError, void>> => {
  const [flesh, subjects] = await Promise.all([writeFlesh(node, trying), writeSubjects(node, trying)]);
  return E.isLeft(flesh) ? flesh : subjects;
};

/** What JSON cannot hold never gets as far as the cluster, nor does its flesh. */
export const canBeStored = ({ stream, events }: Append): boolean => {
  try {
    for (const event of events) encode(toStored(event, stream, 0));
    return true;
  } catch {
    return false;
  }
};

/** The records of an append, the first of them at a revision. */
export const recordsOf = ({ append, attempt, flesh }: Trying, revision: number): readonly NewRecord[] => {
  const { stream, events, options } = append;
  return events.map((event, at) => {
    const writing = { attempt, at, of: events.length, flesh: flesh.get(event.id) };
    const isLast = at === events.length - 1;
    return eventRecord(
      event,
      stream,
      revision + at,
      isLast ? { ...writing, erasure: options.erasure?.keyId } : writing,
    );
  });
};
