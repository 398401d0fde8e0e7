import { join, parse } from 'node:path';
import { nodeUserVersion } from '../eventStore/eventStoreDb/nodeSchema.ts';
import { type EventReader, eventsReadIn, openReadOnly, type ReadOnlyFile } from '../eventStore/sqliteReadOnly.ts';
import { eventStoreApplicationId, eventStoreUserVersion } from '../eventStore/sqliteSchema.ts';
import { nodeApplicationId } from '../eventStore/storeTables.ts';
import { requireStore } from './opening.ts';
import type { StoreOptions } from './options.ts';

/** A store that is only looked at: no key opens it, and nothing in it changes. */
export type Looked = ReadOnlyFile & {
  readonly events: EventReader;
  /** It is what a machine keeps of a cluster's log, whose keys lie elsewhere. */
  readonly isNode: boolean;
};

/** What lies beside a store unless it is told otherwise: `unit.keys.db`, `unit.anchors`. */
export const beside = (store: string, what: 'keys' | 'anchors'): string => {
  const { dir, name, ext } = parse(store);
  return join(dir, what === 'keys' ? `${name}.keys${ext}` : `${name}.anchors`);
};

type Opened = ReadOnlyFile & { readonly isNode: boolean };

const openStore = async (path: string): Promise<Opened> => {
  const kind = { name: 'event store', applicationId: eventStoreApplicationId, userVersion: eventStoreUserVersion };
  return { ...(await openReadOnly({ path, ...kind })), isNode: false };
};

const openNode = async (path: string): Promise<Opened> => {
  const kind = { name: 'file of read models', applicationId: nodeApplicationId, userVersion: nodeUserVersion };
  return { ...(await openReadOnly({ path, ...kind })), isNode: true };
};

/** What is neither is told of as the event store that it is not. */
const openEither = async (path: string): Promise<Opened> => {
  try {
    return await openStore(path);
  } catch (error) {
    return openNode(path).catch(() => {
      throw error;
    });
  }
};

/** Looks at a store without its keys, and closes it whatever happens. */
export const lookingAt = async <A>(options: StoreOptions, work: (looked: Looked) => Promise<A>): Promise<A> => {
  requireStore(options);
  const file = await openEither(options.store);
  try {
    return await work({ ...file, events: eventsReadIn(file) });
  } finally {
    file.db.close();
  }
};
