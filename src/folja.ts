import * as E from 'fp-ts/lib/Either.js';
import { accessLog } from './access/accessLog.ts';
import type { Actor } from './access/actor.ts';
import type { Core } from './access/core.ts';
import { countingFloods } from './access/floods.ts';
import { gate } from './access/gate.ts';
import { freshId } from './access/ids.ts';
import type { Problem } from './access/problem.ts';
import { residentsOf } from './access/residents.ts';
import { subjectRows } from './access/subjects.ts';
import { type Ticked, ticking } from './clock/tick.ts';
import { execute } from './commands/execute.ts';
import type { Receipt } from './commands/receipt.ts';
import { Uuid } from './domain/identifiers.ts';
import type { Policy } from './domain/policy.ts';
import type { Engine } from './eventStore/engine.ts';
import type { StoredEvent } from './eventStore/eventStore.ts';
import { historiesOf } from './eventStore/histories.ts';
import { openGiven } from './eventStore/setUpError.ts';
import { readEvent } from './eventStore/shapes.ts';
import { type FoljaOptions, type HostStore, type Logger, readOptions, type Settings } from './foljaOptions.ts';
import { keepInside } from './inside.ts';
import { begin } from './opening.ts';
import { anchoringOf } from './operations/anchoring.ts';
import { type Auditing, auditing } from './operations/auditing.ts';
import { asideStore, certifying, hostStore } from './operations/certifying.ts';
import { type ClusterOperations, clusterOperations, continuing } from './operations/cluster.ts';
import { guarding } from './operations/operating.ts';
import type { Progress } from './operations/options.ts';
import { preparing } from './operations/preparing.ts';
import { reaching } from './operations/reaching.ts';
import { rebuilding } from './operations/rebuilding.ts';
import { type Replay, type ReplayOptions, replaying } from './operations/replaying.ts';
import { rotation } from './operations/rotation.ts';
import { erasingOf } from './privacy/erasing.ts';
import { readModelStores } from './projections/register.ts';
import { viewing } from './projections/viewing.ts';

/** A command as a host sends it: plain data. Without an id it gets a new one, and cannot be sent again as the same. */
export type CommandInput = { readonly type: string; readonly data: object; readonly id?: string };

/** A query as a host sends it: the name of a view, and what the view takes. */
export type QueryInput = { readonly view: string; readonly [field: string]: unknown };

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
  /**
   * Gives every view as it stood at an instant or after a position: the content of then, under the roles, relations and purges of today. What
   * is asked of it is logged like any view. A purge closes it. Rejects, with the problem as data, when it may not be opened.
   */
  readonly replay: (options: ReplayOptions, by: Actor) => Promise<Replay>;
  /** What the log says of itself, and proves: see docs/audit.md. */
  readonly audit: Auditing;
  /**
   * Builds all read models anew from the events, beside the live ones, and puts them in place.
   *
   * @param by who orders it; the library itself unless told
   */
  readonly rebuild: (options?: { readonly onProgress?: Progress }, by?: Actor) => Promise<{ readonly events: number }>;
  /**
   * Makes another master key the current one: every key is wrapped anew, residents are indexed under a new key, and the earlier master keys
   * are then of no use, so that what they could still open in old copies dies with them. Goes on where it was when called again.
   */
  readonly rotateMasterKey: (
    next: { readonly id: string; readonly key: Uint8Array },
    by?: Actor,
    options?: { readonly onProgress?: Progress },
  ) => Promise<{ readonly rewrapped: number }>;
  /** Waits until the views show everything up to a receipt's position. */
  readonly caughtUp: (position: string) => Promise<void>;
  /** The machines that share the log, and the servers that keep it; undefined where one machine has the store. */
  readonly cluster?: ClusterOperations;
  /** Writes what is held back and closes the files. */
  readonly close: () => Promise<void>;
};

/** The event as subscribers see it: in its newest shape, and positions as texts, as everywhere outside. */
const shown = (stored: StoredEvent): object => {
  const { position, ...event } = E.getOrElse(() => stored)(readEvent(stored));
  return { ...event, position: String(position) };
};

/** A year whose retention is over is there until somebody disposes of it: for this many years it may have been forgotten. */
const disposedLate = 25;

const coreOf = (engine: Engine, policy: Policy, clock: () => Date, hostStores: readonly HostStore[]) => {
  const { events, keys, readModels, anchors } = engine;
  const subjects = subjectRows({ events, keys, yearsBack: policy.auditYears + disposedLate });
  const log = countingFloods(accessLog({ events, keys }, subjects, { openedAt: clock(), policy: policy.id }));
  const erasing = erasingOf({
    ...{ events, keys, anchors },
    stores: [...readModelStores(readModels), asideStore(engine), ...hostStores.map(hostStore)],
    certify: certifying({ events, log, now: clock }),
    elsewhere: engine.sharing?.elsewhere,
  });
  const [histories, residents] = [historiesOf(events), residentsOf({ events, keys })];
  const core: Core = { events, keys, readModels, histories, residents, log, erasing, policy, now: clock };
  return { core, subjects };
};

