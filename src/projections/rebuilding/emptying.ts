import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { type Slices, slicesOf } from '../../eventStore/slices.ts';
import { copyIn, dropPassing, endCopy, type Passing, passingIn } from './passing.ts';
import { keyNames, listed, shapeOf, type TableShape } from './tableShapes.ts';
import { discarded, type Ending, type Live, slice } from './takingOver.ts';

type OnRows = (rows: number) => void;

const emptying = (shape: TableShape): string => {
  const key = listed(keyNames(shape));
  return `DELETE FROM ${shape.name} WHERE (${key}) IN (SELECT ${key} FROM ${shape.name} ORDER BY ${key} LIMIT ?)`;
};

/** Tables that a rebuild is filling are left alone: somebody has begun another while this one was clearing up. */
const mayClear = (db: Database, passing: Passing): boolean => passing === 'former' || copyIn(db) === undefined;

const deleteSome = (db: Database, text: string, slices: Slices): number => {
  const most = slices.most();
  const took = slices.begin();
  const { changes } = db.prepare(text).run(most);
  took(most);
  return changes;
};

/** Deletes the rows of a table: what is deleted is overwritten, and a large table dropped at once would let everybody wait. */
const emptyTable = async (
  live: Live,
  passing: Passing,
  table: string,
  onRows: OnRows,
): Promise<E.Either<Ending, void>> => {
  const slices = slicesOf(live.writing.milliseconds);
  const text = emptying(shapeOf(live.live, table));
  for (;;) {
    const emptied = await slice(live, () => {
      // Another process may have cleared it up meanwhile.
      const isThere = mayClear(live.live, passing) && passingIn(live.live, passing).includes(table);
      return isThere ? E.right(deleteSome(live.live, text, slices)) : E.left(discarded);
    });
    if (E.isLeft(emptied)) return emptied;
    onRows(emptied.right);
    if (emptied.right === 0) return E.right(undefined);
  }
};

const anyRow = (table: string): string => `SELECT 1 FROM ${table} LIMIT 1`;

const isEmptyIn =
  (db: Database) =>
  (table: string): boolean =>
    db.prepare(anyRow(table)).get() === undefined;

const clear = async (
  live: Live,
  passing: Passing,
  onRows: OnRows = () => undefined,
): Promise<E.Either<Ending, void>> => {
  for (const table of passingIn(live.live, passing)) {
    if (isEmptyIn(live.live)(table)) continue;
    const emptied = await emptyTable(live, passing, table, onRows);
    if (E.isLeft(emptied) && emptied.left.kind !== 'discarded') return emptied;
  }
  return slice(live, () => {
    if (mayClear(live.live, passing))
      dropPassing(live.live, passingIn(live.live, passing).filter(isEmptyIn(live.live)));
    return E.right(undefined);
  });
};

/** Clears up the tables that others were put in the place of; told how many rows are gone. */
export const clearFormer = (live: Live, onRows?: OnRows): Promise<E.Either<Ending, void>> =>
  clear(live, 'former', onRows);

/** Gives a copy up, whatever there is of it, and clears up its tables. */
export const clearCopy = async (live: Live): Promise<E.Either<Ending, void>> => {
  const ended = await slice(live, () => E.right(endCopy(live.live)));
  return E.isLeft(ended) ? ended : clear(live, 'anew');
};

/** Clears up what a stop has left and nobody goes on with; a copy that somebody may go on with stays. */
export const clearLeft = async (live: Live): Promise<E.Either<Ending, void>> => {
  const cleared = await clearFormer(live);
  return E.isLeft(cleared) ? cleared : clear(live, 'anew');
};

/** Whether a stop has left anything to be cleared up. */
export const isLeft = (db: Database): boolean =>
  passingIn(db, 'former').length > 0 || (copyIn(db) === undefined && passingIn(db, 'anew').length > 0);
