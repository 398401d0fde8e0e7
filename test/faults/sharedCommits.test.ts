import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { EventStore } from '../../src/eventStore/eventStore.ts';
import { aDirectory, type Opened, right } from '../eventStore/builders.ts';
import { anEvent } from '../eventStore/events.ts';
import { openAt } from '../eventStore/sqliteBuilders.ts';

const notDone = { _tag: 'Left', left: { kind: 'unavailable', retry: true } };
const sizes = [10, 10, 100_000, 10, 10];

/** Appends that wait together, and so share one commit; one is larger than what there is room for. */
const together = (events: EventStore) =>
  Promise.all(
    sizes.map((size, number) =>
      events.append(`program-${number}`, 'no-stream', [anEvent({ flesh: { sealed: Buffer.alloc(size) } })])(),
    ),
  );

/** Leaves so many pages in the file. */
const leave = ({ engine }: Opened, pages: number): void => {
  const used = Number(engine.readModels.pragma('page_count', { simple: true }));
  engine.readModels.pragma(`max_page_count = ${used + pages}`);
};

const aStore = (): Promise<Opened> => openAt(join(aDirectory(), 'unit.db'));

describe('several appends that share a commit', () => {
  test('F4 P1 P5 that ends in the middle because the disk is full are told so, one and all, and none is there', async () => {
    const opened = await aStore();
    const { events, readModels } = opened.engine;
    leave(opened, 3);
    expect(await together(events)).toEqual(sizes.map(() => notDone));
    expect(readModels.inTransaction).toBe(false);
    expect(await right(events.readAll(0, 10))).toEqual([]);
    leave(opened, 1_000);
    for (const result of await together(events)) expect(result._tag).toBe('Right');
    expect(await right(events.readAll(0, 10))).toHaveLength(sizes.length);
    await opened.close();
  });

  test('F4 are all told as done where there is room (control)', async () => {
    const opened = await aStore();
    for (const result of await together(opened.engine.events)) expect(result._tag).toBe('Right');
    await opened.close();
  });
});
