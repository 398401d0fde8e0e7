import { memoryGrounds } from './stores.ts';
import { invariants } from './suite.ts';

invariants({
  name: 'the store in memory',
  grounds: memoryGrounds,
  mostSteps: 36,
  usually: 70,
  everyCommand: true,
  atLeast: {
    ...{ starts: 82, restarts: 1, approvals: 5, denials: 4, withdrawals: 2, purges: 3, refusals: 82, repeats: 4 },
    ...{ 'ends with maintenance': 8, 'ends without maintenance': 8, 'messages of residents': 11 },
    ...{ 'acts of residents while a handover was pending': 5, 'new clinicians': 4 },
    ...{ 'forms unread at the end': 8, 'forms opened at the end': 1, 'programs that got a minor version': 3 },
    ...{ 'occasions missed at the end': 55, 'occasions filled in at the end': 2, 'runs without a relative': 2 },
    ...{ 'purges with statistics': 3, 'notifications of staff': 2, 'notifications of residents': 55 },
    ...{ 'rebuilds that were compared': 33, 'runs through the change to summer time': 11 },
  },
});
