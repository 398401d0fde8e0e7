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

/**
 * Tests of several machines that have a command of their own, `npm run test:cluster`: every call under every fault, processes that are killed, and the
 * model server against its own rules. Among those that always run are the contract of the store and of the keys, the properties, a cluster that fails in
 * every way, two nodes of one store, a purge and the notifications of several nodes.
 */
const ofClustersAlone = [
  'test/cli/clusters.test.ts',
  'test/clock/sharing{Deadlines,Faults,.properties}.test.ts',
  'test/eventStore/eventStoreDb/{connection,driver,duties,purging}*.test.ts',
  'test/eventStore/modelServer/**/*.test.ts',
  'test/library/{clusterErasing,clusterOperations,clusterPurgeKilled,nodes,nodesKilled}.test.ts',
  'test/privacy/clusterKeys{,Faults,Killed,Nodes,Rewrap,.properties}.test.ts',
];
/** `1`: those alone; `both`: those too. */
const { FOLJA_CLUSTER: clusters } = process.env;

export default defineConfig({
  resolve: {
    alias: [
      { find: /^folja$/, replacement: source('index.ts') },
      { find: /^folja\/eventstoredb$/, replacement: source('eventStoreDb.ts') },
      { find: /^folja\/fhir$/, replacement: source('fhir.ts') },
      { find: /^folja\/sqlite$/, replacement: source('sqlite.ts') },
      { find: /^folja\/verifier$/, replacement: source('verifier.ts') },
    ],
  },
  test: {
    include: clusters === '1' ? ofClustersAlone : ['test/**/*.test.ts'],
    exclude: clusters === undefined ? ofClustersAlone : [],
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
