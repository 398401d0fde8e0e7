import type { Policy } from '../domain/policy.ts';
import type { Folja } from '../folja.ts';
import { insideOf } from '../inside.ts';
import type { Given } from './living/grounds.ts';
import { right } from './living/opened.ts';

type Open = (given: Given) => Promise<Folja>;

/** A host's `open`, watched: what the library was opened with, and the first thing that was wrong with how it was opened. */
export type Watched = {
  readonly open: Open;
  readonly policy: () => Policy | undefined;
  readonly mistake: () => Error | undefined;
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const openedBy = async (open: Open, given: Given): Promise<Folja> => {
  try {
    return await open(given);
  } catch (error) {
    throw new Error(`compliance cannot begin, for open failed: ${messageOf(error)}`, { cause: error });
  }
};

const isThing = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * Watches how a host opens the library. The rules look beneath what `openFolja` gave, and live each run on an empty store; anything else ends
 * with one sentence.
 */
export const watched = (open: Open): Watched => {
  const given = new WeakSet<object>();
  let policy: Policy | undefined;
  let mistake: Error | undefined;
  const requireFresh = async (folja: Folja): Promise<void> => {
    const inside = isThing(folja) ? insideOf(folja) : undefined;
    if (inside === undefined)
      throw new Error(
        'compliance needs from open what openFolja gave, as it is and of the same installation of folja: the rules look beneath it.',
      );
    const position = await right(inside.engine.events.lastPosition()).catch(() => 'closed');
    if (given.has(folja) || position !== 0)
      throw new Error(
        'compliance needs an empty store each time that it calls open: this one was written to before, or closed.',
      );
    given.add(folja);
    policy = inside.policy;
  };
  return {
    open: async (options) => {
      try {
        const folja = await openedBy(open, options);
        await requireFresh(folja);
        return folja;
      } catch (error) {
        mistake ??= error as Error;
        throw error;
      }
    },
    policy: () => policy,
    mistake: () => mistake,
  };
};
