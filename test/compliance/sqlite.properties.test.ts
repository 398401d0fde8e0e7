import { sqliteGrounds } from './stores.ts';
import { invariants } from './suite.ts';

invariants({
  name: 'the SQLite store',
  grounds: sqliteGrounds,
  mostSteps: 22,
  usually: 40,
  everyCommand: false,
  atLeast: {
    ...{ starts: 28, approvals: 1, denials: 1, withdrawals: 1, purges: 1, refusals: 28, repeats: 1 },
    ...{ 'ends with maintenance': 2, 'ends without maintenance': 2, 'messages of residents': 2 },
    ...{ 'acts of residents while a handover was pending': 1, 'new clinicians': 1 },
    ...{ 'forms unread at the end': 1, 'forms opened at the end': 1, 'programs that got a minor version': 1 },
    ...{ 'occasions missed at the end': 10, 'occasions filled in at the end': 1, 'runs without a relative': 1 },
    ...{ 'purges with statistics': 1, 'notifications of residents': 10, 'rebuilds that were compared': 12 },
  },
});
