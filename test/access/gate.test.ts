import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { gate } from '../../src/access/gate.ts';

/** Sends so many at once, and tells after each turn how many have come in. */
const sendAtOnce = async (most: number, count: number): Promise<readonly (readonly number[])[]> => {
  const enter = gate(most);
  const entered: number[] = [];
  const all = Array.from({ length: count }, async (_, number) => {
    await enter();
    entered.push(number);
  });
  const turns: (readonly number[])[] = [];
  while (entered.length < count) {
    const before = entered.length;
    await nextTurn();
    turns.push(entered.slice(before));
  }
  await Promise.all(all);
  return turns;
};

describe('the gate of a library', () => {
  test('lets whoever comes alone in at once', () => {
    expect(gate()()).toBeUndefined();
  });

  test('lets those who come at once in by turns, no more in each than it may, and in their order', async () => {
    const turns = await sendAtOnce(10, 95);
    expect(turns.flat()).toEqual(Array.from({ length: 95 }, (_, number) => number));
    expect(Math.max(...turns.slice(1).map(({ length }) => length))).toBeLessThanOrEqual(10);
    expect(turns.length).toBeGreaterThanOrEqual(9);
  });

  test('lets nobody pass those who wait', async () => {
    const enter = gate(1);
    const order: string[] = [];
    const come = async (name: string): Promise<void> => {
      await enter();
      order.push(name);
    };
    const first = [come('one'), come('two'), come('three')];
    await nextTurn();
    await Promise.all([...first, come('four')]);
    expect(order).toEqual(['one', 'two', 'three', 'four']);
  });
});
