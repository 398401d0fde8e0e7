import { inMemory } from './stores.ts';
import { invariants } from './suite.ts';

invariants({
  name: 'the store in memory',
  open: inMemory,
  mostSteps: 40,
  everyCommand: true,
  atLeast: {
    ...{ starts: 150, restarts: 1, approvals: 15, denials: 8, withdrawals: 4, purges: 8, refusals: 150, repeats: 8 },
    ...{ 'ends with maintenance': 15, 'ends without maintenance': 15, 'messages of residents': 20 },
    ...{ 'acts of residents while a handover was pending': 10, 'new clinicians': 8 },
  },
});
