import { mutants } from './catalog.ts';
import type { Mutant } from './mutant.ts';

/** The mutant that this process is to run with; undefined where it is to run the library as it is. */
const chosen = (): Mutant | undefined => {
  const { FOLJA_MUTANT: id } = process.env;
  if (id === undefined) return undefined;
  const mutant = mutants.find((one) => one.id === id);
  if (mutant === undefined) throw new Error(`there is no mutant ${id}`);
  return mutant;
};

/** Where the chosen mutant is, and what it makes of the text of that file. */
export const mutation = (): { readonly url: URL; readonly mutated: (source: string) => string } | undefined => {
  const mutant = chosen();
  if (mutant === undefined) return undefined;
  const { file, from, to } = mutant;
  return {
    url: new URL(`../src/${file}`, import.meta.url),
    mutated: (source) => {
      if (!source.includes(from)) throw new Error(`what the mutant ${mutant.id} changes is not in ${file}`);
      return source.replace(from, () => to);
    },
  };
};
