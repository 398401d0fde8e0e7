import type { Folja } from '../folja.ts';
import type { ClusterOperations } from '../operations/cluster.ts';
import type { ClusterOptions } from './options.ts';
import { usageError } from './stopping.ts';
import type { Terminal } from './terminal.ts';

const holdsPassword = (connection: string): boolean =>
  connection
    .split('//')
    .slice(1)
    .map((text) => text.split(/[/?#]/)[0] ?? '')
    .some((authority) => authority.includes('@') && (authority.split('@')[0] ?? '').includes(':'));

/** Where the cluster is, undefined where there is none. It is never shown, for it may hold a password. */
export const clusterConnection = (
  { env }: Pick<Terminal, 'env'>,
  { eventstore }: ClusterOptions,
): string | undefined => {
  if (eventstore !== undefined && holdsPassword(eventstore))
    throw usageError('A password is never given on the command line: set FOLJA_EVENTSTORE in the environment instead.');
  const connection = eventstore ?? env.FOLJA_EVENTSTORE;
  return connection === '' ? undefined : connection;
};

/** For commands that are about a cluster, before anything is opened. */
export const requireCluster = (terminal: Pick<Terminal, 'env'>, options: ClusterOptions): void => {
  if (clusterConnection(terminal, options) !== undefined) return;
  throw usageError('There is no cluster: give --eventstore, or set FOLJA_EVENTSTORE in the environment.');
};

/** What can be done with the cluster of an opened library. */
export const clusterOf = ({ cluster }: Pick<Folja, 'cluster'>): ClusterOperations => {
  if (cluster === undefined) throw usageError('There is no cluster: one machine has this store alone.');
  return cluster;
};
