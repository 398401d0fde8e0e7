import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { Uuid } from '../../domain/identifiers.ts';
import type { StoreError } from '../eventStore.ts';
import type { Log } from '../sqlite.ts';
import type { Told } from '../tidings.ts';
import type { Cluster, ClusterFailure } from './cluster.ts';
import type { Follower } from './following.ts';
import type { NodeTables } from './nodeTables.ts';
import { toldRecord } from './records.ts';
import { appendAgain } from './retrying.ts';

/** One machine's part of a cluster: its file, and how it follows. */
export type Node = {
  /** The random id of this node's file. */
  readonly id: Uuid;
  readonly cluster: Cluster;
  readonly db: Database;
  readonly log: Log;
  readonly tables: NodeTables;
  readonly follower: Follower;
  /** How long a call may take in all, in milliseconds. */
  readonly deadline: number;
};

/** What a call has left of its time. */
export const timeLeft = (until: number): number => Math.max(0, until - Date.now());

/** What a failure of the cluster is for whoever uses the store. */
export const storeErrorOf = (failure: ClusterFailure): StoreError =>
  failure.kind === 'gone' ? { kind: 'unavailable', retry: false } : failure;

/** The streams in which nodes tell one another, by what they tell. */
export const streamOf = ({ type, data }: Told): string => {
  switch (type) {
    case 'audit-subject':
      return `folja-subjects-${data.year}`;
    case 'key-named':
      return `folja-keyname-${data.name}`;
    case 'key-made':
    case 'key-destroyed':
      return 'folja-keys';
    case 'epoch-opened':
    case 'epoch-closed':
      return 'folja-epochs';
    case 'deadline-noted':
      return `folja-deadline-${data.flag}`;
    case 'notifications-begun':
      return 'folja-begun';
    case 'notifications-settled':
      return 'folja-settled';
    case 'resident-tagged':
      throw new TypeError('a tag is told in the stream of its flesh');
    default:
      return 'folja-nodes';
  }
};

/** Tells in a stream, and waits until this node has heard it itself. Told twice, for nobody knew of the first, is as good as once. */
export const tellIn = async (
  { cluster, follower, deadline }: Pick<Node, 'cluster' | 'follower' | 'deadline'>,
  stream: string,
  told: Told,
  expected: number | 'any' = 'any',
): Promise<E.Either<StoreError, 'told' | 'other'>> => {
  const until = Date.now() + deadline;
  const record = toldRecord(told);
  let isHeard: true | undefined;
  const unlisten = follower.onApplied((applied) => {
    if (applied.told.some(({ id }) => id === record.id)) isHeard = true;
  });
  try {
    const appended = await appendAgain(until, () => cluster.append(stream, expected, [record]));
    if (appended.kind === 'conflict') return E.right('other');
    if (appended.kind === 'unknown') return E.left({ kind: 'unknown' });
    if (appended.kind !== 'committed') return E.left(storeErrorOf(appended));
    const heard = await follower.until(() => isHeard, timeLeft(until));
    return heard === true ? E.right('told') : E.left({ kind: 'unknown' });
  } finally {
    unlisten();
  }
};

/** Tells all nodes, and waits until this one has heard it. Where it is told once only, `other` says that somebody has. */
export const tell = (
  node: Pick<Node, 'cluster' | 'follower' | 'deadline'>,
  told: Told,
  expected: number | 'any' = 'any',
): Promise<E.Either<StoreError, 'told' | 'other'>> => tellIn(node, streamOf(told), told, expected);
