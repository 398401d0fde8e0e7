import { randomBytes } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { Engine } from '../../src/eventStore/engine.ts';
import { type ErasureStage, erasureStages } from '../../src/eventStore/eventStore.ts';
import { inMemoryStore } from '../../src/eventStore/inMemory.ts';
import { type Erasable, type ErasingOptions, erasingOf } from '../../src/privacy/erasing.ts';
import { asPrepared, masterKey, noReadModels, right } from '../eventStore/builders.ts';
import { anEvent } from '../eventStore/events.ts';

/** A store with programs that were purged just now, and nothing done beyond the append. */
const aFencedStore = async (streams = ['program-a']) => {
  const engine = await inMemoryStore().open(masterKey, asPrepared(noReadModels));
  const keyIds: string[] = [];
  for (const stream of streams) {
    const keyId = await right(engine.keys.take());
    const sealed = Buffer.concat([Buffer.from(`01${keyId}`, 'hex'), randomBytes(60)]);
    await right(engine.events.append(stream, 'no-stream', [anEvent({ flesh: { sealed } })]));
    await right(engine.events.append(stream, 0, [anEvent({ type: 'purged' })], { erasure: { keyId } }));
    keyIds.push(keyId);
  }
  return { engine, keyIds };
};

type Change = (engine: Engine) => Partial<ErasingOptions>;

const cleaned: Erasable = { name: 'copies', erase: async () => E.right(undefined) };

/** The machine over an engine, with some of what it works with changed, and what it has certified. */
const machineOver = (engine: Engine, change: Change = () => ({})) => {
  const certified: object[] = [];
  const { events, keys, anchors } = engine;
  const erasing = erasingOf({
    ...{ events, keys, anchors, stores: [cleaned] },
    certify: async ({ stream, parts }, stores) => E.right(void certified.push({ stream, parts, stores })),
    ...change(engine),
  });
  return { ...erasing, certified };
};

const failing = () => async () => E.left({ kind: 'unavailable', what: 'keys', retry: true } as const);
const pending = (...waitingFor: readonly string[]) => E.right({ erasure: 'erasure-pending', waitingFor });
const erased = E.right({ erasure: 'erased', waitingFor: [] });

/** What can be in the way, and how the erasure then says what it waits for. */
const obstacles: readonly (readonly [waitsFor: string, during: ErasureStage, change: Change])[] = [
  [
    'ledger',
    'fenced',
    ({ anchors }) => ({
      anchors: {
        ...anchors,
        enter: () => {
          throw new Error('full');
        },
      },
    }),
  ],
  ['keys', 'fenced', ({ keys }) => ({ keys: { ...keys, destroy: failing } })],
  [
    'journal-copies',
    'keys-destroyed',
    () => ({ stores: [{ name: 'journal-copies', erase: async () => E.left('no') }, cleaned] }),
  ],
  ['events', 'stores-cleaned', ({ events }) => ({ events: { ...events, eraseFlesh: failing as never } })],
  [
    'open-reader',
    'flesh-deleted',
    ({ events }) => ({ events: { ...events, scrub: () => async () => E.right(false) } }),
  ],
  ['self-scan', 'truncated', ({ events }) => ({ events: { ...events, remnants: () => async () => E.right(1) } })],
  ['self-scan', 'truncated', ({ keys }) => ({ keys: { ...keys, remnants: () => async () => E.right(1) } })],
  ['log', 'verified', () => ({ certify: failing() as never })],
];

