import { join, parse } from 'node:path';
import { type EventReader, eventsReadIn, openReadOnly, type ReadOnlyFile } from '../eventStore/sqliteReadOnly.ts';
import { eventStoreApplicationId, eventStoreUserVersion } from '../eventStore/sqliteSchema.ts';
import { requireStore } from './opening.ts';
import type { StoreOptions } from './options.ts';

/** A store that is only looked at: no key opens it, and nothing in it changes. */
export type Looked = ReadOnlyFile & { readonly events: EventReader };

/** What lies beside a store unless it is told otherwise: `unit.keys.db`, `unit.anchors`. */
export const beside = (store: string, what: 'keys' | 'anchors'): string => {
  const { dir, name, ext } = parse(store);
  return join(dir, what === 'keys' ? `${name}.keys${ext}` : `${name}.anchors`);
};

/** Looks at a store without its keys, and closes it whatever happens. */
export const lookingAt = async <A>(options: StoreOptions, work: (looked: Looked) => Promise<A>): Promise<A> => {
  requireStore(options);
  const file = await openReadOnly({
    path: options.store,
    name: 'event store',
    applicationId: eventStoreApplicationId,
    userVersion: eventStoreUserVersion,
  });
  try {
    return await work({ ...file, events: eventsReadIn(file) });
  } finally {
    file.db.close();
  }
};
