import type { Program } from '../../simulation/program.ts';
import type { Unit } from '../../simulation/region.ts';

/** What a worker is told before it begins, on its standard input: the keys are nobody else's business. */
export type Beginning = {
  readonly path: string;
  readonly seed: number;
  readonly inFlight: number;
  /** Milliseconds that its clock is ahead of the machine's. */
  readonly ahead: number;
  readonly keys: readonly { readonly id: string; readonly key: string }[];
  readonly currentKey: string;
  readonly units: readonly Unit[];
  /** Programs that others have started. */
  readonly programs: readonly Program[];
};

/** What a worker is told while it works. */
export type Order =
  | { readonly order: 'rebuild' }
  | { readonly order: 'jump'; readonly by: number }
  | { readonly order: 'rotate'; readonly to: string }
  | { readonly order: 'stop' };

/** Where the events of an acknowledged command lie. */
export type Acknowledged = {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
};

/** What a worker says, each as soon as it is so. */
export type Said =
  | { readonly say: 'open' }
  | { readonly say: 'came'; readonly outcome: string; readonly acknowledged?: Acknowledged }
  | { readonly say: 'unclean'; readonly what: string }
  | { readonly say: 'started'; readonly program: Program }
  | { readonly say: 'purged'; readonly programId: string }
  | { readonly say: 'viewed' }
  | { readonly say: 'done'; readonly order: 'rebuild' | 'rotate' }
  | { readonly say: 'memory'; readonly bytes: number };
