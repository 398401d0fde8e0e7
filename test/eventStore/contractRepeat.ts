import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ExpectedRevision, NewEvent } from '../../src/eventStore/eventStore.ts';
import { left, type Open, right } from './builders.ts';
import { anEvent, someEvents } from './events.ts';

const others: readonly (readonly [string, (event: NewEvent) => NewEvent])[] = [
  ['data', (event) => ({ ...event, data: { number: 99 } })],
  ['type', (event) => ({ ...event, type: 'comment-made' })],
  ['command', (event) => ({ ...event, cause: { ...event.cause, commandId: randomUUID() } })],
  ['sealed part', (event) => ({ ...event, flesh: { sealed: Buffer.from('sealed') } })],
];

/** What an append promises when its ids were seen before. */
export const repeatContract = (open: Open): void => {
  describe('an append that is sent again', () => {
    const everyExpectation: readonly ExpectedRevision[] = ['no-stream', 'stream-exists', 'any', 0, 1, 4, 99];

    test.each(everyExpectation)('P4 expecting %s gives the first result, for ever', async (expected) => {
      const { engine, close } = await open();
      await right(engine.events.append('unit-a', 'no-stream', [anEvent()]));
      const events = someEvents(2);
      const first = await right(engine.events.append('program-a', 'no-stream', events));
      expect(await right(engine.events.append('program-a', expected, events))).toEqual(first);
      await right(engine.events.append('program-a', 1, someEvents(3)));
      const retried = events.map((event) => ({ ...event, at: '2027-01-01T00:00:00.000Z' }));
      const options = { heads: { 'unit-a': 7 }, holds: () => false };
      expect(await right(engine.events.append('program-a', expected, retried, options))).toEqual(first);
      expect(await right(engine.events.lastPosition())).toBe(6);
      await close();
    });

    test('P4 with newly sealed bytes gives the first result and keeps the first bytes', async () => {
      const { engine, close } = await open();
      const event = anEvent({ flesh: { sealed: Buffer.from('first') } });
      const first = await right(engine.events.append('program-a', 'no-stream', [event]));
      const again = { ...event, flesh: { sealed: Buffer.from('second') } };
      expect(await right(engine.events.append('program-a', 'no-stream', [again]))).toEqual(first);
      const parts = await right(engine.events.sealedParts([1]));
      expect(Buffer.from(parts.get(1)?.sealed ?? []).toString()).toBe('first');
      await close();
    });

    test('P4 at the same time as the first is written once', async () => {
      const { engine, close } = await open();
      const events = someEvents(2);
      const results = await Promise.all(
        Array.from({ length: 5 }, () => right(engine.events.append('program-a', 'no-stream', events))),
      );
      expect(results).toEqual(Array(5).fill(results[0]));
      expect(await right(engine.events.lastPosition())).toBe(2);
      await close();
    });

    test.each(others)('P4 with another %s is refused, and nothing is written', async (_, change) => {
      const { engine, close } = await open();
      const [one, two] = [anEvent({ data: { number: 1 } }), anEvent({ data: { number: 2 } })];
      await right(engine.events.append('program-a', 'no-stream', [one, two]));
      expect(await left(engine.events.append('program-a', 1, [one, change(two)]))).toEqual({
        kind: 'id-reused',
        id: two.id,
      });
      expect(await right(engine.events.lastPosition())).toBe(2);
      await close();
    });

    test('P4 to another stream is refused, and nothing is written', async () => {
      const { engine, close } = await open();
      const event = anEvent();
      await right(engine.events.append('program-a', 'no-stream', [event]));
      expect(await left(engine.events.append('program-b', 'no-stream', [event]))).toEqual({
        kind: 'id-reused',
        id: event.id,
      });
      expect(await right(engine.events.read('program-b'))).toEqual([]);
      await close();
    });

    test('P4 together with something new is refused, and nothing is written', async () => {
      const { engine, close } = await open();
      const event = anEvent();
      await right(engine.events.append('program-a', 'no-stream', [event]));
      const reused = { kind: 'id-reused', id: event.id };
      expect(await left(engine.events.append('program-a', 0, [event, anEvent()]))).toEqual(reused);
      expect(await left(engine.events.append('program-a', 0, [anEvent(), event]))).toEqual(reused);
      expect(await right(engine.events.append('program-a', 0, [anEvent()]))).toMatchObject([{ position: 2 }]);
      await close();
    });

    test('P4 in another order, or with a piece left out between, is refused', async () => {
      const { engine, close } = await open();
      const [one, two, three] = [anEvent(), anEvent(), anEvent()];
      await right(engine.events.append('program-a', 'no-stream', [one, two, three]));
      expect(await left(engine.events.append('program-a', 'any', [two, one]))).toMatchObject({ kind: 'id-reused' });
      expect(await left(engine.events.append('program-a', 'any', [one, three]))).toMatchObject({ kind: 'id-reused' });
      await close();
    });

    test('P4 with one id twice is refused, and nothing is written', async () => {
      const { engine, close } = await open();
      const event = anEvent();
      const append = engine.events.append('program-a', 'any', [event, event]);
      expect(await left(append)).toEqual({ kind: 'id-reused', id: event.id });
      expect(await right(engine.events.lastPosition())).toBe(0);
      await close();
    });

    test('P4 after the store was closed and opened gives the first result', async ({ skip }) => {
      const { engine, reopen, close } = await open();
      if (reopen === undefined) {
        await close();
        return skip('nothing outlives a close here');
      }
      const events = someEvents(2);
      const first = await right(engine.events.append('program-a', 'no-stream', events));
      const again = await reopen();
      expect(await right(again.engine.events.append('program-a', 'no-stream', events))).toEqual(first);
      await again.close();
    });
  });
};
