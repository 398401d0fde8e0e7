import type { Database } from 'better-sqlite3';
import { describedIndexes } from '../indexes.ts';
import { all } from '../projection.ts';
import { type Passing, passingName } from './passing.ts';

type Described = { readonly type: string; readonly name: string; readonly tbl: string; readonly sql: string | null };
type Entry = Described & { readonly rowid: number };

const entriesIn = (db: Database): readonly Entry[] =>
  all<Entry>(db, "SELECT rowid, type, name, tbl_name AS tbl, sql FROM sqlite_schema WHERE type IN ('table', 'index')");

/** The text of a table or an index under other names, as SQLite keeps it: what comes after the names stays. */
const renamedText = ({ type, sql }: Described, name: string, table: string): string | null =>
  type === 'table'
    ? (sql?.replace(/^CREATE TABLE "?\w+"?/, `CREATE TABLE ${name}`) ?? null)
    : (sql?.replace(/^CREATE (UNIQUE )?INDEX "?\w+"? ON "?\w+"?/, `CREATE $1INDEX ${name} ON ${table}`) ?? null);

/**
 * Makes tables like those of a side database, with their indexes, those among them that only views ask and the side database lacks, under the
 * names that they have until they are put in place.
 */
export const makeTables = (side: Database, live: Database, tables: readonly string[]): void => {
  const there = entriesIn(side);
  const lacking = describedIndexes.filter(({ name }) => there.every((entry) => entry.name !== name));
  const entries = [...there, ...lacking].filter(({ tbl }) => tables.includes(tbl));
  for (const entry of entries.toSorted((one, other) => Number(other.type === 'table') - Number(one.type === 'table'))) {
    const text = renamedText(entry, passingName(entry.name, 'anew'), passingName(entry.tbl, 'anew'));
    if (text !== null) live.exec(text);
  }
};

const without = (name: string, passing: Passing): string => name.slice(0, -passingName('', passing).length);

/** What an entry of the schema is to be called; undefined where it stays as it is. */
const renamed = (tables: readonly string[]) => {
  const filled = new Map(tables.map((table) => [passingName(table, 'anew'), table]));
  return ({ name, tbl, sql }: Entry): { readonly name: string; readonly table: string } | undefined => {
    const [place, isLive] = [filled.get(tbl), tables.includes(tbl)];
    if (place === undefined && !isLive) return undefined;
    const table = place ?? passingName(tbl, 'former');
    // An index that SQLite has made for a key is called after its table.
    if (sql === null) return { name: name.replace(tbl, table), table };
    return { name: isLive ? passingName(name, 'former') : without(name, 'anew'), table };
  };
};

/**
 * Puts filled tables in the place of the live ones, with their indexes, in the caller's transaction. `ALTER TABLE` reads the whole schema anew for
 * each name, which took seventy times as long and let everybody wait: so the names are changed where SQLite keeps them.
 */
export const swapTables = (db: Database, tables: readonly string[]): void => {
  const nameOf = renamed(tables);
  const version = Number(db.pragma('schema_version', { simple: true }));
  const entries = entriesIn(db);
  db.unsafeMode(true);
  try {
    db.pragma('writable_schema = ON');
    const rename = db.prepare('UPDATE sqlite_schema SET name = ?, tbl_name = ?, sql = ? WHERE rowid = ?');
    for (const entry of entries) {
      const to = nameOf(entry);
      if (to !== undefined) rename.run(to.name, to.table, renamedText(entry, to.name, to.table), entry.rowid);
    }
    // Tells every connection, this one too, that the schema is another.
    db.pragma(`schema_version = ${version + 1}`);
  } finally {
    db.pragma('writable_schema = RESET');
    db.unsafeMode(false);
  }
};