/** A mistake of the library's own becomes a problem too. Its message may hold anything, so nothing of it leaves here. */
const guarded = async <Result>(
  work: () => Promise<E.Either<Problem, Result>>,
  problem: () => Problem,
  logger: Logger | undefined,
): Promise<E.Either<Problem, Result>> => {
  try {
    return await work();
  } catch {
    logger?.warn('The library failed on a call: a mistake of its own. Please report what was asked for.');
    return E.left(problem());
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

/** The id of a call that came without one, made when it is first asked for. */
const idAt = (now: Date): (() => Uuid) => {
  let id: Uuid | undefined;
  return () => (id ??= freshId(now));
};

type Send = ReturnType<typeof execute>;

/** Does what is asked, at once where nothing is to be waited for. */
const afterwards = <Result>(waiting: Promise<void> | undefined, work: () => Promise<Result>): Promise<Result> =>
  waiting === undefined ? work() : waiting.then(work);

/** What a host asks for and listens to. */
const asked = (core: Core, send: Send, logger: Logger | undefined): Pick<Folja, 'execute' | 'view' | 'subscribe'> => {
  const ask = viewing(core);
  const enter = gate();
  const unanswered = (): Problem => ({ kind: 'unavailable', what: 'store', retry: false });
  return {
    execute: (command, actor) =>
      // The host's clock may fail before anything has begun; nothing has happened then.
      guarded(
        () => {
          const fresh = idAt(core.now());
          const unknown = (): Problem => ({ kind: 'unknown', commandId: idOf(command) ?? fresh() });
          return guarded(() => afterwards(enter(), () => send(command, actor, fresh)), unknown, logger);
        },
        unanswered,
        logger,
      ),
    view: (query, actor) => guarded(() => afterwards(enter(), () => ask(query, actor)), unanswered, logger),
    subscribe: (listener) =>
      core.events.subscribe(
        (event) => listener(shown(event)),
        () => logger?.warn('A subscriber failed on an event; the next one follows.'),
      ),
  };
};

const openWith = async ({ store, clock, policy, hostStores, ...given }: Settings): Promise<Folja> => {
  const { deliver, logger, masterKey } = given;
  const anchoring = anchoringOf(given.anchor, logger);
  const engine = await store.open(masterKey, preparing(anchoring.committed, logger));
  const { events, keys } = engine;
  const { core, subjects } = coreOf(engine, policy, clock, hostStores);
  await begin(core, engine, given);
  anchoring.begin(engine.anchors, core);
  const { replay, closeAll } = replaying(core, engine);
  const models = rebuilding(core, engine);
  const send = execute(core, subjects);
  const { sharing } = engine;
  const others = sharing === undefined ? undefined : continuing(core, sharing);
  const { tick, stop } = ticking({ core, send, deliver, sharing, warn: (message) => logger?.warn(message) });
  const [audit, guard] = [auditing(core, engine.anchors), guarding((message) => logger?.warn(message))];
  const folja: Folja = {
    ...asked(core, send, logger),
    ...(sharing === undefined ? {} : { cluster: clusterOperations(core, sharing) }),
    tick: () => {
      others?.tick();
      return tick();
    },
    replay: guard('The replay', replay),
    audit: {
      head: guard('The signing of a head', audit.head),
      inclusionProof: guard('The proof of an entry', audit.inclusionProof),
      consistencyProof: guard('The proof between two heads', audit.consistencyProof),
      verify: guard('The verification', audit.verify),
    },
    rebuild: guard('The rebuild', models.rebuild),
    rotateMasterKey: guard('The rotation of the master key', rotation(core)),
    caughtUp: guard('The wait for a position', reaching(engine)),
    close: async () => {
      await stop();
      await others?.stop();
      await closeAll();
      await models.stop();
      await core.log.flush();
      await anchoring.end();
      await events.close();
      keys.close();
    },
  };
  return keepInside(folja, { engine, policy });
};

/**
 * Opens the library on a store.
 *
 * @throws one sentence that says what to do, for a wrong set-up only; from then on problems are data
 * @example
 * const folja = await openFolja({ store: sqliteStore({ path: 'unit.db' }), masterKey });
 */
export const openFolja = async (options: FoljaOptions): Promise<Folja> => {
  const settings = readOptions(options);
  return openGiven(() => openWith(settings));
};
