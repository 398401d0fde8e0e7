import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig, type Plugin } from 'vitest/config';
import usual from '../vitest.config.ts';
import { mutation } from './mutating.ts';

const found = mutation();

/** Gives the tests the library with one mutant in it: its id is in FOLJA_MUTANT. */
const mutating: Plugin = {
  name: 'mutating',
  enforce: 'pre',
  transform: (code, id) =>
    found !== undefined && id === fileURLToPath(found.url) ? { code: found.mutated(code), map: null } : undefined,
};

export default mergeConfig(
  usual,
  defineConfig({
    root: fileURLToPath(new URL('..', import.meta.url)),
    plugins: [mutating],
    // What is kept of a file is known by its text, which a mutant does not change on the disk.
    test: { fsModuleCache: false },
  }),
);
