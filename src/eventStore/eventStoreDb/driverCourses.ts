import type { ReadableSubscription } from '@eventstore/db-client';
import type { Stop } from './cluster.ts';
import type { Connection } from './driver.ts';
import { ignore } from './driverCalls.ts';

/** A stream of the client that brings something until it is told to stop. */
export type Source<Item> = Pick<ReadableSubscription<Item>, 'on' | 'pause' | 'resume' | 'unsubscribe'>;

/** What runs until it is stopped, or ends by itself: who is told of that is told once. */
export type Course = { readonly isOver: () => boolean; readonly over: (tell: () => void) => void };

/** What to run: how it is opened, what is done with each thing that comes, and who is told when it ends by itself. */
export type Running<Item> = {
  readonly ended: () => void;
  readonly open: (course: Course) => Source<Item>;
  readonly take: (item: Item, course: Course) => void;
};

const courseFor = (clear: () => void): Course => {
  let isOver = false;
  const over = (tell: () => void): void => {
    if (isOver) return;
    isOver = true;
    clear();
    tell();
  };
  return { isOver: () => isOver, over };
};

/** Runs something for as long as its connection is open; gives back how to stop it. */
export const run = <Item>({ underWay, isClosed }: Connection, { ended, open, take }: Running<Item>): Stop => {
  let source: Source<Item> | undefined;
  const course = courseFor(() => {
    underWay.delete(end);
    source?.unsubscribe().catch(ignore);
  });
  const end = (): void => course.over(ended);
  const stop = (): void => course.over(ignore);
  if (isClosed()) {
    setImmediate(end);
    return stop;
  }
  underWay.add(end);
  source = open(course);
  source.on('data', (item: Item) => {
    if (!course.isOver()) take(item, course);
  });
  // These stay for as long as the stream does: an error without a listener would end the process.
  source.on('error', end);
  source.on('end', end);
  source.on('close', end);
  return stop;
};
