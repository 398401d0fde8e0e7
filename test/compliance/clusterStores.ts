import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Ground, Grounds } from '../../src/compliance/living/grounds.ts';
import type { Store } from '../../src/eventStore/engine.ts';
import { eventStoreDbStore } from '../../src/eventStoreDb.ts';
import { modelCluster } from '../eventStore/modelServer/cluster.ts';
import type { Contents, Log } from '../eventStore/modelServer/log.ts';
import { type ModelServer, modelServer } from '../eventStore/modelServer/modelServer.ts';
import { filesIn, keep, newDirectory, removeAll } from './directories.ts';
import { openingOn } from './stores.ts';

/** A cluster of a run's own, which its node makes when it opens it first. */
type RunCluster = { readonly server: () => Promise<ModelServer>; readonly log: Log; readonly end: () => void };

const clusterWith = (contents: Contents | undefined): RunCluster => {
  const cluster = modelCluster(contents === undefined ? {} : { contents });
  let started: Promise<ModelServer> | undefined;
  const server = (): Promise<ModelServer> => {
    started ??= modelServer({ cluster });
    return started;
  };
  const end = (): void => {
    void started?.then(async ({ close, errors }) => {
      await close();
      if (errors.length > 0) throw new Error(`the model server failed: ${errors.map(String).join('; ')}`);
    });
  };
  return { server, log: cluster.log, end };
};

/** Flesh lies in a record as text: what it stands for is what is looked for. */
const bytesIn = (data: Uint8Array): readonly Buffer[] => {
  const fields = Object.values(JSON.parse(Buffer.from(data).toString()) as object);
  return fields.filter((field) => typeof field === 'string').map((field) => Buffer.from(field, 'base64'));
};

/** What servers have on their disks once they have been scavenged. */
const onServers = (log: Log): readonly Buffer[] => {
  log.scavenge();
  const records = log.records();
  const flesh = records.filter(({ type }) => type === 'flesh');
  const written = records.flatMap(({ data, metadata }) => [Buffer.from(data), Buffer.from(metadata)]);
  return [...written, ...flesh.flatMap(({ data }) => bytesIn(data))];
};

/** A node of a cluster, its file in a directory. */
const nodeIn = (directory: string, cluster: RunCluster): Ground => {
  const store: Store = {
    open: async (...given) => {
      const { connection } = await cluster.server();
      return eventStoreDbStore({ connection, readModelPath: join(directory, 'node.db') }).open(...given);
    },
  };
  return {
    open: openingOn(() => store),
    files: () => [...filesIn(directory), ...onServers(cluster.log)],
    outlives: true,
    remove: () => {
      cluster.end();
      removeAll(directory);
    },
  };
};

/** Stores on a cluster: each run has its own, with one node. */
export const clusterGrounds: Grounds = {
  fresh: () => nodeIn(newDirectory(), clusterWith(undefined)),
  copies: async (fill) => {
    const first = newDirectory();
    keep(first);
    const cluster = clusterWith(undefined);
    await fill(nodeIn(first, cluster));
    const contents = cluster.log.contents();
    cluster.end();
    return () => {
      const directory = newDirectory();
      cpSync(first, directory, { recursive: true });
      return nodeIn(directory, clusterWith(contents));
    };
  },
};

/** Two nodes of one cluster, each with a file of its own. */
export const twoNodes = (): readonly [Ground, Ground] => {
  const cluster = clusterWith(undefined);
  return [nodeIn(newDirectory(), cluster), nodeIn(newDirectory(), cluster)];
};
