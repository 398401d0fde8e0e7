import type { Engine, Store } from '../../src/eventStore/engine.ts';
import { type Folja, openFolja } from '../../src/folja.ts';
import type { FoljaOptions } from '../../src/foljaOptions.ts';
import type { RunStore } from './stores.ts';
import type { Event } from './trace.ts';
import { policy } from './world.ts';

/** An opened library, with the store beneath it to look into. */
export type Opened = { readonly folja: Folja; readonly engine: Engine };

const masterKey = new Uint8Array(32).fill(7);

/** Opens the library on a run's store, and keeps hold of what it opened. */
export const openOn = async (
  run: RunStore,
  clock: () => Date,
  deliver: FoljaOptions['deliver'] = async () => undefined,
): Promise<Opened> => {
  const inner = run.store();
  let engine: Engine | undefined;
  const store: Store = {
    open: async (...given) => {
      engine = await inner.open(...given);
      return engine;
    },
  };
  const folja = await openFolja({ store, masterKey, policy, clock, deliver });
  if (engine === undefined) throw new Error('openFolja did not open the store');
  return { folja, engine };
};

/** What a store operation gives. */
export const right = async <A>(task: () => Promise<{ readonly right: A } | { readonly left: unknown }>): Promise<A> => {
  const result = await task();
  if ('left' in result) throw new Error(`the store said ${JSON.stringify(result.left)}`);
  return result.right;
};

/** All events of a store. */
export const eventsOf = async ({ engine }: Opened): Promise<readonly Event[]> =>
  (await right(engine.events.readAll(0, 1_000_000))) as readonly unknown[] as readonly Event[];
