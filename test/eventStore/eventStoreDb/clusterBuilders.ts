import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type EventStoreDbStoreOptions, eventStoreDbStore } from '../../../src/eventStoreDb.ts';
import { aDirectory, asPrepared, masterKey, noReadModels, type Open, type Opened, type Prepare } from '../builders.ts';
import { modelServer } from '../modelServer/modelServer.ts';

/** A cluster that tests run on: a real one where the environment names it, else a model of one. */
export type TestCluster = { readonly connection: () => string };

/** The real cluster that tests are to run on, if any. */
export const realCluster = process.env.FOLJA_EVENTSTORE;

/** A name of streams that no other test uses, so that each has a store of its own. */
export const aPrefix = (): string => `test-${randomBytes(6).toString('hex')}-`;

/** The cluster of a file of tests: to be called outside of them. */
export const clusterOfFile = (): TestCluster => {
  let model: Awaited<ReturnType<typeof modelServer>> | undefined;
  beforeAll(async () => {
    if (realCluster === undefined) model = await modelServer();
  });
  afterAll(async () => {
    const errors = model?.errors ?? [];
    await model?.close();
    if (errors.length > 0) throw new Error(`the model server failed: ${errors.map(String).join('; ')}`);
  });
  return { connection: () => realCluster ?? model?.connection ?? '' };
};

/** Opens a store on a node, or makes it there. */
export const openNodeAt = async (
  options: EventStoreDbStoreOptions,
  prepare: Prepare = noReadModels,
): Promise<Opened> => {
  const engine = await eventStoreDbStore(options).open(masterKey, asPrepared(prepare));
  const close = async (): Promise<void> => {
    await engine.events.close();
    engine.keys.close();
  };
  const reopen = async (): Promise<Opened> => {
    await close();
    return openNodeAt(options, prepare);
  };
  return { engine, reopen, close };
};

/** Makes a store of its own on a cluster, with one node. */
export const openOn =
  ({ connection }: TestCluster): Open =>
  (prepare) =>
    openNodeAt(
      { connection: connection(), readModelPath: join(aDirectory(), 'node.db'), prefix: aPrefix(), deadline: 3_000 },
      prepare,
    );
