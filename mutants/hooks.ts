/** Loads the library with one mutant in it: to be imported before everything else, with its id in FOLJA_MUTANT. */
import { registerHooks } from 'node:module';
import { mutants } from './catalog.ts';

const { FOLJA_MUTANT: id } = process.env;
const mutant = mutants.find((one) => one.id === id);
if (mutant === undefined && id !== undefined) throw new Error(`there is no mutant ${id}`);

if (mutant !== undefined) {
  const target = new URL(`../src/${mutant.file}`, import.meta.url).href;
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      if (url !== target) return loaded;
      return { ...loaded, source: String(loaded.source).replace(mutant.from, () => mutant.to) };
    },
  });
}
