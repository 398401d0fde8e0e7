import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { accessLog } from './access/accessLog.ts';
import type { Actor } from './access/actor.ts';
import type { Core } from './access/core.ts';
import type { Failure } from './access/failure.ts';
import { countingFloods } from './access/floods.ts';
import { freshId } from './access/ids.ts';
import type { Problem } from './access/problem.ts';
import { subjectRows } from './access/subjects.ts';
import { beginOutbox } from './clock/beginning.ts';
import type { Notification } from './clock/delivery.ts';
import { type Ticked, ticking } from './clock/tick.ts';
import { execute } from './commands/execute.ts';
import type { Receipt } from './commands/receipt.ts';
import { Uuid } from './domain/identifiers.ts';
import { defaultPolicy, Policy } from './domain/policy.ts';
import type { Engine, Store } from './eventStore/engine.ts';
import type { StoredEvent } from './eventStore/eventStore.ts';
import { historiesOf } from './eventStore/histories.ts';
import { memoryDatabase } from './eventStore/memoryDatabase.ts';
import { setUpError } from './eventStore/setUpError.ts';
import { readEvent } from './eventStore/shapes.ts';
import { finishErasures } from './privacy/purge.ts';
import { readMasterKey } from './privacy/wrapping.ts';
import { checkpoint } from './projections/checkpoints.ts';
import { catchUp, prepareReadModels, rebuild } from './projections/runner.ts';
import { viewing } from './projections/viewing.ts';

/** A command as a host sends it: plain data. Without an id it gets a new one, and cannot be sent again as the same. */
export type CommandInput = { readonly type: string; readonly data: object; readonly id?: string };

/** A query as a host sends it: the name of a view, and what the view takes. */
export type QueryInput = { readonly view: string; readonly [field: string]: unknown };

/** Where warnings of the library go; never anything personal. `console` is one. */
export type Logger = { readonly warn: (message: string) => void };

export type FoljaOptions = {
  /** What `sqliteStore` or `inMemoryStore` gives. */
  readonly store: Store;
  /** The host's key, 32 bytes, or a current one with earlier ones; it wraps the keys of everything sealed. Keep it apart from the files. */
  readonly masterKey:
    | Uint8Array
    | {
        readonly current: { readonly id: string; readonly key: Uint8Array };
        readonly previous?: readonly { readonly id: string; readonly key: Uint8Array }[];
      };
  /** The values of the region's policy that differ from the standard ones (docs/policy.md). */
  readonly policy?: Partial<Policy>;
  /** The clock; the system's unless given. */
  readonly clock?: () => Date;
  /**
   * Sends a notification by the host's own means: resolves when it is taken. Called by `tick`, for each at least once and until it succeeds, with
   * the same `id` (docs/notifications.md). Without it, notifications wait for a week.
   */
  readonly deliver?: (notification: Notification) => Promise<void>;
  readonly logger?: Logger;
};

/** An opened library. */
export type Folja = {
  /** Sends a command as an actor: a receipt, or a problem as data. Never rejects. */
  readonly execute: (command: CommandInput, actor: Actor) => Promise<E.Either<Problem, Receipt>>;
  /** Asks a view as an actor: a page or one object, or a problem as data. Never rejects. */
  readonly view: (query: QueryInput, actor: Actor) => Promise<E.Either<Problem, unknown>>;
  /**
   * Calls the listener with every event after its commit, in global order, without its personal part; also those of other processes.
   *
   * @returns how to stop
   */
  readonly subscribe: (listener: (event: object) => void) => () => void;
  /**
   * Does what is due by the clock: reminds residents, finds deadlines that have passed, and hands waiting notifications to `deliver`. To be
   * called from a scheduler, once a minute or so, on any number of nodes; what is due is done once. Never rejects.
   */
  readonly tick: () => Promise<Ticked>;
  /** Builds all read models anew from the events, beside the live ones, and puts them in place. */
  readonly rebuild: (options?: {
    readonly onProgress?: (done: number, total: number) => void;
  }) => Promise<{ readonly events: number }>;
  /** Waits until the views show everything up to a receipt's position. */
  readonly caughtUp: (position: string) => Promise<void>;
  /** Writes what is held back and closes the files. */
  readonly close: () => Promise<void>;
};

const optionNames = ['store', 'masterKey', 'policy', 'clock', 'deliver', 'logger'];

const isFunction = (given: unknown): boolean => typeof given === 'function';

const requireOptions = (options: FoljaOptions): void => {
  if (typeof options !== 'object' || options === null) {
    throw setUpError('openFolja needs its options: give it at least a store and a master key.');
  }
  const unknown = Object.keys(options).find((name) => !optionNames.includes(name));
  if (unknown !== undefined) {
    throw setUpError(`openFolja has no option ${unknown}: it takes ${optionNames.join(', ')}.`);
  }
  if (!isFunction(options.store?.open)) {
    throw setUpError('openFolja needs a store: give it what sqliteStore or inMemoryStore gives.');
  }
  const { clock, deliver, logger } = options;
  if (clock !== undefined && !isFunction(clock)) {
    throw setUpError('The clock is not usable: give a function that returns a Date.');
  }
  if (deliver !== undefined && !isFunction(deliver)) {
    throw setUpError('Deliver is not usable: give a function that takes a notification and returns a promise.');
  }
  if (logger !== undefined && !isFunction(logger?.warn)) {
    throw setUpError('The logger is not usable: give one that has a function warn, such as console.');
  }
};

