import * as E from 'fp-ts/lib/Either.js';
import type { StoredEvent, StoreError } from '../../eventStore/eventStore.ts';
import { catchUp } from '../catchingUp.ts';
import { checkpoint, setCheckpoint } from '../checkpoints.ts';
import type { Pace, Progress } from '../following.ts';
import { apply } from '../runner.ts';
import {
  type Building,
  beginCopyOf,
  beginNoting,
  beginSide,
  build,
  endNoting,
  hasChanges,
  shapesIn,
  standingOf,
  versionsIn,
} from './building.ts';
import { forgetChanges } from './changes.ts';
import { type Copying, copyChanges, copyRows, countRows, targets } from './copying.ts';
import { clearCopy, clearFormer } from './emptying.ts';
import { beginCopy, copyIn, endCopy, passingIn } from './passing.ts';
import { makeTables, swapTables } from './swapping.ts';
import type { TableShape } from './tableShapes.ts';
import { copyingSlice, discarded, type Ending, type Interruption, type Live, slice } from './takingOver.ts';

/** What a rebuild works with: the log, a side database of its own, and the live one, whose connection may be anybody's. */
export type Rebuilding = Omit<Building, 'onEvents'> &
  Live & {
    readonly onProgress: Progress;
    /** Reads the log in the transaction of the live database, where others may write until then. */
    readonly readNow?: (after: number, most: number) => E.Either<StoreError, readonly StoredEvent[]>;
  };

type Stage = 'building' | 'copying' | 'emptying';

/** Which part of the work is done when a stage begins, and how large it is: about as long as they take. */
const parts: Readonly<Record<Stage, readonly [from: number, share: number]>> = {
  building: [0, 0.8],
  copying: [0.8, 0.15],
  emptying: [0.95, 0.05],
};

/** How often it is told at most, in milliseconds. */
const tellEvery = 100;

/** Tells how much of the whole is done, in events, as whoever waits counts. */
const telling = (onProgress: Progress) => {
  let [total, told, next] = [0, -1, 0];
  return {
    of: (last: number): void => {
      total = last;
    },
    at: (stage: Stage, share: number): void => {
      const [from, part] = parts[stage];
      const done = Math.floor(total * (from + part * Math.min(1, share)));
      if (done <= told || performance.now() < next) return;
      [told, next] = [done, performance.now() + tellEvery];
      onProgress(done, total);
    },
    end: (last: number): void => onProgress(last, last),
  };
};

type Telling = ReturnType<typeof telling>;
type Work = Rebuilding & { readonly telling: Telling };

/** A copy of an earlier rebuild is gone on with where the live database still has it. */
const isCopying = ({ side, live }: Rebuilding): boolean => {
  const { copy } = standingOf(side);
  return copy !== null && copyIn(live) === copy;
};

/** Makes the tables that are to be filled, and notes which copy they are of. */
const beginTables = async (work: Work, shapes: readonly TableShape[]): Promise<E.Either<Ending, number>> => {
  const { side, live } = work;
  const copy = beginCopyOf(side);
  const tables = shapes.map(({ name }) => name);
  return slice(work, () => {
    // Another process holds no copy, for it would hold the side database.
    if (copyIn(live) !== undefined || passingIn(live, 'anew').length > 0) return E.left(discarded);
    makeTables(side, live, tables);
    beginCopy(live, copy);
    return E.right(copy);
  });
};

/** Leaves nothing of earlier rebuilds but what is gone on with. */
const clearUp = async (work: Work, shapes: readonly TableShape[]): Promise<E.Either<Ending, void>> => {
  if (!isCopying(work)) {
    const cleared = await clearCopy(work);
    if (E.isLeft(cleared)) return cleared;
    endNoting(work.side, shapes);
  }
  return clearFormer(work);
};

const buildSide = (work: Work): Promise<E.Either<Ending, number>> =>
  build({
    ...work,
    onEvents: (position, last) => {
      work.telling.of(last);
      work.telling.at('building', last === 0 ? 1 : position / last);
    },
  });

type OnRows = (rows: number) => void;

/** Counts the rows once: later rounds have few, and counting takes long where there are many. */
const countingRows = ({ side, live, telling: tell }: Work, shapes: readonly TableShape[]): OnRows => {
  const names = shapes.map(({ name }) => name);
  const total = Math.max(1, countRows(side, names));
  let copied = copyIn(live) === undefined ? 0 : countRows(live, targets(shapes));
  return (rows) => {
    copied += rows;
    tell.at('copying', copied / total);
  };
};

/** Copies what is not copied yet, and then what has changed meanwhile. */
const copyAll = async (
  work: Work,
  shapes: readonly TableShape[],
  onRows: OnRows,
): Promise<E.Either<Ending, number>> => {
  const begun = isCopying(work) ? E.right(Number(standingOf(work.side).copy)) : await beginTables(work, shapes);
  if (E.isLeft(begun)) return begun;
  const copying: Copying = { ...work, copy: begun.right, onRows };
  const rows = await copyRows(copying, shapes);
  if (E.isLeft(rows)) return rows;
  if (!hasChanges(work.side, shapes)) return begun;
  const changes = await copyChanges(copying, shapes);
  if (E.isLeft(changes)) return changes;
  work.side.transaction(() => forgetChanges(work.side, shapes))();
  return begun;
};

