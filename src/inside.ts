import type { Policy } from './domain/policy.ts';
import type { Engine } from './eventStore/engine.ts';

/** What an opened library is made of: what it does not answer, but what has to be so beneath it. */
export type Inside = { readonly engine: Engine; readonly policy: Policy };

const insides = new WeakMap<object, Inside>();

/** Keeps what a library was opened on beside it, where only the library's own compliance properties look. */
export const keepInside = <Opened extends object>(opened: Opened, inside: Inside): Opened => {
  insides.set(opened, inside);
  return opened;
};

/** What a library was opened on; undefined for what `openFolja` did not give. */
export const insideOf = (opened: object): Inside | undefined => insides.get(opened);
