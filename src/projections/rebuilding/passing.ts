import type { Database } from 'better-sqlite3';
import type { Registered } from '../../privacy/registered.ts';
import { all, one, run } from '../projection.ts';

/** Tables that a rebuild fills before it puts them in place, and those that it has put others in the place of. */
export type Passing = 'anew' | 'former';

/** The name of a table, or of an index, while it is on its way. */
export const passingName = (name: string, passing: Passing): string => `${name}_${passing}`;

/** Tables under the names that they have on their way: a purge cleans them there as it does in their place. */
export const passingTables = (tables: Registered): Registered =>
  Object.fromEntries(
    Object.entries(tables).flatMap(([table, how]) => [
      [passingName(table, 'anew'), how],
      [passingName(table, 'former'), how],
    ]),
  );

/** The tables of a database that are on their way. */
export const passingIn = (db: Database, passing: Passing): readonly string[] =>
  all<{ readonly name: string }>(
    db,
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, -length(?)) = ? ORDER BY name",
    ...[passingName('', passing), passingName('', passing)],
  ).map(({ name }) => name);

/** Table names come from the database itself, and end as those do that a rebuild has made. */
const dropStatement = (table: string): string => 'DROP TABLE '.concat(table);

/** Drops tables that are on their way. */
export const dropPassing = (db: Database, tables: readonly string[]): void => {
  for (const table of tables) db.prepare(dropStatement(table)).run();
};

/**
 * Says of which copy the tables are that are filled: the position that its rows began with. Who fills them looks in each transaction whether
 * that still holds; a purge, once it has cleaned them, says that it does not.
 */
export const copyIn = (db: Database): number | undefined =>
  one<{ readonly position: number }>(db, "SELECT position FROM checkpoints WHERE name = 'copy'")?.position;

/** Begins a copy. */
export const beginCopy = (db: Database, position: number): void =>
  run(db, "INSERT OR REPLACE INTO checkpoints (name, position) VALUES ('copy', ?)", position);

/** Ends a copy: it is in its place, or of no use. */
export const endCopy = (db: Database): void => run(db, "DELETE FROM checkpoints WHERE name = 'copy'");

/** Drops all tables that are on their way at once: for an opening that makes tables anew itself. */
export const dropAllPassing = (db: Database): void => {
  endCopy(db);
  for (const passing of ['anew', 'former'] as const) dropPassing(db, passingIn(db, passing));
};
