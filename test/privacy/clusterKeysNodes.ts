import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { expect, onTestFinished } from 'vitest';
import { apart } from '../../src/eventStore/eventStoreDb/apart.ts';
import { connectTo } from '../../src/eventStore/eventStoreDb/connection.ts';
import type { Node } from '../../src/eventStore/eventStoreDb/node.ts';
import { openNodeFile } from '../../src/eventStore/eventStoreDb/nodeFile.ts';
import { openNode, storeIdIn } from '../../src/eventStore/eventStoreDb/opening.ts';
import { openClusterKeys } from '../../src/privacy/clusterKeys.ts';
import type { KeyStore, MasterKey } from '../../src/privacy/keys.ts';
import { readMasterKey } from '../../src/privacy/wrapping.ts';
import { type ModelServer, modelServer } from '../eventStore/modelServer/modelServer.ts';
import { masterKey } from './keyFiles.ts';
import { temporaryDirectory } from './realFiles.ts';

/** A store on a model server: which streams of it, and how its nodes are to be. */
export type Place = { readonly server: ModelServer; readonly prefix: string; readonly deadline: number };

/** One node of a store, with its keys. */
export type KeyNode = { readonly keys: KeyStore; readonly node: Node; readonly close: () => Promise<void> };

/** A model server of the test's own, ended when the test is; it must have made no mistake by then. */
export const aServer = async (): Promise<ModelServer> => {
  const server = await modelServer();
  onTestFinished(async () => {
    await server.close();
    if (server.errors.length > 0) throw new Error(`the model server failed: ${server.errors.map(String).join('; ')}`);
  });
  return server;
};

/** A store of its own on a server. */
export const aPlace = (server: ModelServer, deadline = 10_000): Place => ({
  server,
  prefix: `test-${randomBytes(6).toString('hex')}-`,
  deadline,
});

/** Opens a node of a store, with a file of its own unless one is given; it is closed when the test is over. */
export const openKeyNode = async (
  { server, prefix, deadline }: Place,
  given: MasterKey = masterKey,
  path = join(temporaryDirectory(), 'node.db'),
): Promise<KeyNode> => {
  const cluster = apart(await connectTo(server.connection, { deadline: deadline / 3 }), prefix);
  const undo: (() => unknown)[] = [() => cluster.close()];
  let closing: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    for (const step of undo.toReversed()) await step();
  };
  const close = (): Promise<void> => {
    closing ??= closeAll();
    return closing;
  };
  onTestFinished(close);
  try {
    const storeId = await storeIdIn(cluster);
    const { db } = await openNodeFile(path, storeId);
    undo.push(() => db.close());
    const prepare = () => ({ inline: () => undefined, committed: () => undefined });
    const { node } = await openNode({ cluster, db, prepare, deadline: (deadline * 2) / 3 });
    undo.push(() => node.follower.stop());
    const keys = await openClusterKeys({ node, storeId, masterKey: readMasterKey(given) });
    undo.push(() => keys.close());
    return { keys, node, close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** Does it again for as long as it is said that this may help: it must, soon. */
export const surely = async <A>(
  task: TaskEither<{ readonly kind: string; readonly retry?: boolean }, A>,
): Promise<A> => {
  for (let times = 0; times < 6; times += 1) {
    const result = await task();
    if (E.isRight(result)) return result.right;
    expect(result.left).toEqual({ kind: 'unavailable', what: 'keys', retry: true });
  }
  throw new Error('it did not help to do it again');
};
