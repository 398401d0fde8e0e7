import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const source = (file: string): string => fileURLToPath(new URL(`src/${file}`, import.meta.url));

const longest = ['properties', 'permissions', 'examples', 'simulation'];
const isLong = ({ moduleId }: TestSpecification): boolean => longest.some((folder) => moduleId.includes(`/${folder}/`));

/** The longest files first, so that no process is left with one at the end while the others wait. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

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
    sequence: { sequencer: LongestFirst },
    // By default one core is left idle; of two that would be half of the time.
    maxWorkers: '100%',
  },
});
