import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { EventStore, NewEvent } from '../../src/eventStore/eventStore.ts';
import { historiesOf } from '../../src/eventStore/histories.ts';
import { inMemoryStore } from '../../src/index.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { aDirectory, asPrepared, masterKey, noReadModels, right } from './builders.ts';
import { anEvent } from './events.ts';

const stream = 'unit-SE2321000131-BMM1';
const store = async (path: string): Promise<EventStore> => {
  const { events, keys } = await sqliteStore({ path }).open(masterKey, asPrepared(noReadModels));
  onTestFinished(async () => {
    await events.close();
    keys.close();
  });
  return events;
};

const changed = (answerWithinDays: number): NewEvent => ({
  ...anEvent({ type: 'unit-changed' }),
  data: { answerWithinDays },
});

/** The histories of a store, and how often its streams were read for them. */
const counted = (events: EventStore) => {
  let reads = 0;
  const watched: EventStore = {
    ...events,
    read: (...given) => {
      reads += 1;
      return events.read(...given);
    },
  };
  return { histories: historiesOf(watched), reads: () => reads };
};

const revisionIn = async ({ histories }: ReturnType<typeof counted>): Promise<number> => {
  const loaded = await histories.unit(stream);
  if (E.isLeft(loaded)) throw new Error(`it was not loaded: ${loaded.left.kind}`);
  return loaded.right.revision;
};

describe('the histories of a store', () => {
  test('P3 are read once, and not again while nobody has written', async () => {
    const events = await store(`${aDirectory()}/unit.db`);
    await right(events.append(stream, 'no-stream', [changed(1)]));
    const watched = counted(events);
    expect([await revisionIn(watched), await revisionIn(watched), watched.reads()]).toEqual([0, 0, 1]);
  });

  test('P3 go on with what was appended, without reading it', async () => {
    const events = await store(`${aDirectory()}/unit.db`);
    const watched = counted(events);
    watched.histories.follow(await right(events.append(stream, 'no-stream', [changed(1)])));
    watched.histories.follow(await right(events.append(stream, 0, [changed(2), changed(3)])));
    expect([await revisionIn(watched), watched.reads()]).toEqual([2, 0]);
  });

  test('P3 are read again where something came that they were not told of', async () => {
    const events = await store(`${aDirectory()}/unit.db`);
    const watched = counted(events);
    watched.histories.follow(await right(events.append(stream, 'no-stream', [changed(1)])));
    await right(events.append(stream, 0, [changed(2)]));
    watched.histories.follow(await right(events.append(stream, 1, [changed(3)])));
    expect([await revisionIn(watched), watched.reads()]).toEqual([2, 1]);
  });

  test('are remembered up to a bound, those that were used last', async () => {
    const { events } = await inMemoryStore().open(masterKey, asPrepared(noReadModels));
    const watched = counted(events);
    const streams = Array.from({ length: 2_001 }, (_, number) => `unit-${number}`);
    for (const name of streams) watched.histories.follow(await right(events.append(name, 'no-stream', [changed(1)])));
    await watched.histories.unit(streams.at(-1) ?? '');
    expect(watched.reads()).toBe(0);
    await watched.histories.unit(streams[0] ?? '');
    expect(watched.reads()).toBe(1);
  });

  test('P3 P6 are read again when somebody else has written to the file', async () => {
    const path = `${aDirectory()}/unit.db`;
    const [here, there] = [await store(path), await store(path)];
    await right(here.append(stream, 'no-stream', [changed(1)]));
    const watched = counted(here);
    expect(await revisionIn(watched)).toBe(0);
    await right(there.append(stream, 0, [changed(2)]));
    expect([await revisionIn(watched), watched.reads()]).toEqual([1, 2]);
  });
});
