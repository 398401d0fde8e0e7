import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Ground, Grounds } from '../../src/compliance/living/grounds.ts';
import { standardSetting } from '../../src/compliance/setting.ts';
import { testResident } from '../../src/compliance/world.ts';
import type { Engine, Store } from '../../src/eventStore/engine.ts';
import type { EventStore } from '../../src/eventStore/eventStore.ts';
import { inMemoryStore } from '../../src/eventStore/inMemory.ts';
import { openFolja } from '../../src/folja.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { filesIn, keep, newDirectory, removeAll } from './directories.ts';

/** The library's policy in these runs: the standard one, with a test resident. */
export const policy = { id: 'properties-1', testResidents: [testResident] };

/** Under which policy, and of which templates, these runs are lived. */
export const setting = { ...standardSetting, policy: { ...standardSetting.policy, ...policy } };

const masterKey = new Uint8Array(32).fill(7);

/** Opens the library on a store as these runs want it. */
export const openingOn =
  (store: () => Store): Ground['open'] =>
  (given) =>
    openFolja({ store: store(), masterKey, policy, ...given });

const ofMemory = (store: () => Store): Ground => ({
  open: openingOn(store),
  files: () => [],
  outlives: false,
  remove: () => undefined,
});

export const inMemory = (): Ground => ofMemory(inMemoryStore);

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
export const memoryGrounds: Grounds = {
  fresh: inMemory,
  copies: async (fill) => {
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

const inDirectory = (directory: string): Ground => ({
  open: openingOn(() => sqliteStore({ path: join(directory, 'unit.db') })),
  files: () => filesIn(directory),
  outlives: true,
  remove: () => removeAll(directory),
});

export const inSqlite = (): Ground => inDirectory(newDirectory());

/** Stores in SQLite files. */
export const sqliteGrounds: Grounds = {
  fresh: inSqlite,
  copies: async (fill) => {
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
