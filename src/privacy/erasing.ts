import * as E from 'fp-ts/lib/Either.js';
import type { AnchorSink } from '../audit/anchors.ts';
import type { Uuid } from '../domain/identifiers.ts';
import type { ErasureStage, EventStore, PendingErasure, StoreError } from '../eventStore/eventStore.ts';
import { programIdOf } from '../eventStore/streams.ts';
import type { KeyError, KeyStore } from './keys.ts';

/** Whether every trace in the library's own files is gone, or something is still waited for. */
export type Erasure = 'erased' | 'erasure-pending';

/**
 * How the erasure of a program stands, and what a pending one waits for: `ledger`, `keys`, a store by its name, `events`, `open-reader`,
 * `self-scan` or `log`; on a cluster also `cluster`, `scavenge`, and each other node that has not cleaned its own file.
 */
type ErasureState = { readonly erasure: Erasure; readonly waitingFor: readonly string[] };

type Failure = StoreError | KeyError;

/** A place that may hold something of a program, and how it is cleaned: the read models, databases aside, stores of the host. */
export type Erasable = {
  /** In the certificate, and in what a pending erasure waits for. */
  readonly name: string;
  /** Removes all that is there of a program; again is harmless. Left when something is. */
  readonly erase: (programId: Uuid) => Promise<E.Either<unknown, void>>;
};

/** What an erasure works with. */
export type ErasingOptions = {
  readonly events: EventStore;
  readonly keys: KeyStore;
  readonly anchors: AnchorSink;
  readonly stores: readonly Erasable[];
  /** Writes the certificate into the audit log; again is harmless. */
  readonly certify: (erasure: PendingErasure, stores: readonly string[]) => Promise<E.Either<Failure, void>>;
  /** Where the log is shared: whether everything is gone elsewhere too; Left with what is waited for. */
  readonly elsewhere?: ((erasure: PendingErasure) => Promise<E.Either<readonly string[], void>>) | undefined;
};

/** Carries purges through, and tells how they stand. */
export type Erasing = {
  /** Takes every erasure that was begun as far as it goes now, oldest first: one that has to wait keeps no other from going on. */
  readonly finish: () => Promise<E.Either<Failure, Erasure>>;
  /** How the erasure of a stream stands; Left when that cannot be told. */
  readonly stateOf: (stream: string) => Promise<E.Either<StoreError, ErasureState>>;
};

/** What an erasure that cannot go on waits for. */
type Waits = readonly string[];
type Step = (erasure: PendingErasure) => Promise<E.Either<Waits, void>>;

const openReader: Waits = ['open-reader'];

const orWaits = (result: E.Either<unknown, unknown>, ...waits: Waits): E.Either<Waits, void> =>
  E.isLeft(result) ? E.left(waits) : E.right(undefined);

/** The last of the ledger are looked at, so that a step taken again does not enter a key twice. */
const newest = 64;

/** The key is entered before it is destroyed: whoever puts an older copy back finds it there, and destroys it again. */
const enter = async ({ events, anchors }: ErasingOptions, { stream, keyId }: PendingErasure): Promise<boolean> => {
  const history = await events.read(stream)();
  if (E.isLeft(history)) return false;
  const purged = history.right.findLast(({ type }) => type === 'purged');
  const entered = E.tryCatch(
    () => {
      const isEntered = anchors.ledger(newest).some((entry) => entry.keyId === keyId);
      if (!isEntered && purged !== undefined) anchors.enter({ stream, keyId, purged });
    },
    () => 'failed',
  );
  return E.isRight(entered);
};

const destroyKey =
  (options: ErasingOptions): Step =>
  async (erasure) =>
    (await enter(options, erasure)) ? orWaits(await options.keys.destroy(erasure.keyId)(), 'keys') : E.left(['ledger']);

const cleanStores =
  ({ stores }: ErasingOptions): Step =>
  async ({ stream }) => {
    const failed: string[] = [];
    for (const { name, erase } of stores) if (E.isLeft(await erase(programIdOf(stream)))) failed.push(name);
    return failed.length === 0 ? E.right(undefined) : E.left(failed);
  };

const truncate =
  ({ events }: ErasingOptions): Step =>
  async () => {
    const scrubbed = await events.scrub()();
    if (E.isLeft(scrubbed)) return E.left(['events']);
    return scrubbed.right ? E.right(undefined) : E.left(openReader);
  };

const countRemnants = async (
  { events, keys }: ErasingOptions,
  erasure: PendingErasure,
): Promise<E.Either<Failure, number>> => {
  const ofFlesh = await events.remnants(erasure)();
  if (E.isLeft(ofFlesh)) return ofFlesh;
  return E.map((ofKey: number) => ofFlesh.right + ofKey)(await keys.remnants(erasure.keyId)());
};

/** The self-scan: nothing is called erased that is still there, byte by byte. What is found is cleaned once more, and looked for again. */
const verify =
  (options: ErasingOptions): Step =>
  async (erasure) => {
    const found = await countRemnants(options, erasure);
    if (E.isRight(found) && found.right === 0) return E.right(undefined);
    const destroyed = await options.keys.destroy(erasure.keyId)();
    const deleted = await options.events.eraseFlesh(erasure.stream)();
    if (E.isLeft(destroyed) || E.isLeft(deleted)) return E.left(['self-scan']);
    const truncated = await truncate(options)(erasure);
    if (E.isLeft(truncated)) return truncated;
    const left = await countRemnants(options, erasure);
    return E.isRight(left) && left.right === 0 ? E.right(undefined) : E.left(['self-scan']);
  };

