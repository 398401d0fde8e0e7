import type { Database } from 'better-sqlite3';
import { setUpError } from '../eventStore/setUpError.ts';

/**
 * How a purge cleans a table: it deletes the rows whose column names the program, or a step of its own does; or why nothing of a program's
 * content is in it. Declared where the table is.
 */
type Cleaning =
  | { readonly program: string }
  | { readonly step: string }
  | { readonly keeps: string }
  /** A trigger, and the table that it keeps as it is: wherever that is, it must be. */
  | { readonly guards: string };

/** What a file may hold, tables, views and triggers, by name. */
export type Registered = Readonly<Record<string, Cleaning>>;

/** SQLite's own count of positions. Not its samples for the query planner: they hold values of columns, which no purge would find. */
const ofSqlite = 'sqlite_sequence';

const isMissing = (name: string, how: Cleaning, names: readonly string[]): boolean =>
  'guards' in how && names.includes(how.guards) && !names.includes(name);

/** What somebody else has named may be called anything. */
const shown = (name: string): string => (/^\w{1,64}$/.test(name) ? name : 'a table, view or trigger');

/**
 * Holds a file against its register: what nobody has registered could keep what a purge is to erase, and what a guard was taken from could be
 * changed. Undefined where all is as it is to be.
 */
export const strangeIn = (db: Database, file: string, registered: Registered): string | undefined => {
  const names = db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view', 'trigger') ORDER BY name")
    .pluck()
    .all();
  const name = names.find((one) => one !== ofSqlite && !Object.hasOwn(registered, one));
  if (name !== undefined)
    return `The ${file} holds ${shown(name)}, which Folja does not know, so that a purge could not clean it: drop it, and keep what is yours in a file of your own.`;
  const [guard] = Object.entries(registered).find(([one, how]) => isMissing(one, how, names)) ?? [];
  return guard === undefined
    ? undefined
    : `The ${file} has lost its guard ${guard}: somebody has changed it. Find out what happened, and restore it from a backup.`;
};

/**
 * Opens no file in which something is strange.
 *
 * @throws one sentence where something is
 */
export const requireRegisteredIn = (db: Database, file: string, registered: Registered): void => {
  const strange = strangeIn(db, file, registered);
  if (strange !== undefined) throw setUpError(strange);
};
