import { inSqlite } from './stores.ts';
import { invariants } from './suite.ts';

invariants({ name: 'the SQLite store', open: inSqlite, mostSteps: 24, atLeast: {} });
