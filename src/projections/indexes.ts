import type { Database } from 'better-sqlite3';
import type { Group } from './checkpoints.ts';
import { groups } from './groups.ts';

const indexesOf = (names: readonly Group[]): readonly string[] =>
  names.flatMap((name) => groups[name].flatMap(({ indexes = [] }) => indexes));

/** Makes the indexes that only views ask, where they are missing: a stop while tables are filled leaves them so. */
export const makeIndexes = (db: Database, names: readonly Group[]): void => {
  for (const index of indexesOf(names)) db.exec(index);
};

const described = (index: string) => {
  const [, sort = '', name = '', table = '', rest = ''] =
    /^CREATE (UNIQUE )?INDEX IF NOT EXISTS (\w+) ON (\w+) (.+)$/s.exec(index) ?? [];
  return { type: 'index', name, tbl: table, sql: `CREATE ${sort}INDEX ${name} ON ${table} ${rest}` };
};

/** Names come from the read models in this folder, never from input. */
const dropStatement = (name: string): string => 'DROP INDEX IF EXISTS '.concat(name);

/** Drops the indexes that only views ask: many rows are sooner written without them. */
export const dropIndexes = (db: Database, names: readonly Group[]): void => {
  for (const index of indexesOf(names)) db.prepare(dropStatement(described(index).name)).run();
};

/** The indexes that only views ask, as the schema of a database describes them that has them. */
export const describedIndexes: readonly ReturnType<typeof described>[] = indexesOf(
  Object.keys(groups) as readonly Group[],
).map(described);
