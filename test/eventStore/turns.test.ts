import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { currentTurn, endTurn, oncePerTurn } from '../../src/eventStore/turns.ts';
import { aDirectory, right } from './builders.ts';
import { anEvent } from './events.ts';
import { openAt } from './sqliteBuilders.ts';

/** What counts how often it was asked. */
const counting = () => {
  let count = 0;
  return () => {
    count += 1;
    return count;
  };
};

describe('a turn of the event loop', () => {
  test('is the same while it lasts, and another after it', async () => {
    const turn = currentTurn();
    await Promise.resolve();
    expect(currentTurn()).toBe(turn);
    await nextTurn();
    expect(currentTurn()).not.toBe(turn);
  });

  test('ends when it is ended', () => {
    const turn = currentTurn();
    endTurn();
    expect(currentTurn()).not.toBe(turn);
  });

  test('has things found out once, and anew in the next', async () => {
    const look = oncePerTurn(counting());
    await nextTurn();
    expect([look(), look()]).toEqual([1, 1]);
    endTurn();
    expect([look(), look()]).toEqual([2, 2]);
    await nextTurn();
    expect([look(), look()]).toEqual([3, 3]);
  });
});

describe('two libraries of one process over one file', () => {
  test('P3 see what the other has committed in the very turn in which they had looked', async () => {
    const path = join(aDirectory(), 'unit.db');
    const [here, there] = [await openAt(path), await openAt(path)];
    await right(there.engine.events.append('program-a', 'no-stream', [anEvent()]));
    let looked: number | undefined;
    // In the turn that the append waits for: it is looked right before the commit, and again before the turn is over.
    setImmediate(() => {
      looked = here.engine.events.knownHead?.('program-a');
    });
    await right(there.engine.events.append('program-a', 0, [anEvent()]));
    expect(looked).toBe(0);
    expect(here.engine.events.knownHead?.('program-a')).toBe(1);
    await Promise.all([here.close(), there.close()]);
  });
});
