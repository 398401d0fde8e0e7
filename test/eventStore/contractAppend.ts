import { describe, expect, test } from 'vitest';
import type { Engine } from '../../src/eventStore/engine.ts';
import type { AppendOptions, ExpectedRevision } from '../../src/eventStore/eventStore.ts';
import { left, type Open, type Prepare, right } from './builders.ts';
import { anEvent, someEvents } from './events.ts';

/** A read model of the positions seen, that fails when it is told to. */
const positionsSeen = (told: { fail: boolean }): Prepare => {
  return (readModels) => {
    readModels.exec('CREATE TABLE IF NOT EXISTS seen (position INTEGER PRIMARY KEY) STRICT');
    const insert = readModels.prepare('INSERT INTO seen (position) VALUES (?)');
    return (events) => {
      for (const { position } of events) insert.run(position);
      if (told.fail) throw new Error('the read model is wrong');
    };
  };
};

const seen = ({ readModels }: Engine): readonly unknown[] =>
  readModels.prepare('SELECT position FROM seen ORDER BY position').pluck().all();

const nothingYet: readonly (readonly [ExpectedRevision, boolean])[] = [
  ['no-stream', true],
  ['any', true],
  [-1, true],
  ['stream-exists', false],
  [0, false],
  [1, false],
];

const twoEvents: readonly (readonly [ExpectedRevision, boolean])[] = [
  [1, true],
  ['stream-exists', true],
  ['any', true],
  ['no-stream', false],
  [-1, false],
  [0, false],
  [2, false],
  [0.5, false],
  [Number.NaN, false],
];

const expectations = (open: Open): void => {
  test.each(nothingYet)('P3 to a stream that does not exist, expecting %s, holds: %s', async (expected, holds) => {
    const { engine, close } = await open();
    const append = engine.events.append('program-a', expected, [anEvent()]);
    if (holds) expect(await right(append)).toMatchObject([{ stream: 'program-a', revision: 0, position: 1 }]);
    else expect(await left(append)).toEqual({ kind: 'revision-conflict', stream: 'program-a', actual: -1 });
    expect(await right(engine.events.lastPosition())).toBe(holds ? 1 : 0);
    await close();
  });

  test.each(twoEvents)('P3 to a stream of two events, expecting %s, holds: %s', async (expected, holds) => {
    const { engine, close } = await open();
    await right(engine.events.append('program-a', 'no-stream', someEvents(2)));
    const append = engine.events.append('program-a', expected, [anEvent()]);
    if (holds) expect(await right(append)).toMatchObject([{ revision: 2, position: 3 }]);
    else expect(await left(append)).toEqual({ kind: 'revision-conflict', stream: 'program-a', actual: 1 });
    expect(await right(engine.events.lastPosition())).toBe(holds ? 3 : 2);
    await close();
  });

  test('P3 that is stale is refused, and the right one is still accepted after it', async () => {
    const { engine, close } = await open();
    await right(engine.events.append('program-a', 'no-stream', someEvents(3)));
    expect(await left(engine.events.append('program-a', 1, [anEvent()]))).toMatchObject({ actual: 2 });
    expect(await right(engine.events.append('program-a', 2, [anEvent()]))).toMatchObject([
      { revision: 3, position: 4 },
    ]);
    await close();
  });

  test('P6 P7 that expects too much is refused and leaves no gap', async () => {
    const { engine, close } = await open();
    await right(engine.events.append('program-a', 'no-stream', [anEvent()]));
    expect(await left(engine.events.append('program-a', 7, someEvents(2)))).toMatchObject({ actual: 0 });
    expect(await right(engine.events.append('program-b', 'no-stream', [anEvent()]))).toMatchObject([{ position: 2 }]);
    expect(await right(engine.events.append('program-a', 0, [anEvent()]))).toMatchObject([
      { revision: 1, position: 3 },
    ]);
    await close();
  });

  test('P3 by one of ten writers at one revision wins, and the others are told the true revision', async () => {
    const { engine, close } = await open();
    await right(engine.events.append('program-a', 'no-stream', someEvents(2)));
    const results = await Promise.all(
      Array.from({ length: 10 }, () => engine.events.append('program-a', 1, someEvents(2))()),
    );
    expect(results.filter(({ _tag }) => _tag === 'Right')).toHaveLength(1);
    const conflict = { kind: 'revision-conflict', stream: 'program-a', actual: 3 };
    expect(results.filter(({ _tag }) => _tag === 'Left')).toEqual(Array(9).fill({ _tag: 'Left', left: conflict }));
    expect(await right(engine.events.lastPosition())).toBe(4);
    await close();
  });
};

const insideTheAppend = (open: Open): void => {
  test('P1 whose read model fails writes nothing, and the next one leaves no gap', async () => {
    const told = { fail: false };
    const { engine, close } = await open(positionsSeen(told));
    await right(engine.events.append('program-a', 'no-stream', [anEvent()]));
    told.fail = true;
    const programId = anEvent().id;
    const options: AppendOptions = {
      subjects: [{ year: 2026, programId, person: Buffer.from('person'), sealed: Buffer.from('sealed') }],
      erasure: { keyId: 'key' },
    };
    const events = [anEvent(), anEvent({ flesh: { tag: Buffer.from('tag') } })];
    expect(await left(engine.events.append('program-b', 'any', events, options))).toEqual({
      kind: 'unavailable',
      retry: false,
    });
    expect(seen(engine)).toEqual([1]);
    expect(engine.readModels.inTransaction).toBe(false);
    expect(await right(engine.events.read('program-b'))).toEqual([]);
    expect(await right(engine.events.find(events.map(({ id }) => id)))).toEqual([]);
    expect(await right(engine.events.streamsWithTag(Buffer.from('tag')))).toEqual([]);
    expect(await right(engine.events.auditSubjects(2026))).toEqual([]);
    expect(await right(engine.events.pendingErasures())).toEqual([]);
    told.fail = false;
    expect(await right(engine.events.append('program-b', 'no-stream', events))).toMatchObject([
      { position: 2 },
      { position: 3 },
    ]);
    expect(seen(engine)).toEqual([1, 2, 3]);
    await close();
  });
};

