import * as E from 'fp-ts/lib/Either.js';
import type { StoreError } from '../eventStore.ts';
import { clusterHead } from './applying.ts';
import { type Node, storeErrorOf, timeLeft } from './node.ts';

const notYet: StoreError = { kind: 'unavailable', retry: true };

const headOf = ({ log, tables }: Node, stream: string): number =>
  clusterHead({ tables: log.tables, node: tables }, stream);

/** Waits until this node has a stream up to a revision; Left when it has not in time. */
export const awaitHead = async (
  node: Node,
  stream: string,
  revision: number,
  until: number,
): Promise<E.Either<StoreError, void>> => {
  const look = (): true | undefined => (headOf(node, stream) >= revision ? true : undefined);
  const come = await node.follower.until(look, timeLeft(until));
  return come === true ? E.right(undefined) : E.left(notYet);
};

/**
 * Brings a stream up to where the cluster has it now, so that what was acknowledged by any node before this call is seen by it: a role that was
 * revoked, a module that was opened (architecture, section 3).
 */
export const freshen = async (node: Node, stream: string, until: number): Promise<E.Either<StoreError, void>> => {
  const last = await node.cluster.last(stream);
  if (E.isLeft(last)) return E.left(storeErrorOf(last.left));
  return last.right === undefined ? E.right(undefined) : awaitHead(node, stream, last.right.revision, until);
};

/** Why flesh cannot be written: it is that of a purged program, which the writer is to learn of, or of one that did not start in its time. */
export const fleshEnded = async (node: Node, stream: string, until: number): Promise<E.Either<StoreError, never>> => {
  const fresh = await freshen(node, stream, until);
  if (E.isLeft(fresh)) return fresh;
  return E.left(headOf(node, stream) < 0 ? { kind: 'unavailable', retry: false } : notYet);
};
