import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../src/eventStore/codec.ts';
import type { EventStore, StoredEvent } from '../../src/eventStore/eventStore.ts';
import { left, type Open, right } from './builders.ts';
import { anEvent, someEvents } from './events.ts';

const allPages = async (events: EventStore, limit: number): Promise<readonly StoredEvent[]> => {
  const all: StoredEvent[] = [];
  for (;;) {
    const page = await right(events.readAll(all.at(-1)?.position ?? 0, limit));
    expect(page.length).toBeLessThanOrEqual(limit);
    if (page.length === 0) return all;
    all.push(...page);
  }
};

const threeStreams = async (events: EventStore): Promise<readonly StoredEvent[]> => [
  ...(await right(events.append('program-a', 'no-stream', someEvents(3)))),
  ...(await right(events.append('program-b', 'no-stream', someEvents(2)))),
  ...(await right(events.append('program-a', 2, someEvents(1)))),
  ...(await right(events.append('unit-c', 'no-stream', someEvents(4)))),
];

const closing = (open: Open): void => {
  test('that is closed says so to every operation, and closes again without harm', async () => {
    const { engine, close } = await open();
    const { events } = engine;
    await right(events.append('program-a', 'no-stream', someEvents(2)));
    await close();
    await events.close();
    const operations = [
      events.append('program-a', 'any', [anEvent()]),
      events.read('program-a'),
      events.readAll(0, 10),
      events.find([randomUUID()]),
      events.lastPosition(),
      events.sealedParts([1]),
      events.markOf(randomUUID()),
      events.streamsWithTag(Buffer.from('tag')),
      events.auditSubjects(2026),
      events.pendingErasures(),
      events.eraseFlesh('program-a'),
      events.scrub(),
      events.finishErasure('program-a'),
    ];
    for (const operation of operations) expect(await left(operation)).toEqual({ kind: 'unavailable', retry: false });
    const errors: unknown[] = [];
    events.subscribe(
      () => {},
      (error) => errors.push(error),
    )();
    expect(errors).toEqual([{ kind: 'unavailable', retry: false }]);
  });

  test('that is closed while appends wait settles each of them', async () => {
    const { engine, close } = await open();
    const appends = Array.from({ length: 5 }, (_, number) =>
      engine.events.append(`program-${number}`, 'any', someEvents(2))(),
    );
    await close();
    for (const result of await Promise.all(appends)) expect(result._tag).toBe('Right');
  });
};

/** What reading promises. */
export const readContract = (open: Open): void => {
  describe('a log', () => {
    test('P7 that is empty has position 0 and no streams', async () => {
      const { engine, close } = await open();
      expect(await right(engine.events.lastPosition())).toBe(0);
      expect(await right(engine.events.readAll(0, 10))).toEqual([]);
      expect(await right(engine.events.read('program-a'))).toEqual([]);
      expect(await right(engine.events.find([randomUUID()]))).toEqual([]);
      await close();
    });

    test.each([1, 2, 3, 10, 100])('P7 read in pages of %i is in global order and gap-free', async (limit) => {
      const { engine, close } = await open();
      const written = await threeStreams(engine.events);
      expect(await allPages(engine.events, limit)).toEqual(written);
      expect(written.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(await right(engine.events.readAll(10, limit))).toEqual([]);
      await close();
    });

    test('P6 gives a stream by itself, from 0 or from a revision on', async () => {
      const { engine, close } = await open();
      const written = await threeStreams(engine.events);
      const stream = written.filter((event) => event.stream === 'program-a');
      expect(stream.map(({ revision }) => revision)).toEqual([0, 1, 2, 3]);
      expect(await right(engine.events.read('program-a'))).toEqual(stream);
      for (const from of [0, 1, 3, 4, 5, -1]) {
        expect(await right(engine.events.read('program-a', from))).toEqual(stream.slice(Math.max(0, from)));
      }
      expect(await right(engine.events.read('program-'))).toEqual([]);
      await close();
    });

    test('keeps every part of an event but its flesh', async () => {
      const { engine, close } = await open();
      const event = anEvent({
        version: 2,
        data: { text: 'å ä ö \u2028 \u0000', list: [1, -0.5, null, true, {}], nested: { b: 1, a: [] } },
        flesh: { sealed: Buffer.from('sealed'), mark: Buffer.from('mark'), tag: Buffer.from('tag') },
      });
      await right(engine.events.append('program-a', 'no-stream', [event]));
      const { flesh, ...rest } = event;
      const stored = {
        ...rest,
        stream: 'program-a',
        revision: 0,
        position: 1,
        sealedDigest: digestOf(Buffer.from('sealed')),
      };
      expect(await right(engine.events.read('program-a'))).toEqual([stored]);
      await close();
    });

    test('finds events by id, in global order, and leaves out those that are not there', async () => {
      const { engine, close } = await open();
      const written = await threeStreams(engine.events);
      const ids = written.map(({ id }) => id);
      const wanted = [ids[7], ids[0], randomUUID(), ids[3], ids[0]].filter((id) => id !== undefined);
      expect(await right(engine.events.find(wanted))).toEqual([written[0], written[3], written[7]]);
      expect(await right(engine.events.find([]))).toEqual([]);
      await close();
    });

    test('P2 is the same after it was closed and opened', async ({ skip }) => {
      const { engine, reopen, close } = await open();
      const written = await threeStreams(engine.events);
      if (reopen === undefined) {
        await close();
        return skip('nothing outlives a close here');
      }
      const again = await reopen();
      expect(again.engine.events.id).toBe(engine.events.id);
      expect(await right(again.engine.events.readAll(0, 100))).toEqual(written);
      const next = await right(again.engine.events.append('program-b', 1, [anEvent()]));
      expect(next).toMatchObject([{ revision: 2, position: 11 }]);
      await again.close();
    });

    closing(open);
  });
};
