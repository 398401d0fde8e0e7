import * as E from 'fp-ts/lib/Either.js';
import type { Flesh, Prepared, StoredEvent, StoreError } from '../eventStore.ts';
import type { Tables, Written } from '../sqliteTables.ts';
import type { Place } from './cluster.ts';
import type { NodeTables } from './nodeTables.ts';
import { type ArrivedEvent, type ArrivedTold, toldSubject } from './records.ts';

/** What a node applies, in the order of the cluster's log; `place` is where it ends. */
export type Arrival = { readonly place: Place } & (
  | {
      readonly kind: 'append';
      /** All events of one append. */
      readonly events: readonly ArrivedEvent[];
      /** By event id: what still has some. */
      readonly flesh: ReadonlyMap<string, Flesh>;
    }
  | { readonly kind: 'flesh'; readonly stream: string; readonly eventId: string }
  | { readonly kind: 'told'; readonly told: ArrivedTold }
  /** Something in a stream of the log that Folja did not write: no event, but it takes its place. */
  | { readonly kind: 'foreign'; readonly stream: string; readonly revision: number }
  /** Nothing of Folja's. */
  | { readonly kind: 'other' }
);

/** What became of an append: it is in the log, or it is void, for one of its ids was another event's. */
export type Fate = 'applied' | 'void';

/** What was applied in one transaction. */
export type Applied = {
  /** By attempt. */
  readonly fates: ReadonlyMap<string, Fate>;
  readonly told: readonly ArrivedTold[];
  readonly events: readonly StoredEvent[];
};

/** What a node applies to. */
export type Applying = {
  readonly tables: Tables;
  readonly node: NodeTables;
  readonly prepared: Pick<Prepared, 'inline' | 'settle'>;
  /** Applies what is told to the tables that are not the store's own. */
  readonly hear: (told: ArrivedTold) => void;
  /** When flesh is said to have come: an instant. */
  readonly now: () => string;
};

type Done = {
  readonly fates: Map<string, Fate>;
  readonly told: ArrivedTold[];
  readonly events: StoredEvent[];
  /** Written, and not yet seen by the read models. */
  unseen: Written[];
};

const right: E.Either<StoreError, void> = E.right(undefined);

/** The read models see events before what is told after them, so that every node does the same. */
const show = ({ prepared }: Applying, done: Done): void => {
  if (done.unseen.length === 0) return;
  prepared.inline(
    done.unseen.map(({ event }) => event),
    done.unseen.map(({ leaf }) => leaf),
  );
  prepared.settle?.();
  done.unseen = [];
};

/** The revision of a stream's last event in the cluster, as far as this node has come: voided ones count there. */
export const clusterHead = ({ tables, node }: Pick<Applying, 'tables' | 'node'>, stream: string): number =>
  Math.max(tables.headOf(stream), node.lastVoid(stream));

const write = (
  { tables, node }: Applying,
  done: Done,
  { events, flesh }: Extract<Arrival, { kind: 'append' }>,
): E.Either<StoreError, void> => {
  const stream = events[0]?.stored.stream ?? '';
  tables.addStream(stream);
  for (const { stored, body, digest, writing } of events) {
    const written = tables.addEncoded(stored, { body, digest }, flesh.get(stored.id));
    if (E.isLeft(written)) return written;
    if (writing.flesh !== undefined) node.joinFlesh(stored.id);
    if (writing.erasure !== undefined) tables.addErasure(stream, writing.erasure, written.right.event.position);
    done.unseen.push(written.right);
    done.events.push(written.right.event);
  }
  return right;
};

/**
 * Two nodes may write events of the same id to two streams, which no server keeps them from. The first in the order of the log counts, on
 * every node; the append of the later one is void, all of it, and its writer is told that the id is taken.
 */
const applyAppend = (
  applying: Applying,
  done: Done,
  append: Extract<Arrival, { kind: 'append' }>,
): E.Either<StoreError, void> => {
  const { tables, node } = applying;
  const [first] = append.events;
  if (first === undefined) return right;
  const { stream, revision } = first.stored;
  if (clusterHead(applying, stream) !== revision - 1)
    return E.left({ kind: 'damaged', what: `stream ${stream} at revision ${revision}` });
  const taken = tables.find(append.events.map(({ stored }) => stored.id));
  if (E.isLeft(taken)) return taken;
  done.fates.set(first.writing.attempt, taken.right.length === 0 ? 'applied' : 'void');
  if (taken.right.length === 0) return write(applying, done, append);
  for (const { stored } of append.events) node.addVoid(stored.stream, stored.revision);
  return right;
};

const applyTold = ({ tables, node, hear }: Applying, told: ArrivedTold): unknown => {
  switch (told.type) {
    case 'key-made':
    case 'key-named':
    case 'key-destroyed':
    case 'epoch-opened':
    case 'epoch-closed':
      return void node.applyKeyNews(told);
    case 'node-opened':
    case 'node-retired':
    case 'node-cleaned':
    case 'stream-erased':
    case 'scavenge-begun':
    case 'scavenge-done':
      return node.applyErasureNews(told);
    case 'resident-tagged':
      return node.applyTag(told);
    case 'audit-subject':
      return tables.addSubject(toldSubject(told.data));
    default:
      return hear(told);
  }
};

const applyOne = (applying: Applying, done: Done, arrival: Arrival): E.Either<StoreError, void> => {
  switch (arrival.kind) {
    case 'append':
      return applyAppend(applying, done, arrival);
    case 'flesh':
      applying.node.addLoneFlesh(arrival.eventId, arrival.stream, applying.now());
      return right;
    case 'told':
      show(applying, done);
      applyTold(applying, arrival.told);
      done.told.push(arrival.told);
      return right;
    case 'foreign':
      if (clusterHead(applying, arrival.stream) === arrival.revision - 1)
        applying.node.addVoid(arrival.stream, arrival.revision);
      return right;
    case 'other':
      return right;
  }
};

const isAfter = (place: Place, other: Place | undefined): boolean =>
  other === undefined ||
  place.commit > other.commit ||
  (place.commit === other.commit && place.prepare > other.prepare);

/** Events of the log are never removed from a cluster; flesh is, and years of the audit log. */
const isLasting = ({ kind }: Arrival): boolean => kind === 'append';

/**
 * Applies what came from the cluster to a node's file: events and flesh, read models, what is told, and how far the node has come. To be called
 * in one transaction; what has been applied before is passed over. Left undoes all of it.
 */
export const applyAll = (applying: Applying, arrivals: readonly Arrival[]): E.Either<StoreError, Applied> => {
  const done: Done = { fates: new Map(), told: [], events: [], unseen: [] };
  const begun = applying.node.place();
  const fresh = arrivals.filter(({ place }) => isAfter(place, begun));
  for (const arrival of fresh) {
    const applied = applyOne(applying, done, arrival);
    if (E.isLeft(applied)) return applied;
  }
  show(applying, done);
  const last = fresh.at(-1);
  if (last !== undefined) applying.node.moveTo(last.place, fresh.findLast(isLasting)?.place);
  return E.right(done);
};
