import { defineConfig } from 'vitest/config';

/** The tests of the domain alone, against which its mutants are tried: `npm run test:domain-mutants`. */
export default defineConfig({
  test: { include: ['test/domain/**/*.test.ts', 'test/templates/**/*.test.ts'], testTimeout: 60_000 },
});
