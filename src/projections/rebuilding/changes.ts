import type { Database } from 'better-sqlite3';
import { keyNames, listed, places, type TableShape } from './tableShapes.ts';

/** The table in which a side database notes which rows of another have changed. */
export const changesOf = ({ name }: TableShape): string => `changed_${name}`;

/** Names of tables and columns are those of the read models. */
const noting = (shape: TableShape, when: string, rows: readonly string[]): string => {
  const note = (row: string): string => {
    const same = keyNames(shape).map((name) => `key_${name} = ${row}.${name}`);
    // No `OR IGNORE`: how the statement that fires it meets conflicts would hold here too.
    const isNoted = `SELECT 1 FROM ${changesOf(shape)} WHERE ${same.join(' AND ')}`;
    return `INSERT INTO ${changesOf(shape)} SELECT ${listed(keyNames(shape), `${row}.`)} WHERE NOT EXISTS (${isNoted});`;
  };
  const trigger = `${changesOf(shape)}_by_${when}`;
  return `CREATE TRIGGER ${trigger} AFTER ${when} ON ${shape.name} BEGIN ${rows.map(note).join(' ')} END;`;
};

const tableFor = (shape: TableShape): string => {
  const columns = shape.key.map(({ name, type }) => `key_${name} ${type} NOT NULL`).join(', ');
  const key = listed(keyNames(shape), 'key_');
  return `CREATE TABLE ${changesOf(shape)} (${columns}, PRIMARY KEY (${key})) STRICT, WITHOUT ROWID;`;
};

/**
 * Begins to note, by their keys, the rows that change in a side database: what was copied from it before is brought up to date by them. Rows that
 * are replaced are noted where triggers fire for them, which is a setting of the connection.
 */
export const noteChanges = (side: Database, shapes: readonly TableShape[]): void => {
  for (const shape of shapes) {
    side.exec(tableFor(shape));
    side.exec(noting(shape, 'insert', ['NEW']));
    side.exec(noting(shape, 'update', ['OLD', 'NEW']));
    side.exec(noting(shape, 'delete', ['OLD']));
  }
};

/** Whether any change is noted. */
export const anyChange = (shape: TableShape): string => `SELECT 1 FROM ${changesOf(shape)} LIMIT 1`;

const forgetting = (shape: TableShape): string => `DELETE FROM ${changesOf(shape)}`;

/** Forgets the changes so far, which have been copied. */
export const forgetChanges = (side: Database, shapes: readonly TableShape[]): void => {
  for (const shape of shapes) side.prepare(forgetting(shape)).run();
};

const endings = (shape: TableShape): readonly string[] => [
  ...['insert', 'update', 'delete'].map((when) => `DROP TRIGGER IF EXISTS ${changesOf(shape)}_by_${when}`),
  `DROP TABLE IF EXISTS ${changesOf(shape)}`,
];

/** Ends the noting of changes, for a copy that is of no use. */
export const stopNoting = (side: Database, shapes: readonly TableShape[]): void => {
  for (const statement of shapes.flatMap(endings)) side.exec(statement);
};

/** Keys of changed rows, in their order; from the beginning where no key is given. */
export const changedKeys = (shape: TableShape, isFirst: boolean): string => {
  const keys = listed(keyNames(shape), 'key_');
  const after = isFirst ? '' : `WHERE (${keys}) > (${places(shape.key.map(({ name }) => name))})`;
  return `SELECT ${keys} FROM ${changesOf(shape)} ${after} ORDER BY ${keys} LIMIT ?`;
};

/** Changed rows that are still there, as they are now, in the order of their keys. */
export const changedRows = (shape: TableShape, isFirst: boolean): string => {
  const keys = listed(keyNames(shape), 'c.key_');
  const same = keyNames(shape).map((name) => `t.${name} = c.key_${name}`);
  const after = isFirst ? '' : `WHERE (${keys}) > (${places(keyNames(shape))})`;
  const columns = listed(shape.columns, 't.');
  return `SELECT ${columns} FROM ${changesOf(shape)} c CROSS JOIN ${shape.name} t ON ${same.join(' AND ')}
    ${after} ORDER BY ${keys} LIMIT ?`;
};
