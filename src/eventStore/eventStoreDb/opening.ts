import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { Uuid } from '../../domain/identifiers.ts';
import type { Prepared } from '../eventStore.ts';
import { setUpError } from '../setUpError.ts';
import { type Log, logOver, prepareIn } from '../sqlite.ts';
import type { Told } from '../tidings.ts';
import { applyAll } from './applying.ts';
import type { Cluster, StoredRecord } from './cluster.ts';
import { follow } from './following.ts';
import type { Node } from './node.ts';
import { type NodeTables, nodeTablesOf } from './nodeTables.ts';
import { toldRecord } from './records.ts';
import { appendAgain, readAgain } from './retrying.ts';

const identityStream = 'folja-store';

/** A cluster that does not answer just now, as while it elects a leader, is waited for so long when a node is opened. */
const patience = (): number => Date.now() + 15_000;

const unreachable = (): Error =>
  setUpError(
    'The cluster cannot be read: check that it runs, the address, the user and the rights of the connection, then try again.',
  );

const idIn = (record: StoredRecord | undefined): string | undefined => {
  const { storeId } = (record?.data ?? {}) as { readonly storeId?: unknown };
  return typeof storeId === 'string' ? storeId : undefined;
};

/** The id of the store that lies in a cluster: the node that comes first gives it one. */
export const storeIdIn = async (cluster: Cluster): Promise<Uuid> => {
  for (;;) {
    const found = await readAgain(patience(), () => cluster.read(identityStream, { limit: 1 }));
    if (E.isLeft(found)) throw unreachable();
    const storeId = idIn(found.right[0]);
    if (storeId !== undefined) return storeId;
    if (found.right.length > 0)
      throw setUpError('The cluster holds a store that is not of Folja: give it a cluster of its own.');
    const record = { id: randomUUID(), type: 'store-made', data: { storeId: randomUUID() }, metadata: { folja: 1 } };
    const made = await cluster.append(identityStream, -1, [record]);
    if (made.kind === 'unavailable' || made.kind === 'gone') throw unreachable();
  }
};

/**
 * A node's file that knows an event which the cluster does not have is ahead of it: an older copy of the cluster was put back, and what this node
 * has shown since then would be told otherwise.
 */
const requireNotAhead = async ({ tables }: Log, cluster: Cluster): Promise<void> => {
  const last = tables.page(Math.max(0, tables.lastPosition() - 1), 1);
  const [event] = E.isRight(last) ? last.right : [];
  if (event === undefined) return;
  const found = await readAgain(patience(), () => cluster.read(event.stream, { from: event.revision, limit: 1 }));
  if (E.isLeft(found)) throw unreachable();
  if (found.right[0]?.id !== event.id)
    throw setUpError(
      'The cluster does not hold the last event that this node has seen: an older copy of it was put back. Find out what was lost; then ' +
        'remove the read models of every node, and let each build itself anew.',
    );
};

const nodeIdOf = async ({ writer }: Log, tables: NodeTables): Promise<Uuid> => {
  await writer.write(() => E.right(tables.addFact('node-id', randomUUID())));
  return tables.fact('node-id') ?? '';
};

/** How far a node that is opened has come: both as places in the log of the cluster, which grow with its bytes. */
export type OpeningProgress = (done: number, total: number) => void;

/** What a node is opened with. */
export type OpeningOptions = {
  readonly cluster: Cluster;
  readonly db: Database;
  readonly prepare: (readModels: Database) => Prepared;
  readonly deadline: number;
  readonly onProgress?: OpeningProgress | undefined;
};

const waitForEver = 2 ** 30;

/** Waits until the node has come to its own word, which it says last: then it has seen everything that was there when it was opened. */
const catchUp = async (node: Node, onProgress: OpeningProgress | undefined): Promise<void> => {
  const record = toldRecord({ type: 'node-opened', data: { nodeId: node.id, at: new Date().toISOString() } });
  const isNew = node.tables.place() === undefined;
  let isHeard: true | undefined;
  const unlisten = node.follower.onApplied(({ told }) => {
    if (told.some(({ id }) => id === record.id)) isHeard = true;
  });
  try {
    const said = await appendAgain(patience(), () => node.cluster.append('folja-nodes', 'any', [record]));
    if (said.kind !== 'committed') throw unreachable();
    const end = await node.cluster.last('folja-nodes');
    const total = E.isRight(end) ? Number(end.right?.place.commit ?? 0) : 0;
    const unreport = node.follower.onApplied(() =>
      onProgress?.(Math.min(total, Number(node.tables.place()?.commit ?? 0)), total),
    );
    const heard = await node.follower.until(() => isHeard, waitForEver);
    unreport();
    if (heard !== true) throw unreachable();
    if (isNew) onProgress?.(total, total);
  } finally {
    unlisten();
  }
};

const begun = (prepare: OpeningOptions['prepare']) => (db: Database) => {
  const prepared = prepare(db);
  prepared.beginShared?.();
  return prepared;
};

/** Opens a node: prepares its file, begins to follow, and waits until it has caught up with the cluster, from nothing where it is new. */
export const openNode = async ({ cluster, db, prepare, deadline, onProgress }: OpeningOptions) => {
  const prepared = await prepareIn(db, begun(prepare));
  const { hear = () => undefined, warn = () => undefined } = prepared;
  const log = logOver(db, prepared);
  await requireNotAhead(log, cluster);
  const tables = nodeTablesOf(db);
  const id = await nodeIdOf(log, tables);
  const heard = (told: Told): void => hear(told, log.tables.lastPosition());
  const applying = { tables: log.tables, node: tables, prepared, hear: heard, now: () => new Date().toISOString() };
  const follower = follow({
    ...{ cluster, place: tables.lastingPlace, patience: deadline / 3, warn },
    apply: (arrivals) => log.writer.write(() => applyAll(applying, arrivals)),
  });
  const node: Node = { id, cluster, db, log, tables, follower, deadline };
  try {
    await catchUp(node, onProgress);
    return { node };
  } catch (error) {
    await follower.stop();
    throw error;
  }
};
