import type { Engine } from '../src/eventStore/engine.ts';
import type { Store } from '../src/index.ts';

/** A store that also gives its engine away. */
export const watched = (store: Store): { readonly store: Store; readonly engine: () => Engine } => {
  let opened: Engine | undefined;
  return {
    store: { open: async (...given) => (opened = await store.open(...given)) },
    engine: () => opened as Engine,
  };
};
