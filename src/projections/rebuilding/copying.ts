import type { Database, Statement } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { changedKeys, changedRows } from './changes.ts';
import { passingName } from './passing.ts';
import { keyNames, listed, places, type TableShape } from './tableShapes.ts';
import { copyingSlice, type Ending, type Live } from './takingOver.ts';

type Values = readonly (string | number | Uint8Array | null)[];

/** A copy of a side database's tables into the tables beside the live ones. */
export type Copying = Live & {
  readonly side: Database;
  readonly copy: number;
  /** Told how many rows were copied. */
  readonly onRows: (rows: number) => void;
};

/** How many rows are read ahead, outside of any transaction. */
const page = 2_000;

const target = ({ name }: TableShape): string => passingName(name, 'anew');

const rowsAfter = (shape: TableShape, isFirst: boolean): string => {
  const key = listed(keyNames(shape));
  const after = isFirst ? '' : `WHERE (${key}) > (${places(shape.key.map(({ name }) => name))})`;
  return `SELECT ${listed(shape.columns)} FROM ${shape.name} ${after} ORDER BY ${key} LIMIT ?`;
};

/** A row that is there already gives way: it is one that has changed since it was copied. */
const putting = (shape: TableShape): string =>
  `INSERT OR REPLACE INTO ${target(shape)} (${listed(shape.columns)}) VALUES (${places(shape.columns)})`;

const removing = (shape: TableShape): string => {
  const same = keyNames(shape).map((name) => `${name} = ?`);
  return `DELETE FROM ${target(shape)} WHERE ${same.join(' AND ')}`;
};

const lastIn = (shape: TableShape): string => {
  const order = listed(keyNames(shape).map((name) => `${name} DESC`));
  return `SELECT ${listed(keyNames(shape))} FROM ${target(shape)} ORDER BY ${order} LIMIT 1`;
};

/** The key of the last row that was copied; rows are copied in the order of their keys. */
const lastKey = (live: Database, shape: TableShape): Values | undefined =>
  live.prepare(lastIn(shape)).raw().get() as Values | undefined;

/** Something to be done with a row. */
type Step = { readonly statement: Statement; readonly row: Values };

/** Takes steps in their order, in as many transactions as it takes. */
const takeSteps = async (copying: Copying, steps: readonly Step[]): Promise<E.Either<Ending, void>> => {
  for (let done = 0; done < steps.length; ) {
    const before = done;
    const written = await copyingSlice(copying, copying.copy, (isOver) => {
      let next = before;
      do {
        const step = steps[next];
        step?.statement.run(...step.row);
        next += 1;
      } while (next < steps.length && !isOver());
      return E.right(next);
    });
    if (E.isLeft(written)) return written;
    done = written.right;
  }
  copying.onRows(steps.length);
  return E.right(undefined);
};

type Reading = {
  readonly shape: TableShape;
  readonly text: (shape: TableShape, isFirst: boolean) => string;
  readonly from?: Values | undefined;
};

/** The pages of a table's rows in the order of their keys. */
function* pagesOf(side: Database, { shape, text, from }: Reading): Generator<readonly Values[]> {
  for (let after = from; ; ) {
    const statement = side.prepare(text(shape, after === undefined)).raw();
    const rows = statement.all(...(after ?? []), page) as readonly Values[];
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last.slice(0, shape.key.length);
  }
}

type Pass = Reading & { readonly statement: Statement };

/** Takes a step with each row of several tables; where they have few, with those of all in one transaction. */
const pass = async (copying: Copying, passes: readonly Pass[]): Promise<E.Either<Ending, void>> => {
  let steps: Step[] = [];
  for (const { statement, ...reading } of passes)
    for (const rows of pagesOf(copying.side, reading)) {
      steps = [...steps, ...rows.map((row) => ({ statement, row }))];
      if (steps.length < page) continue;
      const taken = await takeSteps(copying, steps);
      if (E.isLeft(taken)) return taken;
      steps = [];
    }
  return takeSteps(copying, steps);
};

/** Copies what is not there yet; what was copied before stays, and may have changed since. */
export const copyRows = (copying: Copying, shapes: readonly TableShape[]): Promise<E.Either<Ending, void>> =>
  pass(
    copying,
    shapes.map((shape) => {
      const from = lastKey(copying.live, shape);
      return { shape, text: rowsAfter, from, statement: copying.live.prepare(putting(shape)) };
    }),
  );

/**
 * Brings rows up to date that were copied and have changed since: all of them go before the first comes back, so that none stands in the way of
 * another.
 */
export const copyChanges = async (copying: Copying, shapes: readonly TableShape[]): Promise<E.Either<Ending, void>> => {
  const taking = shapes.map((shape) => ({
    shape,
    text: changedKeys,
    statement: copying.live.prepare(removing(shape)),
  }));
  const taken = await pass(copying, taking);
  if (E.isLeft(taken)) return taken;
  return pass(
    copying,
    shapes.map((shape) => ({ shape, text: changedRows, statement: copying.live.prepare(putting(shape)) })),
  );
};

const counting = (table: string): string => `SELECT COUNT(*) FROM ${table}`;

/** How many rows there are to copy, and how many were copied before. */
export const countRows = (db: Database, names: readonly string[]): number =>
  names.reduce((sum, name) => sum + Number(db.prepare(counting(name)).pluck().get()), 0);

/** The tables beside the live ones, for counting. */
export const targets = (shapes: readonly TableShape[]): readonly string[] => shapes.map(target);
