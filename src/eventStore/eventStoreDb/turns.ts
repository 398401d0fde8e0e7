import * as E from 'fp-ts/lib/Either.js';
import type { Append } from '../appendRules.ts';
import { type Lane, noLane, type Result, type Tried, type Trying, unknown } from './trying.ts';

/** Gives one at a time its turn, by a name. */
export const turns = () => {
  const last = new Map<string, Promise<unknown>>();
  return <A>(name: string, work: () => Promise<A>): Promise<A> => {
    const mine = (last.get(name) ?? Promise.resolve()).then(work);
    const over = mine.catch(() => undefined);
    last.set(name, over);
    void over.then(() => {
      if (last.get(name) === over) last.delete(name);
    });
    return mine;
  };
};

/** An append that waits for its turn, and how it is told what became of it. */
export type Waiting = { readonly trying: Trying; readonly give: (tried: Tried) => void };

/** Writes what waits for one stream; gives to each before it ends. */
export type WriteWaiting = (lane: Lane, stream: string, waiting: readonly Waiting[]) => Promise<void>;

type Group = { readonly lane: Lane; waiting: Waiting[]; isRunning: boolean };

/** Written together at most: of the log of looks, well below what a server takes at once. */
const mostTogether = 64;
/** Streams of which it is remembered how far this node has written; a node writes to its own access log and hardly another. */
const mostGroups = 1_000;

/** A mistake in the writing leaves nobody waiting. */
const failedUnknown: Tried = { settle: async () => E.left(unknown) };

const run = async (write: WriteWaiting, stream: string, group: Group): Promise<void> => {
  if (group.isRunning) return;
  group.isRunning = true;
  while (group.waiting.length > 0) {
    const together = group.waiting.splice(0, mostTogether);
    await write(group.lane, stream, together).catch(() => undefined);
    for (const { give } of together) give(failedUnknown);
  }
  group.isRunning = false;
};

/** Lets the appends to a stream that takes its events wherever it ends be written in groups, one group at a time. */
export const groups = (write: WriteWaiting) => {
  const known = new Map<string, Group>();
  const underWay = new Map<string, Promise<unknown>>();
  const groupOf = (stream: string): Group => {
    const group = known.get(stream) ?? { lane: noLane(), waiting: [], isRunning: false };
    if (known.size >= mostGroups && !known.has(stream))
      for (const [name, { isRunning }] of known) if (!isRunning) known.delete(name);
    known.set(stream, group);
    return group;
  };
  const add = async (stream: string, begin: (lane: Lane) => Trying): Promise<Result> => {
    const group = groupOf(stream);
    const tried = await new Promise<Tried>((give) => {
      group.waiting.push({ trying: begin(group.lane), give });
      void run(write, stream, group);
    });
    const result = await tried.settle();
    if (E.isLeft(result) && result.left.kind === 'unknown') group.lane.isInDoubt = true;
    return result;
  };
  return (append: Append, begin: (lane: Lane) => Trying): Promise<Result> => {
    // An append of events that are on their way already waits for those, and is then the same again.
    const others = append.events.flatMap(({ id }) => underWay.get(id) ?? []);
    const mine = Promise.allSettled(others).then(() => add(append.stream, begin));
    for (const { id } of append.events) underWay.set(id, mine);
    return mine.finally(() => {
      for (const { id } of append.events) if (underWay.get(id) === mine) underWay.delete(id);
    });
  };
};
