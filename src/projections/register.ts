import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { treeTables } from '../audit/tree.ts';
import type { Uuid } from '../domain/identifiers.ts';
import { nodeApplicationId, nodeTables, storeTables } from '../eventStore/storeTables.ts';
import { inTransaction } from '../eventStore/transaction.ts';
import type { Erasable } from '../privacy/erasing.ts';
import { type Registered, requireRegisteredIn } from '../privacy/registered.ts';
import { intents } from './notifications/intents.ts';
import { purgedRow } from './programs.ts';
import { one, run } from './projection.ts';
import { endCopy, passingIn, passingTables } from './rebuilding/passing.ts';
import { bookkeepingTables, groupedTables } from './runner.ts';

const ofTree: Registered = Object.fromEntries(
  treeTables.map((table) => [table, { keeps: 'hashes over the log, which stays' }]),
);

/** Every table of the event store's file, with how a purge cleans it; a file with another is not opened. */
export const registeredTables: Registered = {
  ...storeTables,
  ...ofTree,
  ...bookkeepingTables,
  ...groupedTables,
  ...intents.tables,
};

/** Read models that are on their way into their place, or out of it. */
const passing = passingTables(groupedTables);

/** The same with what is there now and then, and for the file of a node of a cluster with what the node knows besides. */
const ofStore: Registered = { ...registeredTables, ...passing };
const ofNode: Registered = { ...ofStore, ...nodeTables };

/** What a file is, and what may be in it. */
export const registeredFor = (db: Database): { readonly file: string; readonly tables: Registered } =>
  db.pragma('application_id', { simple: true }) === nodeApplicationId
    ? { file: 'file of read models', tables: ofNode }
    : { file: 'event store', tables: ofStore };

type Column = readonly [table: string, column: string];

const programColumns = (tables: Registered): readonly Column[] =>
  Object.entries(tables).flatMap(([table, how]) => ('program' in how ? [[table, how.program] as const] : []));

/** Names of tables and columns come from the register, never from input. */
const deleteRows = (db: Database, programId: Uuid, [table, column]: Column): void =>
  run(db, 'DELETE FROM '.concat(table, ' WHERE ', column, ' = ?'), programId);

const hasRows = (db: Database, programId: Uuid, [table, column]: Column): boolean =>
  one(db, 'SELECT 1 FROM '.concat(table, ' WHERE ', column, ' = ? LIMIT 1'), programId) !== undefined;

/**
 * Deletes what the `purged` event has left, which is nothing unless a read model forgot to. Read models that are behind that event are left
 * alone, for what they count comes from rows that are still to be seen.
 */
const clean = (db: Database, columns: readonly Column[], programId: Uuid): boolean => {
  if (purgedRow(db, programId) === undefined) return false;
  for (const column of columns) deleteRows(db, programId, column);
  return columns.every((column) => !hasRows(db, programId, column));
};

/** What a rebuild has copied, or replaced: rows that it is still to copy may be the program's, so that it has to begin again. */
const cleanPassing = (db: Database, programId: Uuid): void => {
  endCopy(db);
  const there = [...passingIn(db, 'anew'), ...passingIn(db, 'former')];
  for (const [table, column] of programColumns(passing))
    if (there.includes(table)) deleteRows(db, programId, [table, column]);
};

const storeOf = (db: Database, name: string, tables: Registered, also: typeof cleanPassing = () => {}): Erasable => {
  const columns = programColumns(tables);
  return {
    name,
    erase: async (programId) => {
      const cleaned = await inTransaction(db, () => {
        also(db, programId);
        return clean(db, columns, programId);
      });
      return E.isRight(cleaned) && cleaned.right ? E.right(undefined) : E.left('left');
    },
  };
};

/** The read models and the outbox as places that a purge cleans, by the register (R242). */
export const readModelStores = (db: Database): readonly Erasable[] => [
  storeOf(db, 'read-models', groupedTables, cleanPassing),
  storeOf(db, 'notifications', intents.tables),
];

/** Deletes from read models of another time what is purged today; how much they have counted of it stays. */
export const forgetProgram = (db: Database, programId: Uuid): void => {
  for (const column of programColumns(groupedTables)) deleteRows(db, programId, column);
};

/** Throws one sentence where a file of events and read models holds something that nobody has registered: it could not be erased. */
export const requireRegistered = (db: Database): void => {
  const { file, tables } = registeredFor(db);
  requireRegisteredIn(db, file, tables);
};
