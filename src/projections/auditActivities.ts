import type { Operation } from '../eventStore/accessEvents.ts';

/** The activities of the national log contract that the library knows; it signs nothing, and has no emergency access. */
export type Activity = 'read' | 'write' | 'print' | 'erase';

const activities: Readonly<Record<string, Activity>> = {
  'purge-program': 'erase',
  'dispose-log-year': 'erase',
  'export-program': 'print',
};

/** What kind of activity a command is. */
export const activityOf = (command: string): Activity => activities[command] ?? 'write';

/** What kind of activity a view is: it reads, but for the one whose rows are made to be taken elsewhere. */
export const activityOfView = (view: string): Activity => (view === 'log-export' ? 'print' : 'read');

/** Operations that change nothing: they look at the log, or show what it says. */
const readingOperations: ReadonlySet<Operation> = new Set([
  'replay',
  'sign-head',
  'prove-inclusion',
  'prove-consistency',
  'verify',
  'list-nodes',
]);

/** What kind of activity an operation on the library itself is. */
export const activityOfOperation = (operation: Operation): Activity =>
  readingOperations.has(operation) ? 'read' : 'write';
