import { sqliteKind } from './stores.ts';
import { invariants } from './suite.ts';

invariants({
  name: 'the SQLite store',
  kind: sqliteKind,
  mostSteps: 22,
  usually: 100,
  everyCommand: false,
  atLeast: {
    ...{ starts: 80, approvals: 3, denials: 3, withdrawals: 2, purges: 2, refusals: 80, repeats: 4 },
    ...{ 'ends with maintenance': 6, 'ends without maintenance': 6, 'messages of residents': 6 },
    ...{ 'acts of residents while a handover was pending': 3, 'new clinicians': 3 },
    ...{ 'forms unread at the end': 5, 'forms opened at the end': 2, 'programs that got a minor version': 2 },
    ...{ 'occasions missed at the end': 30, 'occasions filled in at the end': 2, 'runs without a relative': 4 },
    ...{ 'purges with statistics': 2, 'notifications of residents': 30, 'rebuilds that were compared': 50 },
  },
});
