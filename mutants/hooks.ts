/** Loads the library with one mutant in it: to be imported before everything else, with its id in FOLJA_MUTANT. */
import { registerHooks } from 'node:module';
import { mutation } from './mutating.ts';

const found = mutation();

if (found !== undefined) {
  const { url: target, mutated } = found;
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      return url === target.href ? { ...loaded, source: mutated(String(loaded.source)) } : loaded;
    },
  });
}
