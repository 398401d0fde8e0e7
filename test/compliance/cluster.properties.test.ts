import { clusterGrounds } from './clusterStores.ts';
import { invariants } from './suite.ts';

invariants({
  name: 'the store on a cluster',
  grounds: clusterGrounds,
  mostSteps: 22,
  usually: 6,
  most: 1_000,
  worlds: 3,
  everyCommand: false,
  atLeast: { runs: 6, starts: 3, refusals: 6, 'rebuilds that were compared': 1 },
});
