import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (file: string): string => fileURLToPath(new URL(`src/${file}`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^folja$/, replacement: source('index.ts') },
      { find: /^folja\/fhir$/, replacement: source('fhir.ts') },
      { find: /^folja\/sqlite$/, replacement: source('sqlite.ts') },
      { find: /^folja\/verifier$/, replacement: source('verifier.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    globalSetup: ['test/globalSetup.ts'],
    // Files share a process: nothing of the library is global, and loading it for each file anew took half of the time.
    isolate: false,
    // By default one core is left idle; of two that would be half of the time.
    maxWorkers: '100%',
  },
});
