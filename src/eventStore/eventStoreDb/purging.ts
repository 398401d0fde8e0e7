import * as E from 'fp-ts/lib/Either.js';
import type { NodeState, Sharing } from '../engine.ts';
import type { PendingErasure, StoreError } from '../eventStore.ts';
import { endAbandoned } from './abandoned.ts';
import type { Applied } from './applying.ts';
import { type Node, tell } from './node.ts';
import type { NodeRow } from './nodeTables.ts';
import { scavengeAll } from './scavenging.ts';

/** What an erasure may wait for: told by any node. */
const newsTold: readonly string[] = ['node-opened', 'node-retired', 'node-cleaned', 'stream-erased', 'scavenge-done'];
/** What begins an erasure: an event that any node wrote. */
const newsEvents: readonly string[] = ['purged', 'log-year-disposed'];

const isNews = ({ told, events }: Applied): boolean =>
  told.some(({ type }) => newsTold.includes(type)) || events.some(({ type }) => newsEvents.includes(type));

/** Enough of an id to tell the machines of a cluster apart. */
const shortLength = 8;
const nameOf = (nodeId: string): string => `node-${nodeId.slice(0, shortLength)}`;

/** All nodes are to know that this one has nothing left in its file. */
const tellCleaned = async (node: Node, stream: string): Promise<boolean> => {
  if (!node.tables.uncleaned(stream).includes(node.id)) return true;
  return E.isRight(await tell(node, { type: 'node-cleaned', data: { nodeId: node.id, stream } }));
};

/** What is still there outside this node's file: in the cluster, in the files of other nodes, on the disks of servers. */
const elsewhere = async (node: Node, { stream }: PendingErasure): Promise<E.Either<readonly string[], void>> => {
  const isTold = await tellCleaned(node, stream);
  const { tables } = node;
  const waits = [
    ...(isTold && tables.isTombstoned(stream) ? [] : ['cluster']),
    ...tables.uncleaned(stream).flatMap((nodeId) => (nodeId === node.id ? [] : [nameOf(nodeId)])),
    ...(tables.isScavenged(stream) ? [] : ['scavenge']),
  ];
  return waits.length === 0 ? E.right(undefined) : E.left(waits);
};

const stateOf =
  ({ id }: Node) =>
  ({ nodeId, openedAt, retiredAt }: NodeRow): NodeState => ({
    ...{ nodeId, openedAt, isThis: nodeId === id },
    ...(retiredAt === null ? {} : { retiredAt }),
  });

const now = (): string => new Date().toISOString();

/** This node is there to be asked, so it is not gone. */
const retire = async (node: Node, nodeId: string): Promise<E.Either<StoreError, boolean>> => {
  const found = node.tables.allNodes().find((row) => row.nodeId === nodeId);
  if (found === undefined || nodeId === node.id) return E.right(false);
  if (found.retiredAt !== null) return E.right(true);
  return E.map(() => true)(await tell(node, { type: 'node-retired', data: { nodeId, at: now() } }));
};

/** A node that hears that it is gone says that it is not: its file may hold what nobody waits for any more. */
const contradict = (node: Node): void => {
  node.follower.onApplied(({ told }) => {
    const isGone = told.some(({ type, data }) => type === 'node-retired' && data.nodeId === node.id);
    if (isGone) void tell(node, { type: 'node-opened', data: { nodeId: node.id, at: now() } });
  });
};

/** What a node knows of erasures beyond its own file, and does for them. */
export const purgingOn = (
  node: Node,
): Pick<Sharing, 'elsewhere' | 'onErasureNews' | 'nodes' | 'retire' | 'scavenge' | 'endAbandoned'> => {
  contradict(node);
  return {
    elsewhere: (erasure) => elsewhere(node, erasure),
    onErasureNews: (listener) => node.follower.onApplied((applied) => (isNews(applied) ? listener() : undefined)),
    nodes: () => node.tables.allNodes().map(stateOf(node)),
    retire: (nodeId) => () => retire(node, nodeId),
    scavenge: (onProgress) => () => scavengeAll(node, onProgress),
    endAbandoned: () => () => endAbandoned(node),
  };
};
