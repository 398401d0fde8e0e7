import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { knownStreams } from '../../src/eventStore/knownStreams.ts';
import { aDirectory, type Prepare, right } from './builders.ts';
import { anEvent } from './events.ts';
import { openAt } from './sqliteBuilders.ts';

describe('where streams end', () => {
  test('P3 is remembered until somebody else has written, whatever is looked at in between', () => {
    const file = { version: 1 };
    const streams = knownStreams(() => file.version);
    streams.look();
    streams.keep('program-a', { id: 1, head: 3 });
    streams.look();
    expect(streams.find('program-a')).toEqual({ id: 1, head: 3 });
    file.version = 2;
    streams.look();
    expect(streams.find('program-a')).toBeUndefined();
    streams.keep('program-a', { id: 1, head: 4 });
    streams.look();
    expect(streams.find('program-a')).toEqual({ id: 1, head: 4 });
  });

  test('is remembered of no more streams than there is room for', () => {
    const streams = knownStreams(() => 1);
    const names = Array.from({ length: 30_000 }, (_, number) => `program-${number}`);
    for (const [id, name] of names.entries()) streams.keep(name, { id, head: 0 });
    expect(streams.find(names.at(-1) ?? '')).toEqual({ id: names.length - 1, head: 0 });
    expect(names.filter((name) => streams.find(name) !== undefined).length).toBeLessThanOrEqual(10_000);
  });
});

describe('an append that fails beside others that do not', () => {
  const failingFor =
    (told: { stream: string }): Prepare =>
    () =>
    (events) => {
      if (events.some(({ stream }) => stream === told.stream)) throw new Error('the read model is wrong');
    };

  test('P1 P4 leaves nothing that is remembered of it: the same append again is the first of its stream', async () => {
    const told = { stream: 'program-b' };
    const { engine, close } = await openAt(join(aDirectory(), 'unit.db'), failingFor(told));
    const { events } = engine;
    const appends = ['program-a', 'program-b', 'program-c'].map((stream) =>
      events.append(stream, 'no-stream', [anEvent(), anEvent()]),
    );
    const results = await Promise.all(appends.map((append) => append()));
    expect(results.map(({ _tag }) => _tag)).toEqual(['Right', 'Left', 'Right']);
    expect(['program-a', 'program-b', 'program-c'].map((stream) => events.knownHead?.(stream))).toEqual([
      ...[1, undefined, 1],
    ]);
    told.stream = '';
    for (const append of appends) expect((await right(append)).map(({ revision }) => revision)).toEqual([0, 1]);
    await close();
  });
});
