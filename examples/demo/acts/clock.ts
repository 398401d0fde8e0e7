import type { Ticked } from 'folja';
import { taken } from '../contents.ts';
import type { Post } from '../post.ts';
import type { Stage } from '../stage.ts';

const several = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The host calls the clock of the library. A real one does so every minute: here only where there is something to tell. */
export const tick = async (stage: Stage, expected: Ticked): Promise<void> => {
  const { reminders, expired, delivered } = await stage.folja.tick();
  const counted = `${several(reminders, 'reminder')}, ${expired} expired, ${delivered} delivered`;
  const isExpected =
    reminders === expected.reminders && expired === expected.expired && delivered === expected.delivered;
  stage.note('the host', `calls tick: ${counted}`, isExpected ? 'ok' : 'other counts', 'ok');
};

/** What the host was given to tell since the last time. */
export const notifications = (stage: Stage, post: Post): void => stage.list(taken(post.take()));
