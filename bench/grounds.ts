import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { eventStoreDbStore } from '../src/eventStoreDb.ts';
import type { Store } from '../src/index.ts';
import { sqliteStore } from '../src/sqlite.ts';
import { modelServer } from '../test/eventStore/modelServer/modelServer.ts';

/** What a store is measured on: one file, or a cluster. */
export type Ground = {
  readonly name: string;
  /** A store that is new on every ground; of a cluster, its node by number. */
  readonly storeAt: (node: number) => Store;
  /** Calls that the server was sent so far; undefined where nobody can tell. */
  readonly roundTrips: () => number | undefined;
  /** Records of the store, and bytes of the cluster's log up to where its first node has come; undefined where nobody can tell. */
  readonly records: () => number | undefined;
  readonly logBytes: () => number | undefined;
  /** What another process needs to open a new node here. */
  readonly forChild: Readonly<Record<string, string>>;
  readonly end: () => Promise<void>;
};

const directory = (): string => mkdtempSync(join(tmpdir(), 'folja-bench-cluster-'));

/** The log of a real server is as long as the places in it say. */
const placeIn = (file: string): number => {
  const db = new Database(file, { readonly: true });
  try {
    const row = db.prepare('SELECT commit_position AS place FROM followed').get() as { readonly place: number };
    return row.place;
  } finally {
    db.close();
  }
};

/** Two SQLite files on this machine, with which everything else is compared. */
export const embedded = (): Ground => {
  const folder = directory();
  const path = join(folder, 'unit.db');
  return {
    name: 'one file',
    storeAt: () => sqliteStore({ path }),
    ...{ roundTrips: () => undefined, records: () => undefined, logBytes: () => undefined },
    forChild: { FOLJA_BENCH_FILE: path },
    end: async () => rmSync(folder, { recursive: true }),
  };
};

const onCluster = (name: string, connection: string): Ground => {
  const folders = new Map<number, string>();
  const folderOf = (node: number): string => {
    const folder = folders.get(node) ?? directory();
    folders.set(node, folder);
    return folder;
  };
  const prefix = `bench-${randomBytes(4).toString('hex')}-`;
  const fileOf = (node: number): string => join(folderOf(node), 'node.db');
  return {
    name,
    storeAt: (node) => eventStoreDbStore({ connection, prefix, readModelPath: fileOf(node) }),
    ...{ roundTrips: () => undefined, records: () => undefined },
    logBytes: () => placeIn(fileOf(0)),
    forChild: { FOLJA_BENCH_CONNECTION: connection, FOLJA_BENCH_PREFIX: prefix },
    end: async () => {
      for (const folder of folders.values()) rmSync(folder, { recursive: true });
    },
  };
};

/** A model of a server in this process: tells how often it is asked, and what it holds; its time is not that of a server. */
export const model = async (): Promise<Ground> => {
  const server = await modelServer();
  const ground = onCluster('model server', server.connection);
  return {
    ...ground,
    roundTrips: () => Object.values(server.calls).reduce((sum, calls) => sum + calls, 0),
    records: () => server.log.records().length,
    logBytes: () => undefined,
    end: async () => {
      await ground.end();
      await server.close();
    },
  };
};

/** The servers that the environment names. */
export const given = (name: string, connection: string): Ground => onCluster(name, connection);
