import * as E from 'fp-ts/lib/Either.js';
import { requireAppend } from '../appendRules.ts';
import type { EventStore, StoredEvent, StoreError } from '../eventStore.ts';
import { isAccessStream } from '../streams.ts';
import { endFlesh } from './abandoned.ts';
import { appendingTo } from './appending.ts';
import { freshen } from './freshening.ts';
import { type Node, storeErrorOf, tell, tellIn } from './node.ts';
import { fleshStream, subjectStream, tagTold } from './records.ts';

const closed: StoreError = { kind: 'unavailable', retry: false };

type Local = Pick<Node, 'cluster' | 'follower'> & { readonly local: EventStore; readonly node: Node };

/** Ends a stream of the cluster for ever. */
const end = async ({ cluster }: Node, stream: string): Promise<E.Either<StoreError, void>> =>
  E.mapLeft(storeErrorOf)(await cluster.tombstone(stream));

/** A stream as the cluster has it now; nobody but this node writes to its access log. */
const readFresh = async ({ node, local }: Local, stream: string, from: number) => {
  const fresh = isAccessStream(stream) ? E.right(undefined) : await freshen(node, stream, Date.now() + node.deadline);
  return E.isLeft(fresh) ? fresh : local.read(stream, from)();
};

/** Erases here and in the cluster; all nodes are told, for each waits with the end until servers have removed it from their disks. */
const eraseFlesh = async ({ node, local }: Local, stream: string): Promise<E.Either<StoreError, void>> => {
  const erased = await local.eraseFlesh(stream)();
  if (E.isLeft(erased)) return erased;
  const ended = await endFlesh(node, fleshStream(stream));
  if (E.isLeft(ended) || node.tables.isTombstoned(stream)) return ended;
  return E.map(() => undefined)(await tell(node, { type: 'stream-erased', data: { stream } }));
};

/** The new tag of a resident, for all nodes; nothing where the flesh has ended meanwhile. */
const retag = async (
  { node, local }: Local,
  position: number,
  tag: Uint8Array,
): Promise<E.Either<StoreError, void>> => {
  const found = await local.readAll(position - 1, 1)();
  if (E.isLeft(found)) return found;
  const event: StoredEvent | undefined = found.right[0];
  if (event === undefined) return E.right(undefined);
  const told = await tellIn(node, fleshStream(event.stream), tagTold(event.id, tag));
  const hasEnded = E.isLeft(told) && told.left.kind === 'unavailable' && !told.left.retry;
  return hasEnded || E.isRight(told) ? E.right(undefined) : told;
};

const eraseAuditYear = async ({ node, local }: Local, year: number): Promise<E.Either<StoreError, number>> => {
  const ended = await end(node, subjectStream(year));
  return E.isLeft(ended) ? ended : local.eraseAuditYear(year)();
};

/** The event store of a node: what is read lies in its own file, and what is written goes to the cluster and comes back. */
export const nodeEvents = (node: Node, local: EventStore): EventStore => {
  const { cluster, follower, log } = node;
  const here: Local = { node, local, cluster, follower };
  const append = appendingTo(node);
  const underWay = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;
  const whenOpen =
    <A>(work: () => Promise<E.Either<StoreError, A>>) =>
    async (): Promise<E.Either<StoreError, A>> => {
      if (closing !== undefined) return E.left(closed);
      const doing = work();
      underWay.add(doing);
      return doing.finally(() => underWay.delete(doing));
    };
  /** What was begun is waited for: each ends within its deadline. */
  const close = async (): Promise<void> => {
    await Promise.allSettled(underWay);
    await follower.stop();
    await local.close();
    await cluster.close();
  };
  // Where a stream ends is what the cluster says, which this node may not have seen.
  const { knownHead: _, ...reading } = local;
  return {
    ...reading,
    append: (stream, expected, events, options = {}) => {
      requireAppend(events);
      return whenOpen(() => append({ stream, expected, events, options }));
    },
    read: (stream, from = 0) => whenOpen(() => readFresh(here, stream, from)),
    eraseFlesh: (stream) => whenOpen(() => eraseFlesh(here, stream)),
    retag: (position, tag) => whenOpen(() => retag(here, position, tag)),
    eraseAuditYear: (year) => whenOpen(() => eraseAuditYear(here, year)),
    finishErasure: (stream) =>
      whenOpen(async () => {
        const finished = await local.finishErasure(stream)();
        if (E.isLeft(finished)) return finished;
        return log.writer.write(() => E.right(node.tables.forgetCleanings(stream)));
      }),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
};
