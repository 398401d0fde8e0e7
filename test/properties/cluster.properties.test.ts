import { clusterKind } from './clusterStores.ts';
import { invariants } from './suite.ts';

invariants({
  name: 'the store on a cluster',
  kind: clusterKind,
  mostSteps: 22,
  usually: 10,
  most: 1_000,
  worlds: 3,
  everyCommand: false,
  atLeast: { runs: 10, starts: 3, refusals: 6, 'rebuilds that were compared': 1 },
});
