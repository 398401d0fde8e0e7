import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { StoreError } from '../eventStore.ts';
import type { Member } from './cluster.ts';
import { type Node, storeErrorOf, tell } from './node.ts';

type Done = E.Either<StoreError, void>;

/** Called as servers are done: how many, of how many. */
export type ScavengeProgress = (done: number, total: number) => void;

/**
 * A server (23.10, `Scavenger.cs`) removes what was deleted before a point in the log. It goes on with a scavenge that was interrupted, up to the
 * point of that; then it takes the newest point that any server has made, which may be an old one; only when it has come so far itself does it
 * make a new point. So the third run in a row is the first that is sure to reach what was deleted right before; those with nothing left to do
 * take little time.
 */
const runsEach = 3;

const firstPause = 20;
const longestPause = 5_000;
/** A server that cannot say how its scavenge stands may be starting anew, which takes a while. */
const patience = 120_000;

const notNow: StoreError = { kind: 'unavailable', retry: true };
const done: Done = E.right(undefined);

/** Waits until a server is done; a scavenge takes as long as it takes, so only silence has a limit. */
const follow = async ({ cluster, log }: Node, scavengeId: string): Promise<Done> => {
  let heardAt = Date.now();
  for (let pause = firstPause; log.closing === undefined; pause = Math.min(longestPause, pause * 2)) {
    const state = await cluster.scavenging(scavengeId);
    if (E.isRight(state) && state.right === 'done') return done;
    if (E.isRight(state) && state.right === 'failed') return E.left(notNow);
    if (E.isRight(state)) heardAt = Date.now();
    if (E.isLeft(state) && Date.now() - heardAt > patience) return E.left(storeErrorOf(state.left));
    await wait(pause);
  }
  return E.left({ kind: 'unavailable', retry: false });
};

const isSame = (one: Member, other: Member): boolean => one.host === other.host && one.port === other.port;

/** All servers; Left where one of them is not there, for nothing is gone before it is gone from every disk. */
const serversOf = async ({ cluster }: Node): Promise<E.Either<StoreError, readonly Member[]>> => {
  const members = await cluster.members();
  if (E.isLeft(members)) return E.left(storeErrorOf(members.left));
  const areThere = members.right.length > 0 && members.right.every(({ isAlive }) => isAlive);
  return areThere ? members : E.left(notNow);
};

const runOn = async (node: Node, member: Member): Promise<Done> => {
  for (let run = 0; run < runsEach; run += 1) {
    const begun = await node.cluster.scavenge(member);
    if (E.isLeft(begun)) return E.left(storeErrorOf(begun.left));
    const followed = await follow(node, begun.right);
    if (E.isLeft(followed)) return followed;
  }
  return done;
};

/** One after the other: two that make a point in the log at the same moment fail, and a cluster whose servers are all busy with their disks is slow. */
const runAll = async (node: Node, servers: readonly Member[], onProgress: ScavengeProgress): Promise<Done> => {
  onProgress(0, servers.length);
  for (const [index, member] of servers.entries()) {
    const ran = await runOn(node, member);
    if (E.isLeft(ran)) return ran;
    onProgress(index + 1, servers.length);
  }
  return done;
};

/** A server that came meanwhile holds what was deleted, until it is scavenged too. */
const requireSame = async (node: Node, servers: readonly Member[]): Promise<Done> => {
  const now = await serversOf(node);
  if (E.isLeft(now)) return now;
  const isKnown = (member: Member): boolean => servers.some((one) => isSame(one, member));
  return now.right.every(isKnown) ? done : E.left(notNow);
};

/**
 * Removes from the disk of every server what was deleted before now, and tells all nodes so when every one is done. Left where one is not there, or
 * fails: then nobody is told, and it is to be done again.
 */
export const scavengeAll = async (node: Node, onProgress: ScavengeProgress = () => undefined): Promise<Done> => {
  const servers = await serversOf(node);
  if (E.isLeft(servers)) return servers;
  const scavenge = randomUUID();
  const begun = await tell(node, { type: 'scavenge-begun', data: { scavenge } });
  if (E.isLeft(begun)) return begun;
  const ran = await runAll(node, servers.right, onProgress);
  if (E.isLeft(ran)) return ran;
  const same = await requireSame(node, servers.right);
  if (E.isLeft(same)) return same;
  return E.map(() => undefined)(await tell(node, { type: 'scavenge-done', data: { scavenge } }));
};
