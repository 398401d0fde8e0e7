import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { Append } from '../appendRules.ts';
import type { StoredEvent, StoreError } from '../eventStore.ts';
import { clusterHead } from './applying.ts';
import { canBeStored, recordsOf, writeBesides } from './besides.ts';
import type { Appended } from './cluster.ts';
import { awaitHead, freshen } from './freshening.ts';
import { type Node, storeErrorOf, timeLeft } from './node.ts';
import { appendAgain } from './retrying.ts';
import { askedAbout, rule, ruleLocally } from './ruling.ts';
import { type Lane, noLane, type Result, type Tried, type Trying, unavailable, unknown } from './trying.ts';
import { groups, turns, type Waiting, type WriteWaiting } from './turns.ts';

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

/** A result that is there already. */
const endedAs = (result: Result): Tried => ({ settle: async () => result });

/** Where a stream ends in the cluster, as far as this node has come or its writer knows. */
const headOf = (node: Node, lane: Lane, stream: string): number =>
  Math.max(clusterHead({ tables: node.log.tables, node: node.tables }, stream), lane.head);

const tryOnce = async (node: Node, trying: Trying): Promise<Tried | undefined> => {
  const ruling = await rule(node, trying);
  if (E.isLeft(ruling)) return endedAs(failed(trying, ruling.left));
  if (ruling.right.kind === 'repeat') return endedAs(await repeated(node, trying, ruling.right.events));
  const { stream, events } = trying.append;
  const head = headOf(node, trying.lane, stream);
  const revision = Math.max(ruling.right.revision, head + 1);
  const besides = await writeBesides(node, trying);
  if (E.isLeft(besides)) return endedAs(failed(trying, besides.left));
  const appended = await writeEvents(node, trying, revision);
  switch (appended.kind) {
    case 'committed':
      trying.lane.head = Math.max(trying.lane.head, revision + events.length - 1);
      return { settle: () => appliedOrTaken(node, trying, revision + events.length - 1) };
    case 'conflict': {
      if (appended.actual < head) return endedAs(E.left(clusterBehind));
      trying.lane.head = -1;
      const come = await awaitHead(node, stream, appended.actual, trying.until);
      return E.isLeft(come) ? endedAs(failed(trying, come.left)) : undefined;
    }
    case 'unknown':
      return endedAs(E.left(unknown));
    default:
      return endedAs(failed(trying, storeErrorOf(appended)));
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

const tryUntilSettled = async (node: Node, trying: Trying): Promise<Tried> => {
  const clear = await clearDoubt(node, trying);
  if (E.isLeft(clear)) return endedAs(failed(trying, clear.left));
  for (;;) {
    const tried = await tryOnce(node, trying);
    if (tried !== undefined) return tried;
    if (timeLeft(trying.until) === 0) return endedAs(failed(trying, unavailable));
  }
};

/** Sorts appends by what they come to without being written; what is left of them is to be written together. */
const toWrite = async (node: Node, waiting: readonly Waiting[]): Promise<readonly Waiting[]> => {
  const left: Waiting[] = [];
  for (const one of waiting) {
    const ruling = ruleLocally(node, one.trying);
    if (E.isLeft(ruling)) one.give(endedAs(failed(one.trying, ruling.left)));
    else if (ruling.right.kind === 'repeat') one.give(endedAs(await repeated(node, one.trying, ruling.right.events)));
    else left.push(one);
  }
  const besides = await Promise.all(left.map(({ trying }) => writeBesides(node, trying)));
  return left.filter((one, index) => {
    const written = besides[index];
    if (written === undefined || E.isRight(written)) return true;
    one.give(endedAs(failed(one.trying, written.left)));
    return false;
  });
};

/** Writes appends as one, each still by itself: its own result, and void by itself where an id of its is taken. */
const writeTogether = async (node: Node, lane: Lane, stream: string, waiting: readonly Waiting[]): Promise<void> => {
  const head = headOf(node, lane, stream);
  let next = head + 1;
  const placed = waiting.map((one) => {
    const first = next;
    next += one.trying.append.events.length;
    return { ...one, first, last: next - 1 };
  });
  const records = placed.flatMap(({ trying, first }) => recordsOf(trying, first));
  const until = Math.min(...waiting.map(({ trying }) => trying.until));
  const appended = await appendAgain(until, () => node.cluster.append(stream, head, records));
  if (appended.kind === 'committed') {
    lane.head = Math.max(lane.head, next - 1);
    for (const { trying, give, last } of placed) give({ settle: () => appliedOrTaken(node, trying, last) });
    return;
  }
  // Whatever it was: each is tried alone, after this node has come to the end of the stream, and finds itself there if it was written.
  lane.isInDoubt = true;
  for (const { trying, give } of placed) {
    trying.isInDoubt = appended.kind === 'unknown';
    give(await tryUntilSettled(node, trying));
  }
};

/** Takes appends to a stream that takes its events wherever it ends: those that wait together are written together. */
const writeWaiting =
  (node: Node): WriteWaiting =>
  async (lane, stream, waiting) => {
    const [first] = waiting;
    if (first === undefined) return;
    if (waiting.length === 1) return first.give(await tryUntilSettled(node, first.trying));
    const clear = await clearDoubt(node, first.trying);
    if (E.isLeft(clear)) {
      for (const { trying, give } of waiting) give(endedAs(failed(trying, clear.left)));
      return;
    }
    const left = await toWrite(node, waiting);
    if (left.length > 0) await writeTogether(node, lane, stream, left);
  };

/**
 * Appends to the cluster as `ruleOn` says, and gives the events when this node has applied them. It ends in one of three ways within the deadline:
 * written, not written, or unknown, which is safe to try again (P4, P5).
 */
export const appendingTo = (node: Node): ((append: Append) => Promise<Result>) => {
  const inTurn = turns();
  const together = groups(writeWaiting(node));
  const tryingOf = (append: Append, attempt: string, isAsked: boolean, lane: Lane): Trying => ({
    ...{ append, attempt, until: Date.now() + node.deadline, lane, flesh: new Map() },
    ...{ isAsked, isInDoubt: false, hasSubjects: false },
  });
  const write = async (append: Append, attempt: string, isAsked: boolean): Promise<Result> => {
    const begin = (lane: Lane): Trying => tryingOf(append, attempt, isAsked, lane);
    if (append.expected === 'any') return together(append, begin);
    return (await tryUntilSettled(node, begin(noLane()))).settle();
  };
  return async (append) => {
    if (!canBeStored(append)) return E.left({ kind: 'unavailable', retry: false });
    const attempt = randomUUID();
    node.follower.expect(attempt);
    const about = askedAbout(node, append);
    try {
      if (about === undefined) return await write(append, attempt, false);
      return await inTurn(about, () => write(append, attempt, true));
    } finally {
      node.follower.forget(attempt);
    }
  };
};