describe('an erasure', () => {
  test('P12 R240 R242 is taken step by step, the ledger and the key first and the certificate last', async () => {
    const { engine, keyIds } = await aFencedStore();
    const taken: string[] = [];
    const noting =
      <Given extends readonly unknown[], Result>(name: string, work: (...given: Given) => Result) =>
      (...given: Given): Result => {
        taken.push(name);
        return work(...given);
      };
    const { events, keys, anchors } = engine;
    const { finish, stateOf } = machineOver(engine, () => ({
      events: {
        ...events,
        eraseFlesh: noting('flesh', events.eraseFlesh),
        scrub: noting('truncate', events.scrub),
        remnants: noting('scan', events.remnants),
        moveErasure: (stream, stage) => noting(`note ${stage}`, events.moveErasure)(stream, stage),
        finishErasure: noting('finish', events.finishErasure),
      },
      keys: { ...keys, destroy: noting('key', keys.destroy), remnants: noting('scan keys', keys.remnants) },
      anchors: { ...anchors, enter: noting('ledger', anchors.enter) },
      stores: [{ name: 'copies', erase: noting('store', cleaned.erase) }],
      certify: noting('certify', async () => E.right(undefined)),
    }));
    expect(await finish()).toEqual(E.right('erased'));
    expect(taken).toEqual([
      ...['ledger', 'key', 'note keys-destroyed', 'store', 'note stores-cleaned', 'flesh', 'note flesh-deleted'],
      ...['truncate', 'note truncated', 'scan', 'scan keys', 'note verified', 'certify', 'finish'],
    ]);
    expect(await stateOf('program-a')).toEqual(erased);
    expect(anchors.ledger()).toMatchObject([{ stream: 'program-a', keyId: keyIds[0], purged: { type: 'purged' } }]);
  });

  test.each(obstacles)(
    'P12 R240 waits for the %s, goes on from %s, and keeps no other waiting',
    async (...obstacle) => {
      const [waitsFor, during, change] = obstacle;
      const { engine } = await aFencedStore();
      const stopped = machineOver(engine, change);
      expect(await stopped.finish()).toEqual(E.right('erasure-pending'));
      expect(await stopped.stateOf('program-a')).toEqual(pending(waitsFor));
      expect(await right(engine.events.pendingErasures())).toMatchObject([{ stage: during }]);
      expect(stopped.certified).toEqual([]);
      const { finish, stateOf, certified } = machineOver(engine);
      expect(await finish()).toEqual(E.right('erased'));
      expect(await stateOf('program-a')).toEqual(erased);
      expect(certified).toEqual([{ stream: 'program-a', parts: 1, stores: ['copies'] }]);
      expect(engine.anchors.ledger()).toHaveLength(1);
    },
  );

  test('P12 R240 keeps no other from going on when one has to wait', async () => {
    const { engine } = await aFencedStore(['program-a', 'program-b', 'program-c']);
    const { finish, stateOf, certified } = machineOver(engine, () => ({
      stores: [{ name: 'copies', erase: async (program) => (program === 'b' ? E.left('no') : E.right(undefined)) }],
    }));
    expect(await finish()).toEqual(E.right('erasure-pending'));
    const states = await Promise.all(['a', 'b', 'c'].map((program) => stateOf(`program-${program}`)));
    expect(states).toEqual([erased, pending('copies'), erased]);
    expect(certified).toHaveLength(2);
  });

  test('P12 R240 asks about an open reader once in a run for all that have only waited for it', async () => {
    const { engine } = await aFencedStore(['program-a', 'program-b', 'program-c']);
    let asked = 0;
    const { finish, stateOf } = machineOver(engine, ({ events }) => ({
      events: {
        ...events,
        scrub: () => async () => {
          asked += 1;
          return E.right(asked > 4);
        },
      },
    }));
    expect([await finish(), asked]).toEqual([E.right('erasure-pending'), 3]);
    expect([await finish(), asked]).toEqual([E.right('erasure-pending'), 4]);
    expect(await stateOf('program-c')).toEqual(pending('open-reader'));
    expect([await finish(), asked]).toEqual([E.right('erased'), 7]);
  });

  test.each(erasureStages)('P12 R240 is carried to its end by the next process, stopped at %s', async (stage) => {
    const { engine, keyIds } = await aFencedStore();
    if (stage !== 'fenced') await right(engine.keys.destroy(keyIds[0] ?? ''));
    if (stage === 'flesh-deleted') await right(engine.events.eraseFlesh('program-a'));
    await right(engine.events.moveErasure('program-a', stage));
    const { finish, stateOf, certified } = machineOver(engine);
    expect(await finish()).toEqual(E.right('erased'));
    expect(await stateOf('program-a')).toEqual(erased);
    expect(certified).toHaveLength(1);
    expect(await finish()).toEqual(E.right('erased'));
    expect(certified).toHaveLength(1);
  });

  test('P12 R240 is finished once by two who ask at once, and one that begins meanwhile by the run after', async () => {
    const { engine, keyIds } = await aFencedStore();
    const { finish, stateOf, certified } = machineOver(engine);
    const runs = [finish(), finish(), finish()];
    await right(
      engine.events.append('program-b', 'no-stream', [anEvent({ type: 'purged' })], {
        erasure: { keyId: keyIds[0] ?? '' },
      }),
    );
    runs.push(finish());
    expect(await Promise.all(runs)).toEqual(runs.map(() => E.right('erased')));
    expect(await stateOf('program-b')).toEqual(erased);
    expect(certified).toHaveLength(2);
  });

  test('P12 stands two that finish it at once, each with a machine of its own', async () => {
    const { engine } = await aFencedStore(['program-a', 'program-b']);
    const machines = [machineOver(engine), machineOver(engine)];
    expect(await Promise.all(machines.map(({ finish }) => finish()))).toEqual([E.right('erased'), E.right('erased')]);
    expect(await right(engine.events.pendingErasures())).toEqual([]);
  });

  test('P12 is neither erased nor pending where the store cannot tell', async () => {
    const { engine } = await aFencedStore();
    const { finish, stateOf } = machineOver(engine);
    await engine.events.close();
    expect(await stateOf('program-a')).toMatchObject({ left: { kind: 'unavailable' } });
    expect(await finish()).toMatchObject({ left: { kind: 'unavailable' } });
  });
});
