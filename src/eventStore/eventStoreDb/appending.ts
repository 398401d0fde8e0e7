import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { Append } from '../appendRules.ts';
import type { StoredEvent, StoreError } from '../eventStore.ts';
import { clusterHead } from './applying.ts';
import { canBeStored, recordsOf, writeFlesh, writeSubjects } from './besides.ts';
import type { Appended } from './cluster.ts';
import { awaitHead, freshen } from './freshening.ts';
import { type Node, storeErrorOf, timeLeft } from './node.ts';
import { appendAgain } from './retrying.ts';
import { askedAbout, rule, ruleLocally } from './ruling.ts';
import { type Trying, unavailable, unknown } from './trying.ts';
import { type Lane, noLane, turns } from './turns.ts';

type Result = E.Either<StoreError, readonly StoredEvent[]>;

const clusterBehind: StoreError = { kind: 'damaged', what: 'the log of the cluster, which is behind its nodes' };

/** What could not be finished: unknown where something may have been written. */
const failed = ({ isInDoubt }: Trying, error: StoreError): Result =>
  E.left(isInDoubt && error.kind === 'unavailable' ? unknown : error);

const writeEvents = async (node: Node, trying: Trying, revision: number): Promise<Appended> => {
  const records = recordsOf(trying, revision);
  return appendAgain(trying.until, async () => {
    const appended = await node.cluster.append(trying.append.stream, revision - 1, records);
    if (appended.kind === 'unknown') trying.isInDoubt = true;
    return appended;
  });
};

/** The events are in the cluster: what this node makes of them when they come back. */
const applied = async (node: Node, trying: Trying): Promise<Result> => {
  const { append, attempt, until } = trying;
  const mine = await node.follower.fateOf(attempt, timeLeft(until));
  if (mine === undefined) return E.left(unknown);
  const [first] = append.events;
  if (mine === 'void') return E.left({ kind: 'id-reused', id: first?.id ?? '' });
  return node.log.tables.find(append.events.map(({ id }) => id));
};

/**
 * The server took the append for one that was made before: it knows ids only. Another append of the same ids was there first, by another node or
 * at the same moment here. A writer that was told its events were new must decide again, for what it sent may be another command.
 */
const appliedOrTaken = async (node: Node, trying: Trying, revision: number): Promise<Result> => {
  const { append, until } = trying;
  const come = await awaitHead(node, append.stream, revision, until);
  if (E.isLeft(come)) return E.left(unknown);
  const isMine = await node.follower.fateOf(trying.attempt, 0);
  if (isMine !== undefined) return applied(node, trying);
  const [first] = append.events;
  if (trying.isAsked) return E.left({ kind: 'id-reused', id: first?.id ?? '' });
  const ruling = ruleLocally(node, trying);
  if (E.isLeft(ruling)) return ruling;
  return ruling.right.kind === 'repeat' ? E.right(ruling.right.events) : E.left(unknown);
};

/**
 * The events were there when it was ruled on. Where they were taken for new before that, it was this append itself, of which nobody knew that it was
 * written, or another one of the same ids.
 */
const repeated = async (node: Node, trying: Trying, events: readonly StoredEvent[]): Promise<Result> => {
  if (!trying.isAsked || (await node.follower.fateOf(trying.attempt, 0)) === 'applied') return E.right(events);
  return E.left({ kind: 'id-reused', id: events[0]?.id ?? '' });
};

/** What one try came to; undefined where the stream has moved on, and it is to be ruled on again. */
type Tried = { readonly settle: () => Promise<Result> } | undefined;

const tryOnce = async (node: Node, trying: Trying): Promise<Tried> => {
  const settled = (result: Result): Tried => ({ settle: async () => result });
  const ruling = await rule(node, trying);
  if (E.isLeft(ruling)) return settled(failed(trying, ruling.left));
  if (ruling.right.kind === 'repeat') return settled(await repeated(node, trying, ruling.right.events));
  const { stream, events } = trying.append;
  const head = Math.max(clusterHead({ tables: node.log.tables, node: node.tables }, stream), trying.lane.head);
  const revision = Math.max(ruling.right.revision, head + 1);
  for (const written of await Promise.all([writeFlesh(node, trying), writeSubjects(node, trying)]))
    if (E.isLeft(written)) return settled(failed(trying, written.left));
  const appended = await writeEvents(node, trying, revision);
  switch (appended.kind) {
    case 'committed':
      trying.lane.head = Math.max(trying.lane.head, revision + events.length - 1);
      return { settle: () => appliedOrTaken(node, trying, revision + events.length - 1) };
    case 'conflict': {
      if (appended.actual < head) return settled(E.left(clusterBehind));
      trying.lane.head = -1;
      const come = await awaitHead(node, stream, appended.actual, trying.until);
      return E.isLeft(come) ? settled(failed(trying, come.left)) : undefined;
    }
    case 'unknown':
      return settled(E.left(unknown));
    default:
      return settled(failed(trying, storeErrorOf(appended)));
  }
};

/** What was sent before may have been written: it must be seen, if so, before anything is ruled on. */
const clearDoubt = async (node: Node, { append, lane, until }: Trying): Promise<E.Either<StoreError, void>> => {
  if (!lane.isInDoubt) return E.right(undefined);
  const fresh = await freshen(node, append.stream, until);
  if (E.isRight(fresh)) {
    lane.isInDoubt = false;
    lane.head = -1;
  }
  return fresh;
};

const tryUntilSettled = async (node: Node, trying: Trying): Promise<NonNullable<Tried>> => {
  const clear = await clearDoubt(node, trying);
  if (E.isLeft(clear)) return { settle: async () => clear };
  for (;;) {
    const tried = await tryOnce(node, trying);
    if (tried !== undefined) return tried;
    if (timeLeft(trying.until) === 0) return { settle: async () => failed(trying, unavailable) };
  }
};

/**
 * Appends to the cluster as `ruleOn` says, and gives the events when this node has applied them. It ends in one of three ways within the deadline:
 * written, not written, or unknown, which is safe to try again (P4, P5).
 */
export const appendingTo = (node: Node): ((append: Append) => Promise<Result>) => {
  const inTurn = turns();
  return async (append) => {
    if (!canBeStored(append)) return E.left({ kind: 'unavailable', retry: false });
    const attempt = randomUUID();
    const until = Date.now() + node.deadline;
    node.follower.expect(attempt);
    const about = askedAbout(node, append);
    const isAsked = about !== undefined;
    const begin = (lane: Lane) =>
      tryUntilSettled(node, {
        ...{ append, attempt, until, lane, flesh: new Map() },
        ...{ isAsked, isInDoubt: false, hasSubjects: false },
      });
    const settle = async (lane: Lane, tried: NonNullable<Tried>): Promise<Result> => {
      const result = await tried.settle();
      if (E.isLeft(result) && result.left.kind === 'unknown') lane.isInDoubt = true;
      return result;
    };
    const settled = async (): Promise<Result> => (await begin(noLane())).settle();
    try {
      if (about !== undefined) return (await inTurn(about, settled)).done;
      if (append.expected !== 'any' && append.expected !== 'stream-exists') return await settled();
      const { lane, done } = await inTurn(append.stream, begin);
      return await settle(lane, done);
    } finally {
      node.follower.forget(attempt);
    }
  };
};
