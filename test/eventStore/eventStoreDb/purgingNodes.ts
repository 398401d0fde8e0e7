import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EventStore, Flesh } from '../../../src/eventStore/eventStore.ts';
import type { Cluster } from '../../../src/eventStore/eventStoreDb/cluster.ts';
import { connectTo } from '../../../src/eventStore/eventStoreDb/connection.ts';
import type { Node } from '../../../src/eventStore/eventStoreDb/node.ts';
import { nodeEvents } from '../../../src/eventStore/eventStoreDb/nodeEvents.ts';
import { nodeSchema, nodeUserVersion } from '../../../src/eventStore/eventStoreDb/nodeSchema.ts';
import { openNode, storeIdIn } from '../../../src/eventStore/eventStoreDb/opening.ts';
import { purgingOn } from '../../../src/eventStore/eventStoreDb/purging.ts';
import { toldRecord } from '../../../src/eventStore/eventStoreDb/records.ts';
import { eventsIn } from '../../../src/eventStore/sqlite.ts';
import { openSqliteFile } from '../../../src/eventStore/sqliteFile.ts';
import { nodeApplicationId } from '../../../src/eventStore/storeTables.ts';
import { aDirectory, right } from '../builders.ts';
import { anEvent } from '../events.ts';
import { type ModelServer, type ModelServerOptions, modelServer } from '../modelServer/modelServer.ts';

/** A server that is closed after the test, which fails where the model made a mistake. */
export const aServer = async (options?: ModelServerOptions): Promise<ModelServer> => {
  const server = await modelServer(options);
  onTestFinished(async () => {
    await server.close();
    if (server.errors.length > 0) throw new Error(`the model failed: ${server.errors.map(String).join('; ')}`);
  });
  return server;
};

/** A node without keys and read models: what purges do beside them. */
export type TestNode = {
  readonly node: Node;
  readonly events: EventStore;
  readonly sharing: ReturnType<typeof purgingOn>;
  readonly path: string;
  readonly close: () => Promise<void>;
};

type Options = { readonly path?: string; readonly over?: (cluster: Cluster) => Cluster; readonly deadline?: number };

/** Opens a node of a server's cluster; `over` may lay something over its connection. */
export const aNode = async (server: Pick<ModelServer, 'connection'>, options: Options = {}): Promise<TestNode> => {
  const { path = join(aDirectory(), 'node.db'), over = (cluster) => cluster, deadline = 5_000 } = options;
  const cluster = over(await connectTo(server.connection, { deadline: deadline / 2 }));
  const storeId = await storeIdIn(cluster);
  const { db } = await openSqliteFile({
    ...{ path, name: 'file of read models', applicationId: nodeApplicationId, userVersion: nodeUserVersion },
    ...{ journalMode: 'wal', synchronous: 'full', schema: nodeSchema, storeId },
  });
  const prepare = () => ({ inline: () => undefined, committed: () => undefined });
  const { node } = await openNode({ cluster, db, prepare, deadline });
  const events = nodeEvents(node, eventsIn(node.log, storeId));
  onTestFinished(events.close);
  return { node, events, sharing: purgingOn(node), path, close: events.close };
};

/** The id of a key, and bytes that begin as what it sealed. */
export const aKey = () => {
  const keyId = randomBytes(16).toString('hex');
  const sealed = (): Buffer => Buffer.concat([Buffer.from(`01${keyId}`, 'hex'), randomBytes(40)]);
  return { keyId, sealed, stream: `keys-${keyId}` };
};

/** A key lies in the cluster, and every node has heard of it. */
export const makeKey = async ({ node }: TestNode, { keyId, stream }: ReturnType<typeof aKey>): Promise<void> => {
  const record = { ...toldRecord({ type: 'key-made', data: { keyId, epoch: 'master' } }), type: 'key' };
  await node.cluster.append(stream, -1, [{ ...record, data: { epoch: 'master', wrapped: 'AAAA' } }]);
};

/** A program of two events with flesh, the second its purge; gives what a node is to erase. */
export const aPurgedProgram = async ({ events, node }: TestNode, programId: string) => {
  const key = aKey();
  await makeKey({ events, node } as TestNode, key);
  const stream = `program-${programId}`;
  const flesh: Flesh = { sealed: key.sealed() };
  await right(events.append(stream, 'no-stream', [anEvent({ type: 'started', flesh })]));
  await right(events.append(stream, 0, [anEvent({ type: 'purged' })], { erasure: { keyId: key.keyId } }));
  return { stream, keyId: key.keyId, stage: 'fenced', parts: 0, key } as const;
};

/** A connection that holds back what its node is to follow, for as long as it is told to. */
export const holdingBack = () => {
  let isHeld = false;
  let held: (() => void)[] = [];
  const later = (work: () => void): void => (isHeld ? void held.push(work) : work());
  const over = (cluster: Cluster): Cluster => ({
    ...cluster,
    follow: (after, prefixes, listener) =>
      cluster.follow(after, prefixes, {
        record: (record) => later(() => listener.record(record)),
        ended: () => later(() => listener.ended()),
      }),
  });
  return {
    over,
    hold: (): void => {
      isHeld = true;
    },
    release: (): number => {
      const works = held;
      [isHeld, held] = [false, []];
      for (const work of works) work();
      return works.length;
    },
  };
};

/** How many records of a server's log hold bytes that begin as what a key sealed. */
export const sealedIn = ({ log }: ModelServer, keyId: string): number => {
  const envelope = Buffer.from(`01${keyId}`, 'hex').toString('base64').slice(0, 20);
  return log.records().filter(({ data }) => Buffer.from(data).includes(envelope)).length;
};