const readPolicy = (changes: Partial<Policy> | undefined): Policy => {
  const read = Policy.safeParse({ ...defaultPolicy, ...changes });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw setUpError(`The policy is not usable at ${issue?.path.join('.') || 'its names'}: see docs/policy.md.`);
};

const requireRight = <A>(result: E.Either<Failure, A>, doing: string): A => {
  if (E.isRight(result)) return result.right;
  const { kind } = result.left;
  throw setUpError(`The store could not be opened while ${doing} (${kind}): restore it from a backup, or try again.`);
};

/** The event as subscribers see it: in its newest shape, and positions as texts, as everywhere outside. */
const shown = (stored: StoredEvent): object => {
  const { position, ...event } = E.getOrElse(() => stored)(readEvent(stored));
  return { ...event, position: String(position) };
};

const coreOf = (engine: Engine, policy: Policy, clock: () => Date) => {
  const { events, keys, readModels } = engine;
  const subjects = subjectRows({ events, keys });
  const log = countingFloods(accessLog({ events, keys }, subjects, { openedAt: clock(), policy: policy.id }));
  const core: Core = { events, keys, readModels, histories: historiesOf(events), log, policy, now: clock };
  return { core, subjects };
};

/** Finishes what a stop interrupted: read models that are new or behind, and purges that were begun. */
const resume = async ({ events, keys, readModels, now }: Core, logger: Logger | undefined): Promise<void> => {
  requireRight(await beginOutbox({ events, readModels, now }), 'its outbox was begun');
  requireRight(await catchUp(events, readModels, 'inline'), 'its read models were brought up to date');
  const erased = requireRight(await finishErasures({ events, keys }), 'an interrupted purge was finished');
  if (erased === 'erasure-pending')
    logger?.warn('A purge waits for another reader of the file; it goes on at the next open.');
};

/** A mistake of the library's own becomes a problem too. Its message may hold anything, so nothing of it leaves here. */
const guarded = async <Result>(
  work: Promise<E.Either<Problem, Result>>,
  problem: Problem,
  logger: Logger | undefined,
): Promise<E.Either<Problem, Result>> => {
  try {
    return await work;
  } catch {
    logger?.warn('The library failed on a call: a mistake of its own. Please report what was asked for.');
    return E.left(problem);
  }
};

/** The id that a command came with; its getter may throw, and what is no UUID is not repeated. */
const idOf = (command: unknown): string | undefined => {
  try {
    return Uuid.safeParse((command as { readonly id?: unknown } | null)?.id).data;
  } catch {
    return undefined;
  }
};

const Position = z.string().regex(/^\d{1,16}$/);

/**
 * Opens the library on a store.
 *
 * @throws one sentence that says what to do, for a wrong set-up only; from then on problems are data
 * @example
 * const folja = await openFolja({ store: sqliteStore({ path: 'unit.db' }), masterKey });
 */
export const openFolja = async (options: FoljaOptions): Promise<Folja> => {
  requireOptions(options);
  const { store, clock = () => new Date(), deliver, logger } = options;
  const policy = readPolicy(options.policy);
  const engine = await store.open(readMasterKey(options.masterKey), prepareReadModels);
  const { events, keys, readModels } = engine;
  const { core, subjects } = coreOf(engine, policy, clock);
  await resume(core, logger);
  const send = execute(core, subjects);
  const ask = viewing(core);
  const { tick, stop } = ticking({ core, send, deliver, warn: (message) => logger?.warn(message) });
  return {
    execute: (command, actor) => {
      const commandId = freshId(clock());
      return guarded(
        send(command, actor, commandId),
        { kind: 'unknown', commandId: idOf(command) ?? commandId },
        logger,
      );
    },
    view: (query, actor) => guarded(ask(query, actor), { kind: 'unavailable', what: 'store', retry: false }, logger),
    subscribe: (listener) =>
      events.subscribe(
        (event) => listener(shown(event)),
        () => logger?.warn('A subscriber failed on an event; the next one follows.'),
      ),
    tick,
    rebuild: async ({ onProgress } = {}) => {
      const beside = await memoryDatabase();
      try {
        const built = await rebuild(events, readModels, beside, onProgress);
        if (E.isLeft(built)) throw new Error(`the read models could not be rebuilt: ${built.left.kind}`);
        return { events: built.right };
      } finally {
        beside.close();
      }
    },
    caughtUp: async (position) => {
      const wanted = Number(Position.parse(position));
      if (checkpoint(readModels, 'inline') < wanted) await catchUp(events, readModels, 'inline');
    },
    close: async () => {
      await stop();
      await core.log.flush();
      await events.close();
      keys.close();
    },
  };
};
