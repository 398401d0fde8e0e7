import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const source = (file: string): string => fileURLToPath(new URL(`src/${file}`, import.meta.url));

const longest = ['compliance', 'faults', 'permissions', 'examples', 'simulation'];
const isLong = ({ moduleId }: TestSpecification): boolean => longest.some((folder) => moduleId.includes(`/${folder}/`));

/** The longest files first, so that no process is left with one at the end while the others wait. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/**
 * Tests that have a command of their own, beside `npm test`; some of each kind always run.
 *
 * `cluster`: every call under every fault, processes that are killed, and the model server against its own rules. Among those that always run are the
 * contract of the store and of the keys, the properties, a cluster that fails in every way, two nodes of one store, a purge and the notifications of
 * several nodes.
 *
 * `permissions`: everybody, every command and view, every state of a program. The oracle, the table against it, the policies and a part of the product on
 * SQLite always run.
 *
 * `long`: the rules on SQLite, on a cluster and under random policies, the properties as hosts run them, hostile input, a short soak, rebuilds
 * that are killed or met by purges, the bytes of all files looked at, openings that a thread works for, the memory of a verification. The rules in
 * memory, the controls, every fault, every other test of rebuilds and what is hostile to proofs always run.
 */
const apart = {
  cluster: [
    'test/cli/clusters.test.ts',
    'test/clock/sharing{Deadlines,Faults,.properties}.test.ts',
    'test/eventStore/eventStoreDb/{connection,driver,duties,purging}*.test.ts',
    'test/eventStore/modelServer/**/*.test.ts',
    'test/library/{clusterErasing,clusterOperations,clusterPurgeKilled,nodes,nodesKilled}.test.ts',
    'test/privacy/clusterKeys{,Faults,Killed,Nodes,Rewrap,.properties}.test.ts',
  ],
  permissions: ['test/library/permissions/{commands,views,rights.properties}.test.ts'],
  long: [
    'test/audit/verifyingMemory.test.ts',
    'test/cli/compliance.test.ts',
    'test/compliance/{hosts,persons}.test.ts',
    'test/compliance/{cluster,floods,settings,sqlite}.properties.test.ts',
    'test/erasure/purgedWhileRebuilding.test.ts',
    'test/eventStore/model.properties.test.ts',
    'test/faults/soak.test.ts',
    'test/library/{openingBehind,rebuildKilled}.test.ts',
    'test/security/hostile{Calls,CommandLine,Files,Options}.test.ts',
  ],
};
/** Which of these alone; `all`: all others too. */
const { FOLJA_APART: chosen } = process.env;
const alone = Object.entries(apart).find(([name]) => name === chosen)?.[1];

export default defineConfig({
  resolve: {
    alias: [
      { find: /^folja$/, replacement: source('index.ts') },
      { find: /^folja\/compliance$/, replacement: source('compliance.ts') },
      { find: /^folja\/eventstoredb$/, replacement: source('eventStoreDb.ts') },
      { find: /^folja\/fhir$/, replacement: source('fhir.ts') },
      { find: /^folja\/sqlite$/, replacement: source('sqlite.ts') },
      { find: /^folja\/verifier$/, replacement: source('verifier.ts') },
    ],
  },
  test: {
    include: alone ?? ['test/**/*.test.ts'],
    exclude: chosen === undefined ? Object.values(apart).flat() : [],
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
