import { setImmediate as nextTurn } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { Actor } from '../access/actor.ts';
import type { Core } from '../access/core.ts';
import type { Failure } from '../access/failure.ts';
import { type Read, readInput } from '../access/input.ts';
import type { Issue, Problem } from '../access/problem.ts';
import { problemOf, readingOf, reject, withheld } from '../access/rejection.ts';
import type { Uuid } from '../domain/identifiers.ts';
import { Instant } from '../domain/time.ts';
import type { Engine, SideDatabase } from '../eventStore/engine.ts';
import type { EventStore } from '../eventStore/eventStore.ts';
import { eventsUntil } from '../eventStore/eventsUntil.ts';
import { historiesOf } from '../eventStore/histories.ts';
import { inTransaction } from '../eventStore/transaction.ts';
import { catchUp } from '../projections/catchingUp.ts';
import { countPurged, programRow, purgedPrograms } from '../projections/programs.ts';
import { forgetProgram } from '../projections/register.ts';
import { prepareReadModels } from '../projections/runner.ts';
import { viewing } from '../projections/viewing.ts';
import { beginOperation, problemError } from './operating.ts';
import { fieldsOf, type Progress, progressIn } from './options.ts';
import { beginThread, shortLog, type Thread } from './readModelThread.ts';

/**
 * Until when history is replayed: a position as receipts and views give it, or an instant. The clocks of several processes differ, so the
 * times of events do not rise strictly: what an instant shows ends with the last event that is not later than it.
 */
const Until = z.union([z.strictObject({ at: Instant }), z.strictObject({ position: z.string().regex(/^\d{1,16}$/) })]);
export type Until = Readonly<z.infer<typeof Until>>;

/** What is to be replayed. `onProgress` is told how many events have been read, of how many. */
export type ReplayOptions = { readonly until: Until; readonly onProgress?: Progress };

/** The views as they stood. */
export type Replay = {
  /** Asks a view as an actor, as of now; refused with `replay-closed` once it is closed, or anything was purged. Never rejects. */
  readonly view: (
    query: { readonly view: string; readonly [field: string]: unknown },
    actor: Actor,
  ) => Promise<E.Either<Problem, unknown>>;
  /** Closes it and removes its files; again is harmless. */
  readonly close: () => Promise<void>;
};

/** A place in the log, and the instant from which what it shows counts days. */
type Moment = { readonly position: number; readonly at: Instant };

const page = 500;

/** The position of the last event that is not later than an instant; 0 where all are. Looked for from the end: most replays are of lately. */
const lastUntil = async (events: EventStore, at: Instant, end: number): Promise<E.Either<Failure, number>> => {
  for (let to = end; to > 0; to -= page) {
    const from = Math.max(0, to - page);
    const read = await events.readAll(from, to - from)();
    if (E.isLeft(read)) return read;
    const last = read.right.findLast((event) => event.at <= at && event.position <= to);
    if (last !== undefined) return E.right(last.position);
    await nextTurn();
  }
  return E.right(0);
};

/** The time of the event at a position; before the first there is none, and it is now. */
const timeAt = async ({ events, now }: Core, position: number): Promise<E.Either<Failure, Instant>> =>
  E.map((read: readonly { readonly at: Instant }[]) => read[0]?.at ?? now().toISOString())(
    position === 0 ? E.right([]) : await events.readAll(position - 1, 1)(),
  );

const tooBig = (path: string): E.Either<readonly Issue[], never> => E.left([{ path, code: 'too-big' }]);

/** Where in the log it is; invalid where that is yet to come. */
const momentOf = async (core: Core, until: Until): Promise<E.Either<Failure, Read<Moment>>> => {
  const end = await core.events.lastPosition()();
  if (E.isLeft(end)) return end;
  if ('at' in until) {
    const { at } = until;
    if (at > core.now().toISOString()) return E.right(tooBig('until.at'));
    return E.map((position: number) => E.right({ position, at }))(await lastUntil(core.events, at, end.right));
  }
  const position = Number(until.position);
  if (position > end.right) return E.right(tooBig('until.position'));
  return E.map((at: Instant) => E.right({ position, at }))(await timeAt(core, position));
};

const readUntil = (core: Core, given: unknown): Read<Until> =>
  readInput(Until, given, 'until', readingOf(core, core.now().toISOString()));

const doing = 'The replay';
const failed = (problem: Problem): Error => problemError(doing, problem);
const closed: Problem = { kind: 'refused', code: 'replay-closed' };

/** Leaves its entry like any input that could not be read. */
const rejected = async (core: Core, issues: readonly Issue[], by: unknown): Promise<Error> => {
  const at = core.now().toISOString();
  const actor = readInput(Actor, by, 'actor', readingOf(core, at));
  return failed(await reject(core, { what: 'replay', actor, at, reading: true }, issues, 0));
};

/** Finds the moment, judges who asks for it, and writes that it is replayed, before it is; throws the problem as data. */
const begin = async (core: Core, given: unknown, by: unknown): Promise<Moment> => {
  const until = readUntil(core, given);
  if (E.isLeft(until)) throw await rejected(core, until.left, by);
  const moment = await momentOf(core, until.right);
  if (E.isLeft(moment)) throw failed(withheld(problemOf(moment.left, '')));
  if (E.isLeft(moment.right)) throw await rejected(core, moment.right.left, by);
  const { position } = moment.right.right;
  // Nobody's replay is the library's own work: whoever is left out is no actor.
  const begun = await beginOperation(core, 'replay', by ?? null, { until: position });
  if (E.isLeft(begun)) throw failed(begun.left);
  return moment.right.right;
};

