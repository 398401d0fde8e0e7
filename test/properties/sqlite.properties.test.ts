import { inSqlite } from './stores.ts';
import { invariants } from './suite.ts';

invariants({
  name: 'the SQLite store',
  open: inSqlite,
  mostSteps: 24,
  everyCommand: false,
  atLeast: {
    ...{ starts: 80, approvals: 6, denials: 4, withdrawals: 2, purges: 3, refusals: 80, repeats: 4 },
    ...{ 'ends with maintenance': 6, 'ends without maintenance': 6, 'messages of residents': 6 },
    ...{ 'acts of residents while a handover was pending': 3, 'new clinicians': 3 },
  },
});
