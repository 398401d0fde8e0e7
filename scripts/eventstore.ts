/**
 * Runs the tests of the cluster store on a real EventStoreDB, one server or several: `npm run test:eventstore`. The same tests run on the model
 * server in `npm test` and `npm run test:cluster`. Every test makes streams of its own and leaves them there, so the servers are to be for tests.
 */
import { spawn } from 'node:child_process';

const suites = [
  'test/eventStore/eventStoreDb/contract.test.ts',
  'test/eventStore/eventStoreDb/driver.test.ts',
  'test/eventStore/eventStoreDb/driverFollowing.test.ts',
  'test/eventStore/eventStoreDb/driverGroups.test.ts',
  'test/eventStore/eventStoreDb/driverOperations.test.ts',
  'test/eventStore/modelServer/appending.test.ts',
  'test/eventStore/modelServer/following.test.ts',
  'test/eventStore/modelServer/groups.test.ts',
];
/** What the model says of scavenges and gossip it says of one server. */
const suitesOfOneServer = ['test/eventStore/modelServer/operating.test.ts'];

const told = `npm run test:eventstore needs an EventStoreDB: set FOLJA_EVENTSTORE to its connection string, such as
esdb://localhost:2113?tls=false for one server without certificates. It is skipped; the same tests run on a model with npm test.`;

const connection = process.env.FOLJA_EVENTSTORE ?? '';
const isOneServer = !connection.includes(',') && !connection.startsWith('esdb+discover');

if (connection === '') {
  console.log(told);
} else {
  // One file after the other: a scavenge concerns the whole server.
  const run = spawn(
    'vitest',
    ['run', '--no-file-parallelism', '--test-timeout=120000', ...suites, ...(isOneServer ? suitesOfOneServer : [])],
    {
      stdio: 'inherit',
      env: { ...process.env, FOLJA_APART: 'all' },
    },
  );
  run.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