/** So many events are applied in the transaction that puts the tables in their place, the more often it was tried; more are built beside first. */
const shortTail = 32;
const longestTail = 500;
const longTailAfter = 4;
const tailIn = (round: number): number => (round > longTailAfter ? longestTail : shortTail);

/** Where the copy stands, and what the log has after it. */
type Tail = { readonly position: number; readonly events: readonly StoredEvent[] };

/** Puts the tables in their place, and applies what came after them; false where more was committed since that was read. */
const place = ({ side, live }: Work, shapes: readonly TableShape[], { position, events }: Tail): boolean => {
  const end = events.at(-1)?.position ?? position;
  if (checkpoint(live, 'inline') > end || versionsIn(live) !== versionsIn(side)) return false;
  const tables = shapes.map(({ name }) => name);
  swapTables(live, tables);
  endCopy(live);
  setCheckpoint(live, 'inline', position);
  setCheckpoint(live, 'audit', position);
  apply(live, 'inline', events);
  return true;
};

/** Puts the copy in its place, with what was committed meanwhile; false where more was than can be applied in a moment. */
const putInPlace = async (
  work: Work,
  shapes: readonly TableShape[],
  { copy, most }: { readonly copy: number; readonly most: number },
): Promise<E.Either<Ending, boolean>> => {
  const { position } = standingOf(work.side);
  const { readNow } = work;
  const before = readNow === undefined ? await work.events.readAll(position, most + 1)() : undefined;
  return copyingSlice(work, copy, () => {
    const tail = before ?? readNow?.(position, most + 1) ?? E.right([]);
    if (E.isLeft(tail)) return tail;
    return E.right(tail.right.length <= most && place(work, shapes, { position, events: tail.right }));
  });
};

const mostRounds = 100;
const longest = 16;

/** Where much is written all the while, others wait a little longer from round to round: else there would be no end. */
const inRound = (pace: Pace, round: number): Pace => ({
  ...pace,
  milliseconds: pace.milliseconds * Math.min(longest, 2 ** (round - 1)),
});

/** Builds, copies and puts in place, in rounds of which each has less to do than the last, until what is left is done in a moment. */
const takeOver = async (work: Work, shapes: readonly TableShape[]): Promise<E.Either<Ending, void>> => {
  let onRows: OnRows | undefined;
  for (let round = 1; round <= mostRounds; round += 1) {
    beginNoting(work.side, shapes);
    const built = await buildSide(work);
    if (E.isLeft(built)) return built;
    const hurried = { ...work, writing: inRound(work.writing, round) };
    onRows ??= countingRows(work, shapes);
    const copied = await copyAll(hurried, shapes, onRows);
    if (E.isLeft(copied)) return copied;
    const placed = await putInPlace(hurried, shapes, { copy: copied.right, most: tailIn(round) });
    if (E.isLeft(placed)) return placed;
    if (placed.right) return E.right(undefined);
  }
  return E.left({ kind: 'unavailable', retry: true });
};

/** Once it is in its place, nothing is lost with the side database. */
const unlessStopped = (going: E.Either<Interruption, void>): E.Either<Interruption, void> =>
  E.isLeft(going) && going.left.kind === 'discarded' ? E.right(undefined) : going;

/** Clears up the tables that were replaced, and tells how far it is. */
const empty = async (work: Work): Promise<E.Either<Ending, void>> => {
  const { live, telling: tell } = work;
  const total = Math.max(1, countRows(live, passingIn(live, 'former')));
  let gone = 0;
  return clearFormer(work, (rows) => {
    gone += rows;
    tell.at('emptying', gone / total);
  });
};

/**
 * Builds all read models anew from the log in a side database, copies them beside the live ones, and puts them in their place in one short
 * transaction. Commands, views and purges go on all the while. What was begun before is gone on with.
 *
 * @returns how many events there were
 */
export const rebuildBeside = async (given: Rebuilding): Promise<E.Either<Ending, number>> => {
  const work: Work = { ...given, telling: telling(given.onProgress) };
  const { events, side, live } = work;
  const begun = await beginSide(side, events);
  if (E.isLeft(begun)) return begun;
  if (!begun.right) return E.left(discarded);
  const shapes = shapesIn(side);
  const cleared = await clearUp(work, shapes);
  if (E.isLeft(cleared)) return cleared;
  const taken = await takeOver(work, shapes);
  if (E.isLeft(taken)) return taken;
  const emptied = await empty({ ...work, mayGoOn: () => unlessStopped(work.mayGoOn()) });
  if (E.isLeft(emptied)) return emptied;
  const caught = await catchUp(events, live, 'inline', undefined, work.writing);
  if (E.isLeft(caught)) return caught;
  work.telling.end(caught.right);
  return caught;
};
