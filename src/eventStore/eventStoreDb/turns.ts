/** What the only writer of a stream knows of it. */
export type Lane = {
  /** Its head, which may be ahead of what this node has applied; -1 where it is not known. */
  head: number;
  /** Nobody knows whether the last append was written, so this node must come to the end of the stream before the next. */
  isInDoubt: boolean;
};

/** The lane of an append that says itself where it belongs. */
export const noLane = (): Lane => ({ head: -1, isInDoubt: false });

/** Streams of which it is remembered how far this node has written; a node writes to its own access log and hardly another. */
const mostLanes = 1_000;

/** Gives one writer at a time its turn in a stream that takes its events wherever it ends. */
export const turns = () => {
  const last = new Map<string, Promise<unknown>>();
  const lanes = new Map<string, Lane>();
  return async <A>(
    stream: string,
    work: (lane: Lane) => Promise<A>,
  ): Promise<{ readonly lane: Lane; readonly done: A }> => {
    const lane = lanes.get(stream) ?? noLane();
    if (lanes.size >= mostLanes) lanes.clear();
    lanes.set(stream, lane);
    const before = last.get(stream) ?? Promise.resolve();
    const mine = before.then(() => work(lane));
    const over = mine.catch(() => undefined);
    last.set(stream, over);
    void over.then(() => {
      if (last.get(stream) === over) last.delete(stream);
    });
    return { lane, done: await mine };
  };
};