const behindTheAppend = (open: Open): void => {
  test('P1 P5 whose read model fails is unknown, and is there when the read model follows again', async () => {
    const told = { fail: false };
    const { engine, close } = await open(positionsSeen(told));
    await right(engine.events.append('program-a', 'no-stream', [anEvent()]));
    told.fail = true;
    const events = [anEvent(), anEvent({ flesh: { tag: Buffer.from('tag') } })];
    expect(await left(engine.events.append('program-b', 'any', events))).toEqual({ kind: 'unknown' });
    expect(seen(engine)).toEqual([1]);
    expect(engine.readModels.inTransaction).toBe(false);
    expect(await right(engine.events.find(events.map(({ id }) => id)))).toEqual([]);
    told.fail = false;
    expect(await right(engine.events.append('program-b', 'no-stream', events))).toMatchObject([
      { position: 2 },
      { position: 3 },
    ]);
    expect(await right(engine.events.streamsWithTag(Buffer.from('tag')))).toEqual(['program-b']);
    expect(seen(engine)).toEqual([1, 2, 3]);
    await close();
  });
};

const failingReadModel = { 'inside the append': insideTheAppend, 'behind it': behindTheAppend } as const;

/** When the read models of a store move. */
export type ReadModels = keyof typeof failingReadModel;

const atomicity = (open: Open, readModels: ReadModels): void => {
  test('P1 of several events lies together, in order, and returns what is read', async () => {
    const { engine, close } = await open();
    const events = someEvents(5);
    const written = await right(engine.events.append('program-a', 'no-stream', events));
    expect(written.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    expect(written.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5]);
    expect(await right(engine.events.read('program-a'))).toEqual(written);
    await close();
  });

  failingReadModel[readModels](open);

  test('P1 that fails takes none of those along that wait for the same commit', async () => {
    const { engine, close } = await open();
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, number) =>
        engine.events.append(`program-${number}`, number % 3 === 0 ? 4 : 'no-stream', someEvents(2))(),
      ),
    );
    expect(results.map(({ _tag }) => _tag)).toEqual(results.map((_, number) => (number % 3 === 0 ? 'Left' : 'Right')));
    const all = await right(engine.events.readAll(0, 100));
    expect(all.map(({ position }) => position)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    await close();
  });

  test('P1 whose condition does not hold, or whose condition throws, writes nothing', async () => {
    const { engine, close } = await open();
    const tag = Buffer.from('tag');
    await right(engine.events.append('program-a', 'no-stream', [anEvent({ flesh: { tag } })]));
    const asked: unknown[] = [];
    const holds: AppendOptions['holds'] = (streamsWithTag) => {
      asked.push(streamsWithTag(tag), streamsWithTag(Buffer.from('other')));
      return false;
    };
    expect(await left(engine.events.append('program-b', 'any', someEvents(2), { holds }))).toEqual({
      kind: 'heads-moved',
    });
    expect(asked).toEqual([['program-a'], []]);
    const failing: AppendOptions = { holds: () => JSON.parse('no JSON') };
    expect(await left(engine.events.append('program-b', 'any', someEvents(2), failing))).toEqual({
      kind: 'unavailable',
      retry: false,
    });
    expect(
      await right(engine.events.append('program-b', 'no-stream', [anEvent()], { holds: () => true })),
    ).toMatchObject([{ position: 2 }]);
    await close();
  });

  test.each([
    ['has grown', { 'unit-a': 0 }],
    ['is shorter than believed', { 'unit-a': 2 }],
    ['exists against belief', { 'unit-a': -1 }],
    ['does not exist against belief', { 'unit-b': 0 }],
    ['is one of several', { 'unit-a': 1, 'unit-b': -1, 'unit-c': 0 }],
  ])('P1 based on a head that %s writes nothing', async (_, heads) => {
    const { engine, close } = await open();
    await right(engine.events.append('unit-a', 'no-stream', someEvents(2)));
    expect(await left(engine.events.append('program-b', 'any', someEvents(2), { heads }))).toEqual({
      kind: 'heads-moved',
    });
    const holding = { heads: { 'unit-a': 1, 'unit-b': -1 } };
    expect(await right(engine.events.append('program-b', 'no-stream', [anEvent()], holding))).toMatchObject([
      { position: 3 },
    ]);
    await close();
  });

  test('P1 of what JSON cannot hold writes nothing', async () => {
    const { engine, close } = await open();
    const events = [anEvent(), anEvent({ data: { number: Number.NaN } })];
    expect(await left(engine.events.append('program-a', 'any', events))).toEqual({ kind: 'unavailable', retry: false });
    expect(await right(engine.events.append('program-a', 'no-stream', [anEvent()]))).toMatchObject([{ position: 1 }]);
    await close();
  });

  test('of nothing, or with an id that is no UUID, is a mistake of the programmer', async () => {
    const { engine, close } = await open();
    expect(() => engine.events.append('program-a', 'any', [])).toThrow(TypeError);
    expect(() => engine.events.append('program-a', 'any', [anEvent({ id: 'one' })])).toThrow(TypeError);
    await close();
  });
};

/** What an append promises: its expected revision, and all or nothing. */
export const appendContract = (open: Open, readModels: ReadModels): void => {
  describe('an append', () => {
    expectations(open);
    atomicity(open, readModels);
  });
};
