/** What can be asked of a model server, by the names under which it counts. */
export const rpcs = [
  'Append',
  'BatchAppend',
  'Read',
  'Subscribe',
  'Delete',
  'Tombstone',
  'CreateGroup',
  'UpdateGroup',
  'DeleteGroup',
  'GroupInfo',
  'ListGroups',
  'ReplayParked',
  'Consume',
  'Gossip',
  'Features',
  'StartScavenge',
  'StopScavenge',
] as const;

/** One of the things that can be asked of a model server. */
export type Rpc = (typeof rpcs)[number];

/** What goes wrong with a call. */
export type CallFault =
  /** The connection is cut, and nothing was done. */
  | { readonly kind: 'cut-before-commit' }
  /** It is done, and the connection is cut before the answer. */
  | { readonly kind: 'cut-after-commit' }
  /** It is accepted, not done, and never answered. */
  | { readonly kind: 'silence' }
  /** It is done, and never answered. */
  | { readonly kind: 'commit-in-silence' }
  /** It is done and answered after so many milliseconds, also when the caller has gone. */
  | { readonly kind: 'commit-late'; readonly ms: number }
  /** It is done at once and answered after so many milliseconds. */
  | { readonly kind: 'answer-late'; readonly ms: number }
  /** It waits in the server's queue for so long, and is not done when the caller has gone meanwhile. */
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'not-leader'; readonly host: string; readonly port: number }
  /** Not the leader, and without saying who is. */
  | { readonly kind: 'no-leader-known' }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'access-denied' };

/** What goes wrong with a subscription that runs: after it has sent so many more events. */
export type RunningFault =
  /** It ends with an error, as that of a consumer which was too slow. */
  | { readonly kind: 'drop'; readonly after: number }
  /** Its connection is cut. */
  | { readonly kind: 'cut'; readonly after: number }
  /** It sends nothing more, and stays open. */
  | { readonly kind: 'stall'; readonly after: number }
  /** The next event is sent twice. */
  | { readonly kind: 'twice'; readonly after: number };

/** What becomes of a scavenge that was started. */
export type ScavengeFault =
  | { readonly kind: 'scavenge-goes-on' }
  | { readonly kind: 'scavenge-ends'; readonly result: 'Errored' | 'Interrupted' };

/** What goes wrong. */
export type Fault = CallFault | RunningFault | ScavengeFault;

/** What is to go wrong: with the next so many calls of a kind, if a prefix is given only with those for streams that begin so. */
export type Plan = {
  readonly rpc: Rpc | 'any';
  readonly stream?: string;
  /** How many calls it befalls; 1 unless said otherwise. */
  readonly times?: number;
  readonly fault: Fault;
};

/** A fault that took effect. */
export type Happened = { readonly rpc: Rpc; readonly stream: string; readonly fault: Fault['kind'] };

/** What is to go wrong, and what has. */
export type Faults = ReturnType<typeof createFaults>;

const running: readonly Fault['kind'][] = ['drop', 'cut', 'stall', 'twice'];
const scavenges: readonly Fault['kind'][] = ['scavenge-goes-on', 'scavenge-ends'];

const isCallFault = (fault: Fault): fault is CallFault =>
  !running.includes(fault.kind) && !scavenges.includes(fault.kind);
const isRunningFault = (fault: Fault): fault is RunningFault => running.includes(fault.kind);
const isScavengeFault = (fault: Fault): fault is ScavengeFault => scavenges.includes(fault.kind);

/** Makes a queue of faults, empty at first. */
export const createFaults = () => {
  let queue: { readonly plan: Plan; left: number }[] = [];
  const happened: Happened[] = [];
  const wakers = new Set<() => void>();

  const take = <F extends Fault>(rpc: Rpc, stream: string, isWanted: (fault: Fault) => fault is F): F | undefined => {
    for (const entry of queue) {
      const { fault, rpc: wanted, stream: prefix = '' } = entry.plan;
      if (!isWanted(fault) || (wanted !== 'any' && wanted !== rpc) || !stream.startsWith(prefix)) continue;
      entry.left -= 1;
      queue = queue.filter(({ left }) => left > 0);
      return fault;
    }
    return undefined;
  };
  const note = (rpc: Rpc, stream: string, fault: Fault): void => {
    happened.push({ rpc, stream, fault: fault.kind });
  };

  return {
    /** Every fault that took effect, in order. */
    happened: happened as readonly Happened[],
    /** Puts a plan behind those that wait. */
    next: (plan: Plan): void => {
      queue.push({ plan, left: plan.times ?? 1 });
      for (const wake of [...wakers]) wake();
    },
    /** Forgets the plans that wait. */
    clear: (): void => {
      queue = [];
    },
    /** How many calls are still to be befallen. */
    waiting: (): number => queue.reduce((sum, { left }) => sum + left, 0),
    /** The fault of a call that begins. */
    ofCall: (rpc: Rpc, stream: string) => take(rpc, stream, isCallFault),
    /** The fault of a subscription that runs: to be asked again whenever `onPlanned` says so. */
    ofRunning: (rpc: Rpc, stream: string) => take(rpc, stream, isRunningFault),
    ofScavenge: () => take('StartScavenge', '', isScavengeFault),
    note,
    onPlanned: (wake: () => void): (() => void) => {
      wakers.add(wake);
      return () => wakers.delete(wake);
    },
  };
};
