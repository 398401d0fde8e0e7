import { existsSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import type { Problem } from '../access/problem.ts';
import type { Policy } from '../domain/policy.ts';
import type { Store } from '../eventStore/engine.ts';
import { type Folja, openFolja } from '../folja.ts';
import { sqliteStore } from '../sqlite.ts';
import { clusterConnection } from './clusters.ts';
import { objectIn, readText } from './files.ts';
import { readMasterKeys } from './masterKey.ts';
import type { LibraryOptions, StoreOptions } from './options.ts';
import { progressOn } from './progress.ts';
import { unavailableError, usageError } from './stopping.ts';
import type { Terminal } from './terminal.ts';

/** A mistyped path is not to become a new store. */
export const requireStore = ({ store }: Pick<StoreOptions, 'store'>): void => {
  if (!existsSync(store)) throw unavailableError(`There is no store at ${store}: give the path of one.`);
};

/** The region's policy out of a file. */
export const readPolicyFile = async (terminal: Terminal, path: string | undefined): Promise<Partial<Policy>> =>
  path === undefined ? {} : (objectIn(await readText(terminal, path, 'policy'), 'policy') as Partial<Policy>);

/** Whether an older copy of the log is taken for what it is, instead of being refused. */
type Accepting = { readonly acceptOlder?: true };

const embedded = ({ store, keys, anchors }: LibraryOptions, accepting: Accepting): Store => {
  requireStore({ store });
  return sqliteStore({
    path: store,
    ...(keys === undefined ? {} : { keysPath: keys }),
    ...(anchors === undefined ? {} : { anchorPath: anchors }),
    ...accepting,
  });
};

/** A mistyped path is not to become a new machine either, for purges would wait for it. */
const requireNode = ({ store, keys, newNode }: LibraryOptions): void => {
  if (keys !== undefined) throw usageError('The keys of a cluster lie in the cluster: leave out --keys.');
  if (newNode !== true && !existsSync(store))
    throw unavailableError(`This node has no file at ${store}: give its path, or --new-node for a machine more.`);
};

const ofCluster = async (
  connection: string,
  terminal: Terminal,
  options: LibraryOptions,
  accepting: Accepting,
): Promise<Store> => {
  requireNode(options);
  const { store, anchors, quiet, prefix } = options;
  // Loaded only now, for it needs a package that embedded stores do without.
  const { eventStoreDbStore } = await import('../eventStoreDb.ts');
  return eventStoreDbStore({
    ...{ connection, readModelPath: store, onProgress: progressOn(terminal, 'Following the cluster', quiet) },
    ...(anchors === undefined ? {} : { anchorPath: anchors }),
    ...(prefix === undefined ? {} : { prefix }),
    ...accepting,
  });
};

/** The store that a command opens: the files of one machine, or what this machine keeps of a cluster's. */
const storeOf = async (terminal: Terminal, options: LibraryOptions, accepting: Accepting): Promise<Store> => {
  const connection = clusterConnection(terminal, options);
  return connection === undefined ? embedded(options, accepting) : ofCluster(connection, terminal, options, accepting);
};

/** Opens the library on a store that is there, works with it, and closes it whatever happens. */
export const withFolja = async <A>(
  terminal: Terminal,
  options: LibraryOptions,
  work: (folja: Folja) => Promise<A>,
  accepting: Accepting = {},
): Promise<A> => {
  const { policy, quiet } = options;
  const store = await storeOf(terminal, options, accepting);
  const masterKey = await readMasterKeys(terminal, options);
  const folja = await openFolja({
    store,
    masterKey: { current: masterKey.current, previous: masterKey.previous ?? [] },
    policy: await readPolicyFile(terminal, policy),
    clock: terminal.now,
    onProgress: progressOn(terminal, 'Filling the views', quiet),
    ...(quiet === true ? {} : { logger: { warn: (message) => terminal.err(`${message}\n`) } }),
  });
  try {
    return await work(folja);
  } finally {
    await folja.close();
  }
};

/** What the library gave, or its problem as an error that the command ends with. */
export const given = <A>(result: E.Either<Problem, A>): A => {
  if (E.isRight(result)) return result.right;
  throw Object.assign(new Error(result.left.kind), { problem: result.left });
};
