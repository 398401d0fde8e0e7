import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { onTestFinished } from 'vitest';
import type { Engine } from '../../src/eventStore/engine.ts';
import type { StoredEvent } from '../../src/eventStore/eventStore.ts';
import {
  type Actor,
  type CommandInput,
  type Folja,
  type FoljaOptions,
  inMemoryStore,
  openFolja,
  type Problem,
  type QueryInput,
  type Receipt,
  type Store,
} from '../../src/index.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { auditor } from './people.ts';

/** The stores on which every suite of the library runs. */
export const stores = ['in memory', 'in SQLite'] as const;
export type StoreKind = (typeof stores)[number];

export const masterKey = new Uint8Array(32).fill(7);

/** A Monday morning, nine o'clock in Sweden. */
export const monday = '2026-03-02T08:00:00.000Z';

/** The clock of a test: it stands still until it is moved. */
export const aClock = (from = monday) => {
  let now = Date.parse(from);
  return {
    now: () => new Date(now),
    at: (instant: string): void => {
      now = Date.parse(instant);
    },
    later: (milliseconds: number): void => {
      now += milliseconds;
    },
  };
};
export type Clock = ReturnType<typeof aClock>;
export const aMinute = 60_000;
export const aDay = 86_400_000;

/** A page as a view gives it, for comparing. */
export type Rows = { readonly rows: readonly Readonly<Record<string, unknown>>[]; readonly next?: string };

/** An opened library with a clock of its own, and the inside of its store for what no view shows. */
export type World = {
  readonly folja: Folja;
  readonly clock: Clock;
  readonly engine: Engine;
  /** Where the files lie; in memory there are none. */
  readonly directory: string;
  readonly execute: (type: string, data: object, actor: Actor, id?: string) => Promise<E.Either<Problem, Receipt>>;
  /** The receipt of a command that is to succeed. */
  readonly does: (type: string, data: object, actor: Actor, id?: string) => Promise<Receipt>;
  /** The problem of a command that is not to succeed. */
  readonly fails: (type: string, data: object, actor: Actor, id?: string) => Promise<Problem>;
  /** The answer of a view that is to be shown. */
  readonly sees: <Answer = Rows>(query: QueryInput, actor: Actor) => Promise<Answer>;
  /** The problem of a view that is not to be shown. */
  readonly misses: (query: QueryInput, actor: Actor) => Promise<Problem>;
  /** The stored events of a stream, or all of them. */
  readonly events: (stream?: string) => Promise<readonly StoredEvent[]>;
  /** The audit log as its auditor reads it, oldest first. */
  readonly log: (query?: object) => Promise<Rows['rows']>;
  readonly close: () => Promise<void>;
};

type Options = Partial<Omit<FoljaOptions, 'store' | 'clock'>> & { readonly clock?: Clock };

export const rightOf = <A>(result: E.Either<unknown, A>, what: string): A => {
  if (E.isRight(result)) return result.right;
  throw new Error(`${what} was to succeed and gave ${JSON.stringify(result.left)}`);
};
export const leftOf = <A>(result: E.Either<A, unknown>, what: string): A => {
  if (E.isLeft(result)) return result.left;
  throw new Error(`${what} was not to succeed and gave ${JSON.stringify(result.right)}`);
};

/** A store that also gives its engine away. */
const opening = (store: Store): { readonly store: Store; readonly engine: () => Engine } => {
  let opened: Engine | undefined;
  return {
    store: { open: async (...given) => (opened = await store.open(...given)) },
    engine: () => opened as Engine,
  };
};

const everyRow = async (folja: Folja, query: QueryInput, actor: Actor): Promise<Rows['rows']> => {
  const rows: Rows['rows'][number][] = [];
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = rightOf(await folja.view({ ...query, ...(cursor === undefined ? {} : { cursor }) }, actor), 'a page');
    rows.push(...(page as Rows).rows);
    cursor = (page as Rows).next;
  }
  return rows;
};

const reading =
  ({ events }: Engine) =>
  async (stream?: string): Promise<readonly StoredEvent[]> =>
    rightOf(await (stream === undefined ? events.readAll(0, 1_000_000) : events.read(stream))(), 'reading');

/** Opens a library on a store. */
export const open = async (store: Store, directory: string, { clock = aClock(), ...options }: Options = {}) => {
  const watched = opening(store);
  const folja = await openFolja({ store: watched.store, masterKey, clock: clock.now, ...options });
  const engine = watched.engine();
  const execute: World['execute'] = (type, data, actor, id) =>
    folja.execute({ type, data, ...(id === undefined ? {} : { id }) } as CommandInput, actor);
  const world: World = {
    ...{ folja, clock, engine, directory, execute },
    does: async (type, ...rest) => rightOf(await execute(type, ...rest), type),
    fails: async (type, ...rest) => leftOf(await execute(type, ...rest), type),
    sees: async <Answer>(query: QueryInput, actor: Actor) =>
      rightOf(await folja.view(query, actor), query.view) as Answer,
    misses: async (query, actor) => leftOf(await folja.view(query, actor), query.view),
    events: reading(engine),
    log: async (query = {}) =>
      (await everyRow(folja, { view: 'audit', perspective: 'provider', limit: 200, ...query }, auditor)).toReversed(),
    close: folja.close,
  };
  onTestFinished(world.close);
  return world;
};

/** A directory of the test's own, gone when the test is. */
export const aDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'folja-library-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
};

/** The library on the SQLite files of a directory, made there when they are not. */
export const openIn = (directory: string, options?: Options): Promise<World> =>
  open(sqliteStore({ path: join(directory, 'unit.db') }), directory, options);

/** An empty library. */
export const aWorld = (kind: StoreKind, options?: Options): Promise<World> =>
  kind === 'in memory' ? open(inMemoryStore(), '', options) : openIn(aDirectory(), options);

type Build = (world: World) => Promise<void>;

/** Where worlds lie that are made once in a process: gone when the run is (test/globalSetup.ts). */
export const preparedIn = (): string => process.env.FOLJA_PREPARED ?? tmpdir();

/** A library that something has happened in. On SQLite it happens once in a process, and its files are copied. */
export const prepared = (build: Build): ((kind: StoreKind, options?: Options) => Promise<World>) => {
  let original: Promise<string> | undefined;
  const make = async (): Promise<string> => {
    const directory = mkdtempSync(join(preparedIn(), 'world-'));
    const world = await openIn(directory);
    await build(world);
    await world.close();
    return directory;
  };
  return async (kind, options) => {
    if (kind === 'in memory') {
      const world = await aWorld(kind, options);
      await build(world);
      return world;
    }
    original ??= make();
    const directory = aDirectory();
    cpSync(await original, directory, { recursive: true });
    return openIn(directory, options);
  };
};

/** What a call came to, in one word: done, the code of a refusal, or the kind of another problem. */
export const codeOf = (result: E.Either<Problem, unknown>): string => {
  if (E.isRight(result)) return 'done';
  return result.left.kind === 'refused' ? result.left.code : result.left.kind;
};
