import { memoryKind } from './stores.ts';
import { invariants } from './suite.ts';

invariants({
  name: 'the store in memory',
  kind: memoryKind,
  mostSteps: 36,
  usually: 115,
  everyCommand: true,
  atLeast: {
    ...{ starts: 150, restarts: 1, approvals: 10, denials: 8, withdrawals: 4, purges: 8, refusals: 150, repeats: 8 },
    ...{ 'ends with maintenance': 15, 'ends without maintenance': 15, 'messages of residents': 20 },
    ...{ 'acts of residents while a handover was pending': 10, 'new clinicians': 8 },
    ...{ 'forms unread at the end': 15, 'forms opened at the end': 5, 'programs that got a minor version': 6 },
    ...{ 'occasions missed at the end': 100, 'occasions filled in at the end': 5, 'runs without a relative': 5 },
    ...{ 'purges with statistics': 8, 'notifications of staff': 5, 'notifications of residents': 100 },
    ...{ 'rebuilds that were compared': 60, 'runs through the change to summer time': 20 },
  },
});
