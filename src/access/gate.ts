import { currentTurn } from '../eventStore/turns.ts';

/** How many calls begin in one turn of the event loop: together they take a few milliseconds, and share a commit. */
const mostInTurn = 64;

/**
 * Lets calls in, in the order in which they come. When many come at once the others wait for the next turns, so that timers and sockets of the
 * host have theirs; whoever comes alone does not wait.
 */
export const gate = (most = mostInTurn): (() => Promise<void> | undefined) => {
  const waiting: (() => void)[] = [];
  let turn = -1;
  let begun = 0;
  const letIn = (): void => {
    for (const enter of waiting.splice(0, most)) enter();
    if (waiting.length > 0) setImmediate(letIn);
  };
  const wait = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setImmediate(letIn);
    });
  return () => {
    const now = currentTurn();
    if (now !== turn) begun = 0;
    turn = now;
    if (waiting.length > 0 || begun >= most) return wait();
    begun += 1;
    return undefined;
  };
};
