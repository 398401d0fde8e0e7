import type { Anchor } from './audit/anchors.ts';
import type { Notification } from './clock/delivery.ts';
import { Slug } from './domain/identifiers.ts';
import { defaultPolicy, Policy } from './domain/policy.ts';
import type { Store } from './eventStore/engine.ts';
import { readGiven, requireKnown, setUpError } from './eventStore/setUpError.ts';
import { listening, type Progress } from './operations/options.ts';
import type { MasterKey } from './privacy/keys.ts';
import { readMasterKey } from './privacy/wrapping.ts';

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
  /**
   * Told how many events are done with, of how many, where an opening fills the read models of a new version from a long log: for a bar. The
   * host's event loop goes on meanwhile.
   */
  readonly onProgress?: (done: number, total: number) => void;
  /**
   * Is handed the length and root of the log after each commit, before anybody is told of the commit, beside where the store keeps them itself:
   * for a place that whoever can change the log cannot reach. Called synchronously, so it is to be quick.
   */
  readonly anchor?: (head: Anchor) => void;
  /** Stores of the host's own that hold copies of what a program contains: a purge is not finished before each has erased its own. */
  readonly erasables?: readonly HostStore[];
};

/** A store of the host that holds copies of what programs contain. */
export type HostStore = {
  /** `[a-z0-9-]{1,64}`: how the certificate of an erasure, and what a pending one waits for, name it. */
  readonly name: string;
  /** Removes all that it holds of a program; called until it resolves, so again must be harmless. */
  readonly erase: (programId: string) => Promise<void>;
};

const optionNames = ['store', 'masterKey', 'policy', 'clock', 'deliver', 'logger', 'onProgress', 'anchor', 'erasables'];

const isFunction = (given: unknown): boolean => typeof given === 'function';

/** Throws one sentence for options that cannot be used. */
const requireOptions = (options: FoljaOptions): void => {
  if (typeof options !== 'object' || options === null) {
    throw setUpError('openFolja needs its options: give it at least a store and a master key.');
  }
  requireKnown('openFolja', options, optionNames);
  if (!isFunction(options.store?.open)) {
    throw setUpError('openFolja needs a store: give it what sqliteStore or inMemoryStore gives.');
  }
  const { clock, deliver, logger, anchor, onProgress } = options;
  if (clock !== undefined && !isFunction(clock)) {
    throw setUpError('The clock is not usable: give a function that returns a Date.');
  }
  if (deliver !== undefined && !isFunction(deliver)) {
    throw setUpError('Deliver is not usable: give a function that takes a notification and returns a promise.');
  }
  if (anchor !== undefined && !isFunction(anchor)) {
    throw setUpError('The anchor is not usable: give a function that takes a length and a root.');
  }
  if (onProgress !== undefined && !isFunction(onProgress)) {
    throw setUpError('OnProgress is not usable: give a function that takes how much is done and of how much.');
  }
  if (logger !== undefined && !isFunction(logger?.warn)) {
    throw setUpError('The logger is not usable: give one that has a function warn, such as console.');
  }
};

/** The host's logger, whose own failures are nobody's problem. */
const quietly = (logger: Logger | undefined): Logger | undefined =>
  logger && {
    warn: (message) => {
      try {
        logger.warn(message);
      } catch {}
    },
  };

/** The region's policy: the standard values, and those that differ. */
export const readPolicy = (changes: Partial<Policy> | undefined): Policy => {
  const read = Policy.safeParse({ ...defaultPolicy, ...changes });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw setUpError(`The policy is not usable at ${issue?.path.join('.') || 'its names'}: see docs/policy.md.`);
};

/** The host's stores; throws one sentence where they cannot be told apart or asked. */
const readHostStores = (stores: readonly HostStore[] | undefined): readonly HostStore[] => {
  if (stores === undefined) return [];
  const isUsable =
    Array.isArray(stores) && stores.every((store) => isFunction(store?.erase) && Slug.safeParse(store.name).success);
  if (!isUsable || new Set(stores.map(({ name }) => name)).size !== stores.length) {
    throw setUpError(
      'The erasables are not usable: give a list of { name, erase }, each name its own, of a-z, 0-9 and dashes.',
    );
  }
  return stores;
};

/** Options as the library works with them: read once, for what a host gives may change. */
export type Settings = Pick<FoljaOptions, 'store'> & {
  readonly [Name in 'deliver' | 'logger' | 'anchor']: FoljaOptions[Name] | undefined;
} & {
  readonly clock: () => Date;
  readonly onProgress: Progress;
  readonly policy: Policy;
  readonly hostStores: readonly HostStore[];
  readonly masterKey: MasterKey;
};

/** Reads the options of openFolja; throws one sentence where they cannot be used. */
export const readOptions = (options: FoljaOptions): Settings =>
  readGiven('The options of openFolja', () => {
    requireOptions(options);
    const { store, clock = () => new Date(), deliver, anchor } = options;
    const [policy, hostStores] = [readPolicy(options.policy), readHostStores(options.erasables)];
    const [logger, masterKey] = [quietly(options.logger), readMasterKey(options.masterKey)];
    const onProgress = listening(options.onProgress);
    return { store, clock, deliver, anchor, onProgress, policy, hostStores, logger, masterKey };
  });