/** What is still to be done by what is done, in order; each step may be taken again, and by two processes at once. */
const stepsOf = (options: ErasingOptions): readonly (readonly [done: ErasureStage, step: Step])[] => [
  ['keys-destroyed', destroyKey(options)],
  ['stores-cleaned', cleanStores(options)],
  ['flesh-deleted', async ({ stream }) => orWaits(await options.events.eraseFlesh(stream)(), 'events')],
  ['truncated', truncate(options)],
  ['verified', verify(options)],
];

/** Deleting, truncating and looking belong together: whoever comes later begins with the first of them again, as it knows no place to look. */
const takenTogether: readonly ErasureStage[] = ['flesh-deleted', 'truncated'];

const afterOf = (stage: ErasureStage): ErasureStage => (takenTogether.includes(stage) ? 'stores-cleaned' : stage);

/** The certificate is the last entry about a program that the library makes by itself; the erasure is then no longer pending. */
const certify =
  ({ events, stores, certify }: ErasingOptions): Step =>
  async ({ stream }) => {
    const pending = await events.pendingErasures()();
    if (E.isLeft(pending)) return E.left(['events']);
    const erasure = pending.right.find((one) => one.stream === stream);
    if (erasure === undefined) return E.right(undefined);
    const names = stores.map(({ name }) => name);
    const certified = await certify(erasure, names);
    return E.isLeft(certified) ? E.left(['log']) : orWaits(await events.finishErasure(stream)(), 'events');
  };

/** Takes one erasure as far as it goes. What it waits for elsewhere is asked anew each time, for it is noted there. */
const carryOut = (options: ErasingOptions): Step => {
  const steps = stepsOf(options);
  return async (erasure) => {
    const done = afterOf(erasure.stage);
    for (const [stage, step] of steps.slice(steps.findIndex(([stage]) => stage === done) + 1)) {
      const taken = await step(erasure);
      if (E.isLeft(taken)) return taken;
      const noted = await options.events.moveErasure(erasure.stream, stage)();
      if (E.isLeft(noted)) return E.left(['events']);
    }
    const elsewhere = await options.elsewhere?.(erasure);
    return elsewhere !== undefined && E.isLeft(elsewhere) ? elsewhere : certify(options)(erasure);
  };
};

/** What waits for, where this process has not tried by itself. */
const expected: Readonly<Record<ErasureStage, string>> = {
  fenced: 'keys',
  'keys-destroyed': 'read-models',
  'stores-cleaned': 'events',
  'flesh-deleted': 'open-reader',
  truncated: 'self-scan',
  verified: 'log',
};

/** What has come to the file waits for the reader that keeps another waiting in this run: asking again for each would only take time. */
const isKeptByReader = ({ stage }: PendingErasure, found: ReadonlyMap<string, Waits>): boolean =>
  takenTogether.includes(stage) && [...found.values()].includes(openReader);

/** One run at a time: who asks while one is under way shares the next, which sees what was begun meanwhile. */
const oneAtATime = <A>(run: () => Promise<A>): (() => Promise<A>) => {
  let running: Promise<A> | undefined;
  let next: Promise<A> | undefined;
  const ask = (): Promise<A> => {
    if (running === undefined) {
      running = run().finally(() => {
        running = undefined;
      });
      return running;
    }
    next ??= running.then(again, again);
    return next;
  };
  const again = (): Promise<A> => {
    next = undefined;
    return ask();
  };
  return ask;
};

/**
 * The erasures of a store as a machine that a stop never loses: what is done is noted with the events, and what is not is done at the next
 * open and with the next purge (R240, R242, R246).
 */
export const erasingOf = (options: ErasingOptions): Erasing => {
  const carry = carryOut(options);
  let waits: ReadonlyMap<string, Waits> = new Map();
  const pendingErasures = options.events.pendingErasures();
  const run = async (): Promise<E.Either<Failure, Erasure>> => {
    const pending = await pendingErasures();
    if (E.isLeft(pending)) return pending;
    const found = new Map<string, Waits>();
    for (const erasure of pending.right) {
      const carried = isKeptByReader(erasure, found) ? E.left(openReader) : await carry(erasure);
      if (E.isLeft(carried)) found.set(erasure.stream, carried.left);
    }
    waits = found;
    return E.right(waits.size === 0 ? 'erased' : 'erasure-pending');
  };
  return {
    finish: oneAtATime(run),
    stateOf: async (stream) =>
      E.map((erasures: readonly PendingErasure[]): ErasureState => {
        const erasure = erasures.find((one) => one.stream === stream);
        if (erasure === undefined) return { erasure: 'erased', waitingFor: [] };
        return { erasure: 'erasure-pending', waitingFor: waits.get(stream) ?? [expected[erasure.stage]] };
      })(await pendingErasures()),
  };
};
