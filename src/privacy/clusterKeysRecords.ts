import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { NewRecord, StoredRecord } from '../eventStore/eventStoreDb/cluster.ts';
import type { Node } from '../eventStore/eventStoreDb/node.ts';
import type { KeyId } from './keys.ts';
import type { Masters } from './wrapping.ts';

/** The keys of a store that lie in a cluster, as one of its nodes has them. */
export type ClusterKeys = {
  readonly node: Node;
  readonly storeId: string;
  /** Says that they were closed: nothing begins after that, and nothing is tried again. */
  readonly closed: AbortSignal;
  /** Those that this process was given; a rotation changes them. */
  masters: Masters;
};

/** The stream of one key: its wrappings, of which the last counts. No node follows it. */
export const keyStream = (id: KeyId): string => `keys-${id}`;

/** A key as it lies in the cluster. */
export type Wrapped = { readonly epoch: string; readonly wrapped: Buffer };

const Data = z.object({ epoch: z.string(), wrapped: z.base64() });

/** The record of a wrapped key. */
export const keyRecord = ({ epoch, wrapped }: Wrapped): NewRecord => ({
  id: randomUUID(),
  type: 'key',
  data: { epoch, wrapped: wrapped.toString('base64') },
  metadata: { folja: 1 },
});

/** The wrapped key in a record; undefined where there is none. */
export const wrappedIn = ({ type, data }: StoredRecord): Wrapped | undefined => {
  const read = type === 'key' ? Data.safeParse(data) : undefined;
  return read?.success ? { epoch: read.data.epoch, wrapped: Buffer.from(read.data.wrapped, 'base64') } : undefined;
};
