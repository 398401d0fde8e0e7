import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Engine } from '../src/eventStore/engine.ts';
import type { EventStore, Prepared, StoredEvent } from '../src/eventStore/eventStore.ts';
import { inMemoryStore } from '../src/index.ts';
import { sqliteStore } from '../src/sqlite.ts';
import { anEvent } from '../test/eventStore/events.ts';
import {
  appendToModel,
  headIn,
  type Model,
  type ModelEvent,
  type Outcome,
  type Step,
  stepsUpTo,
} from '../test/eventStore/model.ts';
import { type Fault, type Tally, type Trying, tallyOf } from './fault.ts';
import { aFolder, masterKey } from './region.ts';
import { eachTry, unlessThrown } from './trying.ts';

type Opened = { readonly engine: Engine; readonly close: () => Promise<void> };
type Told = { inlineFails: boolean };

/** A read model that counts, and fails when it is told to. */
const preparing =
  (told: Told) =>
  (db: Engine['readModels']): Prepared => {
    db.exec('CREATE TABLE IF NOT EXISTS seen (position INTEGER PRIMARY KEY) STRICT');
    const insert = db.prepare('INSERT INTO seen (position) VALUES (?)');
    const inline: Prepared['inline'] = (events) => {
      for (const { position } of events) insert.run(position);
      if (told.inlineFails) throw new Error('the read model is wrong');
    };
    return { inline, committed: () => undefined };
  };

const key = { current: { id: 'master', key: masterKey } };

const inMemory = async (told: Told): Promise<Opened> => {
  const engine = await inMemoryStore().open(key, preparing(told));
  return { engine, close: () => engine.events.close() };
};

const inSqlite = async (told: Told): Promise<Opened> => {
  const { path, remove } = aFolder();
  const engine = await sqliteStore({ path }).open(key, preparing(told));
  const close = async (): Promise<void> => {
    await engine.events.close();
    engine.keys.close();
    remove();
  };
  return { engine, close };
};

const newEvent = ({ id, content, sealed }: ModelEvent) =>
  anEvent({
    id,
    data: { content },
    cause: { commandId: id, correlationId: id, causationId: id, command: 'reply' },
    ...(sealed ? { flesh: { sealed: Buffer.from(id) } } : {}),
  });

const outcomeOf = (result: Awaited<ReturnType<ReturnType<EventStore['append']>>>): Outcome => {
  if (result._tag === 'Right') return { positions: result.right.map(({ position }) => position) };
  const { left } = result;
  return left.kind === 'revision-conflict' ? { kind: left.kind, actual: left.actual } : { kind: left.kind };
};

const appendTo = async (append: EventStore['append'], model: Model, step: Step): Promise<Outcome> => {
  const expected = step.expected === 'the head' ? headIn(model, step.stream) : step.expected;
  const heads = step.head === undefined ? {} : { heads: { [step.head.stream]: step.head.revision } };
  const options = { ...heads, holds: () => step.holds };
  return outcomeOf(await append(step.stream, expected, step.events.map(newEvent), options)());
};

const allOf = async (read: ReturnType<EventStore['read']>): Promise<readonly StoredEvent[]> => {
  const result = await read();
  if (result._tag === 'Left') throw new Error('the store was not read');
  return result.right;
};

/** How the store differs from the model at the end, in sentences. */
const differences = async ({ events, readModels }: Engine, model: Model): Promise<readonly string[]> => {
  const all = await allOf(events.readAll(0, 1_000));
  const seen = all.map(({ stream, revision, id, data }) => [stream, revision, id, data]);
  const meant = model.map(({ stream, revision, event }) => [stream, revision, event.id, { content: event.content }]);
  const streams = [...new Set(model.map(({ stream }) => stream))];
  const read = await Promise.all(streams.map((stream) => allOf(events.read(stream))));
  const sealed = await events.sealedParts(all.map(({ position }) => position))();
  const meantSealed = model.flatMap(({ event }, index) => (event.sealed ? [index + 1] : []));
  const wrong: readonly (readonly [string, unknown, unknown])[] = [
    ['the log is another than that of the model', seen, meant],
    ['positions have gaps', all.map(({ position }) => position), model.map((_, index) => index + 1)],
    ['a stream is not its part of the log', read, streams.map((name) => all.filter(({ stream }) => stream === name))],
    ['a read model is not the fold', readModels.prepare('SELECT count(*) FROM seen').pluck().get(), model.length],
    ['sealed parts lie elsewhere', sealed._tag === 'Right' && [...sealed.right.keys()].toSorted(), meantSealed],
  ];
  return wrong.flatMap(([what, is, was]) => (isDeepStrictEqual(is, was) ? [] : [what]));
};

type Wrapped = (append: EventStore['append']) => EventStore['append'];

/** Follows the appends in the store and in the model: whether any was not simply written, and what differs. */
const follow = async (opened: Opened, told: Told, steps: readonly Step[], wrapped: Wrapped): Promise<Tally> => {
  const append = wrapped(opened.engine.events.append);
  let [model, happened]: [Model, boolean] = [[], false];
  const failures = await unlessThrown('a random append', async () => {
    for (const [index, step] of steps.entries()) {
      told.inlineFails = step.inlineFails;
      const [after, outcome] = appendToModel(model, step);
      happened ||= after === model;
      const came = await appendTo(append, model, step);
      if (!isDeepStrictEqual(came, outcome))
        return [`append ${index + 1} came to another outcome than in the model (${Object.values(came).join(' ')})`];
      model = after;
    }
    return differences(opened.engine, model);
  });
  await opened.close();
  return tallyOf({ happened, failures });
};

/** Of 2,300 runs 300 are on disk. */
const onDiskEvery = 7.67;
const isOnDisk = (index: number): boolean => Math.floor((index + 1) / onDiskEvery) > Math.floor(index / onDiskEvery);
const mostCommands = 50;

const following =
  (wrapped: Wrapped) =>
  (trying: Trying): Promise<Tally> => {
    const drawn = fc.sample(stepsUpTo(mostCommands), { numRuns: trying.tries, seed: trying.seed });
    return eachTry(trying, async (_, index) => {
      const told = { inlineFails: false };
      const opened = await (isOnDisk(index) ? inSqlite(told) : inMemory(told));
      return follow(opened, told, drawn[index] ?? [], wrapped);
    });
  };

const unexpecting: Wrapped = (append) => (stream, _, events, options) => append(stream, 'any', events, options);

/** Appends that nobody would think of, held against a list. */
export const appendedAtRandom: Fault = {
  id: 'F20',
  name: 'random appends meet one another, in memory and on disk: repeats, reused ids, moved heads, a failing read model',
  promises: ['P1', 'P3', 'P4', 'P6', 'P7'],
  tries: { short: 40, full: 2_300 },
  missing: () => undefined,
  run: following((append) => append),
  control: {
    without: 'a look at the expected revision',
    tries: { short: 8, full: 200 },
    run: following(unexpecting),
  },
};
