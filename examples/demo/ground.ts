import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Store } from 'folja';
import { eventStoreDbStore } from 'folja/eventstoredb';
import { sqliteStore } from 'folja/sqlite';
import type { Contents } from './scan.ts';

/** What the story is played on. */
export type Ground = {
  readonly store: Store;
  /** What lies outside the folder of the story and can be looked through. */
  readonly beyond: () => readonly Contents[];
  /** What can be done with the files that are left. */
  readonly afterwards: string;
  readonly leave: () => Promise<void>;
};

const nothingBeyond = { beyond: () => [], leave: async () => undefined };

const onFiles = (folder: string): Ground => ({
  ...nothingBeyond,
  store: sqliteStore({ path: join(folder, 'unit.db') }),
  afterwards: 'with the key that opens them',
});

const nodeFile = (folder: string): string => join(folder, 'node.db');

/** The disks of its servers cannot be looked at from here. */
const onCluster = (folder: string, connection: string): Ground => {
  const prefix = `demo-${randomBytes(4).toString('hex')}-`;
  return {
    ...nothingBeyond,
    store: eventStoreDbStore({ connection, prefix, readModelPath: nodeFile(folder) }),
    afterwards: `with the key that opens them and the streams ${prefix}… of the cluster`,
  };
};

/** A model of a server keeps everything in memory, so all that it holds can be looked through. */
const onModel = async (folder: string): Promise<Ground> => {
  const { modelServer } = await import('../../test/eventStore/modelServer/modelServer.ts');
  const { connection, log, close } = await modelServer();
  return {
    store: eventStoreDbStore({ connection, readModelPath: nodeFile(folder) }),
    beyond: () => {
      const records = log.records();
      const bytes = Buffer.concat(
        records.flatMap(({ stream, data, metadata }) => [Buffer.from(stream), data, metadata]),
      );
      return [{ name: `all ${records.length} records of the server`, bytes }];
    },
    afterwards: 'without the server that they belong to, and with the key of both',
    leave: close,
  };
};

/** Makes the ground of a story: files, or with a connection string a cluster, or with an empty one that of the environment, or a model. */
export const groundIn = async (folder: string, given: string | undefined): Promise<Ground> => {
  if (given === undefined) return onFiles(folder);
  const connection = given || (process.env.FOLJA_EVENTSTORE ?? '');
  return connection === '' ? onModel(folder) : onCluster(folder, connection);
};
