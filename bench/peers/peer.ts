import type { Side } from '../rounds.ts';
import type { WorkName } from '../sixWorks.ts';
import type { Amounts } from '../works/task.ts';

/** A work that a peer is ready to do in rounds, and how to end it. */
export type Ready = { readonly work: Side; readonly end: () => Promise<unknown> | unknown };

/** Another event store: the works that its public API offers, each in a new file of the directory. */
export type Peer = {
  readonly name: string;
  readonly works: { readonly [Work in WorkName]?: (directory: string, amounts: Amounts) => Promise<Ready> };
};

/** Does something a number of times, one after the other; gives back how often. */
export const repeatedly = async (count: number, work: () => Promise<unknown>): Promise<number> => {
  for (let done = 0; done < count; done += 1) await work();
  return count;
};

/** Names the next of the streams that take turns, and how many events it has had so far. */
export const takingTurns = (streams: number) => {
  const lengths = new Map<string, number>();
  let turn = 0;
  return (events: number): readonly [stream: string, length: number] => {
    turn += 1;
    const stream = `stream-${turn % streams}`;
    const length = lengths.get(stream) ?? 0;
    lengths.set(stream, length + events);
    return [stream, length];
  };
};

/** Throws unless what a peer went through is as much as it was given: a catch-up that ends early is no catch-up. */
export const requireAll = (seen: number, given: number): number => {
  if (seen !== given) throw new Error(`${seen} of ${given} events were seen`);
  return seen;
};