/** What views of then are answered from; the log of today is still where they are logged. */
const coreAt = (core: Core, { db }: SideDatabase, { position, at }: Moment): Core => {
  const events = eventsUntil(core.events, position);
  return { ...core, events, readModels: db, histories: historiesOf(events), now: () => new Date(at) };
};

/** Takes out what is purged today: nothing of it lies aside either. */
const forget = ({ readModels }: Core, purged: readonly Uuid[]): Promise<E.Either<Failure, void>> =>
  inTransaction(readModels, () => {
    for (const programId of purged)
      if (programRow(readModels, programId) !== undefined) forgetProgram(readModels, programId);
  });

/**
 * Builds the read models of then; the audit log among them is built when it is asked for. The outbox stays empty: how far a notification has
 * come is no part of history.
 */
const build = async (past: Core, purged: readonly Uuid[], onProgress: Progress) => {
  prepareReadModels(past.readModels);
  const built = await catchUp(past.events, past.readModels, 'inline', onProgress);
  return E.isLeft(built) ? built : forget(past, purged);
};

/** A database that lies aside, and whether it is still to be looked at. */
type Shelf = { readonly side: SideDatabase; readonly purged: readonly Uuid[]; isClosed: boolean; thread?: Thread };

type Files = Pick<Engine, 'files'>;

/** The replays that are open, watched for purges: by this process between two calls, and by others. */
const shelves = (core: Core, { aside }: Pick<Engine, 'aside'>) => {
  const open = new Set<Shelf>();
  let unwatch: (() => void) | undefined;
  const close = (shelf: Shelf): void => {
    shelf.isClosed = true;
    shelf.thread?.stop();
    shelf.side.discard();
    open.delete(shelf);
    if (open.size > 0) return;
    unwatch?.();
    unwatch = undefined;
  };
  const closeAll = (): void => {
    for (const shelf of [...open]) close(shelf);
  };
  return {
    put: async (): Promise<Shelf> => {
      const purged = purgedPrograms(core.readModels);
      const shelf = { side: await aside(), purged, isClosed: false };
      open.add(shelf);
      unwatch ??= core.events.subscribe(({ type }) => (type === 'purged' ? closeAll() : undefined));
      return shelf;
    },
    /** Looks at each call: the watch may be a moment late. */
    isOver: (shelf: Shelf): boolean => {
      const isOpen = !shelf.isClosed && shelf.side.db.open && core.readModels.open;
      const isOver = !isOpen || countPurged(core.readModels) !== shelf.purged.length;
      if (isOver && !shelf.isClosed) close(shelf);
      return isOver;
    },
    close,
    closeAll,
  };
};

/**
 * Lets a thread build the read models of then where the log is long; what it leaves undone is done here. False where the database is no more: discarded
 * because of a purge, or taken for a leftover.
 */
const lend = async (shelf: Shelf, { files }: Files, { position }: Moment, onProgress: Progress): Promise<boolean> => {
  const { side } = shelf;
  if (files === undefined || side.lend === undefined || position <= shortLog) return true;
  const { log } = files;
  return side.lend((path) => {
    shelf.thread = beginThread('replay', { log, side: path, until: position }, onProgress);
    return shelf.thread.ended;
  });
};

const unanswered: Problem = { kind: 'unavailable', what: 'store', retry: false };

/** Gives the views of any moment, for as long as nothing is purged. */
export const replaying = (core: Core, engine: Pick<Engine, 'aside'> & Files) => {
  const { put, isOver, close, closeAll } = shelves(core, engine);
  const lending = new Set<Promise<unknown>>();
  const prepareShelf = async (moment: Moment, onProgress: Progress): Promise<Shelf> => {
    const shelf = await put();
    const lent = lend(shelf, engine, moment, onProgress).finally(() => lending.delete(lent));
    lending.add(lent);
    if ((await lent) || shelf.isClosed) return shelf;
    close(shelf);
    return put();
  };
  const fill = async (shelf: Shelf, moment: Moment, onProgress: Progress): Promise<Problem | Replay> => {
    const past = coreAt(core, shelf.side, moment);
    const built = await build(past, shelf.purged, onProgress);
    if (E.isLeft(built)) return problemOf(built.left, '');
    const ask = viewing(core, { core: past, at: moment.at, isOver: () => isOver(shelf) });
    return {
      view: (query, actor) => ask(query, actor).catch(() => E.left(unanswered)),
      close: async () => close(shelf),
    };
  };
  return {
    replay: async (options: ReplayOptions, by: Actor): Promise<Replay> => {
      const { until, onProgress: told } = fieldsOf(options);
      const onProgress = progressIn(doing, { onProgress: told });
      const moment = await begin(core, until, by);
      const shelf = await prepareShelf(moment, onProgress).catch(() => undefined);
      if (shelf === undefined) throw failed(unanswered);
      // What it fails with stays here: a message may hold anything.
      const filled = await fill(shelf, moment, onProgress).catch(() => unanswered);
      if (isOver(shelf)) throw failed(closed);
      if (!('kind' in filled)) return filled;
      close(shelf);
      throw failed(filled);
    },
    closeAll: async (): Promise<void> => {
      closeAll();
      await Promise.allSettled(lending);
    },
  };
};
