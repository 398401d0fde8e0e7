import * as E from 'fp-ts/lib/Either.js';
import { digestOf } from '../codec.ts';
import type { Flesh } from '../eventStore.ts';
import type { Arrival } from './applying.ts';
import type { Cluster, Place, StoredRecord } from './cluster.ts';
import { type ArrivedEvent, type ArrivedFlesh, eventIn, fleshIn, fleshStream, isLogStream, toldIn } from './records.ts';

/** Flesh that has come and waits for its event: in memory only, for it can be read again. */
export type FleshAtHand = {
  readonly keep: (arrived: ArrivedFlesh) => void;
  readonly take: (eventId: string, digest: string) => Flesh | undefined;
};

/** How many are kept; what waits longer is read again from its own stream. */
const mostAtHand = 10_000;

/** Flesh at hand, the oldest forgotten first. */
export const fleshAtHand = (): FleshAtHand => {
  const kept = new Map<string, Flesh>();
  const keyOf = (eventId: string, digest: string): string => `${eventId} ${digest}`;
  return {
    keep: ({ event, digest, flesh }) => {
      kept.set(keyOf(event, digest), flesh);
      const [oldest] = kept.keys();
      if (kept.size > mostAtHand && oldest !== undefined) kept.delete(oldest);
    },
    take: (eventId, digest) => {
      const key = keyOf(eventId, digest);
      const found = kept.get(key);
      kept.delete(key);
      return found;
    },
  };
};

type Gathering = { readonly cluster: Pick<Cluster, 'read'>; readonly atHand: FleshAtHand };

const fetchFlesh = async (
  { cluster }: Gathering,
  { stored, writing }: ArrivedEvent,
): Promise<E.Either<'not-now', Flesh | undefined>> => {
  if (writing.flesh === undefined) return E.right(undefined);
  const found = await cluster.read(fleshStream(stored.stream), { from: writing.flesh.revision, limit: 1 });
  if (E.isLeft(found)) return found.left.kind === 'gone' ? E.right(undefined) : E.left('not-now');
  const [record] = found.right;
  const arrived = record === undefined ? undefined : fleshIn(record);
  return E.right(arrived?.event === stored.id && arrived.digest === writing.flesh.digest ? arrived.flesh : undefined);
};

/** Sealed bytes that are not those of the event are as good as none. */
const isOf = ({ stored }: ArrivedEvent, { sealed }: Flesh): boolean =>
  (sealed === undefined ? undefined : digestOf(sealed)) === stored.sealedDigest;

const fleshOf = async (
  gathering: Gathering,
  events: readonly ArrivedEvent[],
): Promise<E.Either<'not-now', ReadonlyMap<string, Flesh>>> => {
  const flesh = new Map<string, Flesh>();
  for (const event of events) {
    const { stored, writing } = event;
    if (writing.flesh === undefined) continue;
    const known = gathering.atHand.take(stored.id, writing.flesh.digest);
    const found = known === undefined ? await fetchFlesh(gathering, event) : E.right(known);
    if (E.isLeft(found)) return found;
    if (found.right !== undefined && isOf(event, found.right)) flesh.set(stored.id, found.right);
  }
  return E.right(flesh);
};

type Cut = { readonly events: readonly ArrivedEvent[]; readonly place: Place; readonly used: number };

const isNext = (event: ArrivedEvent | undefined, first: ArrivedEvent, at: number): event is ArrivedEvent =>
  event !== undefined && event.writing.attempt === first.writing.attempt && event.writing.at === at;

/** The events of the append that begins here; `incomplete` where the rest is still to come, undefined where it is none of Folja's. */
const appendAt = (incoming: readonly StoredRecord[], start: number): Cut | 'incomplete' | undefined => {
  const events: ArrivedEvent[] = [];
  for (let index = start; index < incoming.length; index += 1) {
    const record = incoming[index] as StoredRecord;
    const event = eventIn(record);
    if (!isNext(event, events[0] ?? (event as ArrivedEvent), events.length)) return undefined;
    events.push(event);
    if (events.length === event.writing.of) return { events, place: record.place, used: index - start + 1 };
  }
  return 'incomplete';
};

const besideTheLog = ({ atHand }: Gathering, record: StoredRecord): Arrival => {
  const { place, stream, revision } = record;
  if (isLogStream(stream)) return { kind: 'foreign', place, stream, revision };
  const flesh = fleshIn(record);
  if (flesh !== undefined) {
    atHand.keep(flesh);
    return { kind: 'flesh', place, stream, eventId: flesh.event };
  }
  const told = toldIn(record);
  return told === undefined ? { kind: 'other', place } : { kind: 'told', place, told };
};

/** What was gathered, and how much of what came it used; `isHindered` where the cluster must be asked again. */
export type Gathered = { readonly arrivals: readonly Arrival[]; readonly used: number; readonly isHindered: boolean };

/**
 * Makes arrivals of what a subscription gave, in its order: the events of an append together, each with its flesh, read from its stream where it
 * did not come along. What is incomplete stays for the next time.
 */
export const gather = async (gathering: Gathering, incoming: readonly StoredRecord[]): Promise<Gathered> => {
  const arrivals: Arrival[] = [];
  let used = 0;
  while (used < incoming.length) {
    const record = incoming[used] as StoredRecord;
    const append = isLogStream(record.stream) ? appendAt(incoming, used) : undefined;
    if (append === 'incomplete') break;
    if (append === undefined) {
      arrivals.push(besideTheLog(gathering, record));
      used += 1;
      continue;
    }
    const flesh = await fleshOf(gathering, append.events);
    if (E.isLeft(flesh)) return { arrivals, used, isHindered: true };
    arrivals.push({ kind: 'append', events: append.events, flesh: flesh.right, place: append.place });
    used += append.used;
  }
  return { arrivals, used, isHindered: false };
};
