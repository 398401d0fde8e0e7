import * as E from 'fp-ts/lib/Either.js';
import type { Actor } from '../access/actor.ts';
import type { Core } from '../access/core.ts';
import { problemOf } from '../access/rejection.ts';
import { finishDisposals } from '../commands/disposing.ts';
import { Uuid } from '../domain/identifiers.ts';
import type { OperationName } from '../domain/permissions.ts';
import type { NodeState, Sharing } from '../eventStore/engine.ts';
import type { StoreError } from '../eventStore/eventStore.ts';
import { setUpError } from '../eventStore/setUpError.ts';
import { beginOperation, problemError } from './operating.ts';
import { type Progress, progressIn } from './options.ts';

/** What can be done with the machines that share a log, and with the servers that keep it. */
export type ClusterOperations = {
  /** The machines that have opened the log, the oldest first. */
  readonly nodes: (by?: Actor) => Promise<readonly NodeState[]>;
  /**
   * Says of a machine that it is gone for good, with its file of read models: no purge waits for it any more. One that comes back is a machine like any
   * other.
   *
   * @returns false where there is none of that id but this one, which cannot be gone
   */
  readonly retire: (nodeId: string, by?: Actor) => Promise<boolean>;
  /**
   * Removes from the disk of every server what was deleted, one server after the other, and waits for it, which may take hours: no purge is finished
   * before. Rejects where a server is not there or fails; then it is to be done again.
   */
  readonly scavenge: (
    options?: { readonly onProgress?: Progress },
    by?: Actor,
  ) => Promise<{ readonly servers: number }>;
};

const doings = {
  'list-nodes': 'The list of nodes',
  'retire-node': 'The retirement of a node',
  scavenge: 'The scavenge',
} satisfies Readonly<Partial<Record<OperationName, string>>>;

type ClusterOperation = keyof typeof doings;

/** Whatever is not logged is not done. */
const begin = async (core: Core, what: ClusterOperation, by: Actor | undefined, node?: string): Promise<void> => {
  const begun = await beginOperation(core, what, by, node === undefined ? {} : { node });
  if (E.isLeft(begun)) throw problemError(doings[what], begun.left);
};

const requireDone = <A>(what: ClusterOperation, result: E.Either<StoreError, A>): A => {
  if (E.isLeft(result)) throw problemError(doings[what], problemOf(result.left, ''));
  return result.right;
};

const scavenging =
  (core: Core, sharing: Sharing): ClusterOperations['scavenge'] =>
  async (options, by) => {
    const onProgress = progressIn(doings.scavenge, options);
    await begin(core, 'scavenge', by);
    let servers = 0;
    const counting: Progress = (done, total) => {
      servers = total;
      onProgress(done, total);
    };
    requireDone('scavenge', await sharing.scavenge(counting)());
    return { servers };
  };

/** The operations of an opened library whose log is shared. */
export const clusterOperations = (core: Core, sharing: Sharing): ClusterOperations => ({
  nodes: async (by) => {
    await begin(core, 'list-nodes', by);
    return sharing.nodes();
  },
  retire: async (given, by) => {
    const nodeId = Uuid.safeParse(given).data;
    if (nodeId === undefined) throw setUpError('The id of a node is not usable: give one that nodes() has listed.');
    await begin(core, 'retire-node', by, nodeId);
    return requireDone('retire-node', await sharing.retire(nodeId)());
  },
  scavenge: scavenging(core, sharing),
});

const minute = 60_000;
const hour = 60 * minute;

/** Goes on with what waits for other machines: whenever something came that it may have waited for, and once in a while. */
export type Continuing = {
  /** To be called now and then; does something once a minute at most, in the background. */
  readonly tick: () => void;
  readonly stop: () => Promise<void>;
};

/** Whether so many milliseconds have passed since the last time that they had, or since the beginning. */
const every = (milliseconds: number): (() => boolean) => {
  let since = Date.now();
  return () => {
    if (Date.now() - since < milliseconds) return false;
    since = Date.now();
    return true;
  };
};

/** One run at a time; what is asked for while one is under way makes another right after it. Nothing here may fail: the next run goes on. */
const inBackground = (run: () => Promise<unknown>) => {
  let running: Promise<void> | undefined;
  let isAsked = false;
  let isStopped = false;
  const goOn = async (): Promise<void> => {
    while (isAsked && !isStopped) {
      isAsked = false;
      await run().catch(() => undefined);
    }
  };
  return {
    ask: (): void => {
      isAsked = true;
      running ??= goOn().finally(() => {
        running = undefined;
      });
    },
    stop: async (): Promise<void> => {
      isStopped = true;
      await running;
    },
  };
};

/**
 * Carries on erasures that another machine began, or that wait for another: every machine cleans its own file as soon as it hears of a purge or of a
 * disposed year of the log.
 */
export const continuing = (core: Core, sharing: Sharing): Continuing => {
  const [isMinute, isHour] = [every(minute), every(hour)];
  const erasing = inBackground(async () => {
    await core.erasing.finish();
    await finishDisposals(core);
  });
  const tidying = inBackground(() => sharing.endAbandoned()());
  const unlisten = sharing.onErasureNews(erasing.ask);
  tidying.ask();
  return {
    tick: () => {
      if (isMinute()) erasing.ask();
      if (isHour()) tidying.ask();
    },
    stop: async () => {
      unlisten();
      await Promise.all([erasing.stop(), tidying.stop()]);
    },
  };
};
