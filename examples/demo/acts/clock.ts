import { setTimeout as wait } from 'node:timers/promises';
import type { Ticked } from 'folja';
import { taken } from '../contents.ts';
import { several } from '../dashboards.ts';
import type { Post } from '../post.ts';
import type { Stage } from '../stage.ts';

const nothing: Ticked = { reminders: 0, expired: 0, delivered: 0 };
const pause = 20;
const patience = 5_000;

const added = (one: Ticked, other: Ticked): Ticked => ({
  reminders: one.reminders + other.reminders,
  expired: one.expired + other.expired,
  delivered: one.delivered + other.delivered,
});

/**
 * Which node of a cluster is to hand a notification over is settled by the cluster, a moment after its cause: there the clock is called until all
 * have come, as it would be the next minute.
 */
const tickOnCluster = async ({ folja }: Stage, expected: Ticked): Promise<Ticked> => {
  const until = Date.now() + patience;
  let sum = nothing;
  while (sum.delivered < expected.delivered && Date.now() < until) {
    sum = added(sum, await folja.tick());
    await wait(pause);
  }
  return sum;
};

/** The host calls the clock of the library. A real one does so every minute: here only where there is something to tell. */
export const tick = async (stage: Stage, expected: Ticked): Promise<void> => {
  const isShared = stage.folja.cluster !== undefined;
  const { reminders, expired, delivered } = await (isShared ? tickOnCluster(stage, expected) : stage.folja.tick());
  const counted = `${several(reminders, 'reminder')}, ${expired} expired, ${delivered} delivered`;
  const isExpected =
    reminders === expected.reminders && expired === expected.expired && delivered === expected.delivered;
  stage.note('the host', `calls tick: ${counted}`, isExpected ? 'ok' : 'other counts', 'ok');
};

/** What the host was given to tell since the last time. */
export const notifications = (stage: Stage, post: Post): void => stage.list(taken(post.take()));
