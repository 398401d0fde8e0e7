import { randomUUID } from 'node:crypto';
import type { Group } from './groups.ts';
import { type Contents, createLog, type Log } from './log.ts';

/** A server as the others know of it. */
export type Member = { readonly id: string; readonly host: string; readonly port: number; isAlive: boolean };

/** What the servers of a cluster have in common: one log, the groups of consumers, and who leads. */
export type ModelCluster = {
  readonly log: Log;
  readonly groups: Map<string, Group>;
  readonly members: readonly Member[];
  /** The member that leads; undefined while nobody does. */
  readonly leader: () => Member | undefined;
  /** Lets another server lead, or none. All consumers of groups lose their connection, and groups begin again at their checkpoint. */
  readonly elect: (port: number | undefined) => void;
  readonly join: (host: string, port: number) => Member;
};

/** Makes a cluster without servers, its log empty or with what another holds; the first that starts in it leads. */
export const modelCluster = (
  options: { readonly memory?: number; readonly contents?: Contents } = {},
): ModelCluster => {
  const groups = new Map<string, Group>();
  const members: Member[] = [];
  let leader: number | undefined;
  return {
    log: createLog(options),
    groups,
    members,
    leader: () => members.find(({ port }) => port === leader),
    elect: (port) => {
      if (port !== leader) for (const group of groups.values()) group.restart();
      leader = port;
    },
    join: (host, port) => {
      const known = members.find((member) => member.port === port);
      const member = known ?? { id: randomUUID(), host, port, isAlive: true };
      member.isAlive = true;
      if (!known) members.push(member);
      leader ??= port;
      return member;
    },
  };
};
