import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, Store } from '../../src/eventStore/engine.ts';
import type { EventStore } from '../../src/eventStore/eventStore.ts';
import { inMemoryStore } from '../../src/eventStore/inMemory.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { filesIn, keep, newDirectory, removeAll } from './directories.ts';

/** A store for one run. */
export type RunStore = {
  readonly store: () => Store;
  /** Every byte that lies in its files. */
  readonly files: () => readonly Buffer[];
  /** Whether what was written is there when it is opened again. */
  readonly outlives: boolean;
  readonly remove: () => void;
};

/** A kind of store, of which one can be filled once and copied for every run that begins in the same way. */
export type StoreKind = {
  readonly fill: (fill: (store: RunStore) => Promise<void>) => Promise<() => RunStore>;
};

const ofMemory = (store: () => Store): RunStore => ({
  store,
  files: () => [],
  outlives: false,
  remove: () => undefined,
});

export const inMemory = (): RunStore => ofMemory(inMemoryStore);

type Appended = Parameters<EventStore['append']>;
/** What was written into a store, and what it was sealed with. */
type Recording = { readonly id: string; readonly appended: readonly Appended[]; readonly keys: Engine['keys'] };

const recorded = (engine: Engine): { readonly engine: Engine; readonly recording: Recording } => {
  const appended: Appended[] = [];
  const keys = { ...engine.keys, close: () => undefined };
  const events: EventStore = {
    ...engine.events,
    append: (...given) => {
      const append = engine.events.append(...given);
      return async () => {
        const result = await append();
        const [stream, expected, newEvents, { subjects = [] } = {}] = given;
        // Others were answered without anything being written.
        if (result._tag === 'Right') appended.push([stream, expected, newEvents, { subjects }]);
        return result;
      };
    },
  };
  return { engine: { ...engine, events, keys }, recording: { id: engine.events.id, appended, keys } };
};

/** A store in memory to which the same is written before it is opened; its keys are those of the first. */
const written = ({ id, appended, keys }: Recording): Store => ({
  open: async (masterKey, prepare) => {
    const engine = await inMemoryStore().open(masterKey, prepare);
    for (const given of appended) await engine.events.append(...given)();
    return { ...engine, events: { ...engine.events, id }, keys };
  },
});

/** Stores in memory. */
export const memoryKind: StoreKind = {
  fill: async (fill) => {
    let made: Recording | undefined;
    const store: Store = {
      open: async (...given) => {
        const { engine, recording } = recorded(await inMemoryStore().open(...given));
        made = recording;
        return engine;
      },
    };
    await fill(ofMemory(() => store));
    if (made === undefined) throw new Error('the store was not opened');
    const recording = made;
    return () => ofMemory(() => written(recording));
  },
};

const inDirectory = (directory: string): RunStore => ({
  store: () => sqliteStore({ path: join(directory, 'unit.db') }),
  files: () => filesIn(directory),
  outlives: true,
  remove: () => removeAll(directory),
});

export const inSqlite = (): RunStore => inDirectory(newDirectory());

/** Stores in SQLite files. */
export const sqliteKind: StoreKind = {
  fill: async (fill) => {
    const first = newDirectory();
    keep(first);
    await fill(inDirectory(first));
    return () => {
      const directory = newDirectory();
      cpSync(first, directory, { recursive: true });
      return inDirectory(directory);
    };
  },
};
