import { join, parse, resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import { directoryAnchors } from './audit/directoryAnchors.ts';
import type { Engine, Store } from './eventStore/engine.ts';
import type { Prepared } from './eventStore/eventStore.ts';
import { apart } from './eventStore/eventStoreDb/apart.ts';
import type { Cluster } from './eventStore/eventStoreDb/cluster.ts';
import { connectTo } from './eventStore/eventStoreDb/connection.ts';
import { nodeEvents } from './eventStore/eventStoreDb/nodeEvents.ts';
import { openNodeFile } from './eventStore/eventStoreDb/nodeFile.ts';
import { lockNode } from './eventStore/eventStoreDb/nodeLock.ts';
import { type OpeningProgress, openNode, storeIdIn } from './eventStore/eventStoreDb/opening.ts';
import { followedPrefixes } from './eventStore/eventStoreDb/records.ts';
import { sharingOf } from './eventStore/eventStoreDb/sharing.ts';
import { readGiven, requireKnown, setUpError } from './eventStore/setUpError.ts';
import { eventsIn } from './eventStore/sqlite.ts';
import { asideOf } from './eventStore/sqliteAside.ts';
import { openClusterKeys } from './privacy/clusterKeys.ts';
import type { MasterKey } from './privacy/keys.ts';

/** Where a cluster is, and where this machine keeps its part. */
export type EventStoreDbStoreOptions = {
  /** A connection string, such as `esdb://user:password@one:2113,two:2113,three:2113?tlsCAFile=ca.crt`. */
  readonly connection: string;
  /** The file in which this node keeps its copy of the log and its read models: its own, on a local disk. Made where it is not there. */
  readonly readModelPath: string;
  /**
   * How the names of all its streams are to begin, `[a-z0-9-]` and at most 32 characters: for stores that share a cluster, each with its own.
   * Nothing unless told; the same on every node, for ever.
   */
  readonly prefix?: string;
  /** The directory of anchors, signed heads and the ledger of purges; beside the read models unless told: node.db, node.anchors. */
  readonly anchorPath?: string;
  /** How long a call may wait for the cluster, in milliseconds: 10 000 unless told. */
  readonly deadline?: number;
  /** Told how far a node has come that is building its read models; in bytes of the cluster's log. */
  readonly onProgress?: OpeningProgress;
  /** Goes on, once, with a log that is not what this node's anchors vouch for. */
  readonly acceptOlder?: boolean;
};

type Settings = {
  readonly connection: string;
  readonly path: string;
  readonly prefix: string;
  readonly anchorPath: string;
  readonly deadline: number;
  readonly onProgress: OpeningProgress | undefined;
  readonly acceptsOlder: boolean;
};

const optionNames = ['connection', 'readModelPath', 'prefix', 'anchorPath', 'deadline', 'onProgress', 'acceptOlder'];
const standardDeadline = 10_000;
const shortestDeadline = 100;

const isOneOf = (given: unknown, ...types: readonly string[]): boolean => types.includes(typeof given);

const ownNames = [...followedPrefixes, 'keys-'];

/** One that begins as streams do would be followed by a store without any. */
const isPrefix = (given: unknown): given is string =>
  typeof given === 'string' && /^[a-z0-9-]{0,32}$/.test(given) && !ownNames.some((name) => given.startsWith(name));

const anchorsBeside = (path: string): string => {
  const { dir, name } = parse(path);
  return join(dir, `${name}.anchors`);
};

const readOptions = (options: EventStoreDbStoreOptions): Settings => {
  const { connection, readModelPath: path, prefix = '', anchorPath, deadline = standardDeadline } = options;
  const { onProgress, acceptOlder } = options;
  requireKnown('eventStoreDbStore', options, optionNames);
  if (typeof connection !== 'string' || connection === '')
    throw setUpError('eventStoreDbStore needs a connection: give it a connection string that begins with esdb://.');
  if (typeof path !== 'string' || path === '' || !isOneOf(anchorPath, 'string', 'undefined'))
    throw setUpError('eventStoreDbStore needs a readModelPath: give it the path of a file, such as node.db.');
  if (typeof deadline !== 'number' || !(deadline >= shortestDeadline))
    throw setUpError(`The option deadline is not usable: give a number of milliseconds, ${shortestDeadline} or more.`);
  if (!isOneOf(onProgress, 'function', 'undefined') || !isOneOf(acceptOlder, 'boolean', 'undefined'))
    throw setUpError('The options onProgress and acceptOlder are not usable: give a function, and true or false.');
  if (!isPrefix(prefix))
    throw setUpError(
      'The option prefix is not usable: give up to 32 characters a-z, 0-9 and -, that do not begin as the names of streams do.',
    );
  if (anchorPath !== undefined && resolve(anchorPath) === resolve(path))
    throw setUpError(`The anchors are to lie in a directory of their own: give another anchorPath (${path}).`);
  const acceptsOlder = acceptOlder === true;
  return {
    connection,
    path,
    prefix,
    anchorPath: anchorPath ?? anchorsBeside(path),
    deadline,
    onProgress,
    acceptsOlder,
  };
};

/** Calls a list of things to undo, the last first. */
const undoing = () => {
  const steps: (() => unknown)[] = [];
  return {
    later: (step: () => unknown): void => void steps.push(step),
    undo: async (): Promise<void> => {
      for (const step of steps.toReversed()) await step();
    },
  };
};

const openEngine = async (
  { path, anchorPath, deadline, onProgress }: Settings,
  cluster: Cluster,
  masterKey: MasterKey,
  prepare: (readModels: Database) => Prepared,
): Promise<Omit<Engine, 'acceptsOlder'>> => {
  const { later, undo } = undoing();
  try {
    const storeId = await storeIdIn(cluster);
    const { db } = await openNodeFile(path, storeId);
    later(() => db.close());
    const unlock = await lockNode(path);
    later(unlock);
    const { removeLeftovers, ...aside } = asideOf(path);
    await removeLeftovers();
    const { node } = await openNode({ cluster, db, prepare, deadline: (deadline * 2) / 3, onProgress });
    later(() => node.follower.stop());
    const keys = await openClusterKeys({ node, storeId, masterKey });
    const events = nodeEvents(node, eventsIn(node.log, storeId));
    const close = (): Promise<void> => events.close().finally(unlock);
    const sharing = sharingOf(node);
    return {
      events: { ...events, close },
      keys,
      readModels: db,
      anchors: directoryAnchors(anchorPath),
      ...aside,
      sharing,
    };
  } catch (error) {
    await undo();
    throw error;
  }
};

/**
 * The store for several machines: an EventStoreDB cluster holds the events, their flesh and the keys, and each machine a file with its read models.
 * Needs the package `@eventstore/db-client`, 6.2.1. See docs/eventstoredb.md.
 *
 * @example
 * const store = eventStoreDbStore({ connection: 'esdb://localhost:2113?tls=false', readModelPath: 'node.db' });
 */
export const eventStoreDbStore = (options: EventStoreDbStoreOptions): Store => ({
  open: async (masterKey, prepare) => {
    const settings = readGiven('The options of eventStoreDbStore', () => readOptions(options));
    const connected = await connectTo(settings.connection, { deadline: settings.deadline / 3 });
    const cluster = apart(connected, settings.prefix);
    try {
      const engine = await openEngine(settings, cluster, masterKey, prepare);
      return { ...engine, acceptsOlder: settings.acceptsOlder };
    } catch (error) {
      await cluster.close();
      throw error;
    }
  },
});
