import fc from 'fast-check';
import type { ExpectedRevision } from '../../src/eventStore/eventStore.ts';

/** An event of a random append: its id is one of a few, so that ids meet again. */
export type ModelEvent = { readonly id: string; readonly content: string; readonly sealed: boolean };

/** A random append, and what its surroundings do to it. */
export type Step = {
  readonly stream: string;
  readonly expected: ExpectedRevision | 'the head';
  readonly events: readonly ModelEvent[];
  readonly head?: { readonly stream: string; readonly revision: number };
  readonly holds: boolean;
  readonly inlineFails: boolean;
};

/** A log so simple that it can be trusted: a list. */
export type Model = readonly { readonly stream: string; readonly revision: number; readonly event: ModelEvent }[];

/** What an append comes to: positions, or the kind of error with what it tells. */
export type Outcome = { readonly positions: readonly number[] } | { readonly kind: string; readonly actual?: number };

const streams = ['program-a', 'program-b', 'unit-c'];

/** The last revision of a stream of the model. */
export const headIn = (model: Model, stream: string): number => model.filter((row) => row.stream === stream).length - 1;

const expects = (expected: Step['expected'], head: number): boolean => {
  if (expected === 'any' || expected === 'the head') return true;
  if (expected === 'no-stream') return head < 0;
  return expected === 'stream-exists' ? head > -1 : expected === head;
};

const isSame = (row: Model[number] | undefined, stream: string, event: ModelEvent): boolean =>
  row?.stream === stream && JSON.stringify(row.event) === JSON.stringify(event);

/** What an append does to the model, and what it comes to. */
export const appendToModel = (model: Model, step: Step): readonly [Model, Outcome] => {
  const { stream, events } = step;
  const places = events.map(({ id }) => model.findIndex((row) => row.event.id === id));
  const taken = places.some((place) => place >= 0) || new Set(events.map(({ id }) => id)).size < events.length;
  const inARow = model.filter((row) => row.stream === stream).map((row) => row.event.id);
  const start = inARow.indexOf(events[0]?.id ?? '');
  const isRepeat =
    start >= 0 &&
    events.every(
      (event, index) => isSame(model[places[index] ?? -1], stream, event) && inARow[start + index] === event.id,
    );
  if (isRepeat) return [model, { positions: places.map((place) => place + 1) }];
  if (taken) return [model, { kind: 'id-reused' }];
  const head = headIn(model, stream);
  if (!expects(step.expected, head)) return [model, { kind: 'revision-conflict', actual: head }];
  const headMoved = step.head !== undefined && headIn(model, step.head.stream) !== step.head.revision;
  if (headMoved || !step.holds) return [model, { kind: 'heads-moved' }];
  if (step.inlineFails) return [model, { kind: 'unavailable' }];
  const rows = events.map((event, index) => ({ stream, revision: head + 1 + index, event }));
  return [[...model, ...rows], { positions: rows.map((_, index) => model.length + 1 + index) }];
};

const mostly = (usual: boolean): fc.Arbitrary<boolean> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constant(!usual) });

const expected: fc.Arbitrary<Step['expected']> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Step['expected']>('the head') },
  { weight: 4, arbitrary: fc.constantFrom<ExpectedRevision[]>('any', 'no-stream', 'stream-exists') },
  { weight: 2, arbitrary: fc.integer({ min: -1, max: 6 }) },
);

const freshEvents = fc.array(fc.record({ id: fc.uuid(), content: fc.constantFrom('x', 'y'), sealed: fc.boolean() }), {
  minLength: 1,
  maxLength: 3,
});

const newStep: fc.Arbitrary<Step> = fc.record(
  {
    stream: fc.constantFrom(...streams),
    expected,
    events: freshEvents,
    head: fc.record({ stream: fc.constantFrom(...streams), revision: fc.integer({ min: -1, max: 3 }) }),
    holds: mostly(true),
    inlineFails: mostly(false),
  },
  { requiredKeys: ['stream', 'expected', 'events', 'holds', 'inlineFails'] },
);

/** What is done with an earlier append: sent again as it was, or changed. */
const changes: readonly ((earlier: Step, step: Step) => Step)[] = [
  (_, step) => step,
  (_, step) => step,
  (earlier, step) => ({ ...step, stream: earlier.stream, events: earlier.events }),
  (earlier) => earlier,
  (earlier, step) => ({ ...step, events: earlier.events }),
  (earlier, step) => ({ ...earlier, events: [...earlier.events, ...step.events] }),
  (earlier) => ({ ...earlier, events: earlier.events.toReversed() }),
  (earlier) => ({ ...earlier, events: earlier.events.slice(0, 1) }),
  (earlier) => ({ ...earlier, events: earlier.events.map((event) => ({ ...event, content: 'z' })) }),
  (earlier) => ({ ...earlier, events: [...earlier.events, ...earlier.events] }),
];

/** Random appends, at most so many, some of which meet earlier ones again. */
export const stepsUpTo = (most: number): fc.Arbitrary<readonly Step[]> =>
  fc
    .array(fc.tuple(newStep, fc.nat(), fc.integer({ min: 0, max: changes.length - 1 })), {
      minLength: 1,
      maxLength: most,
    })
    .map((drawn) => {
      const made: Step[] = [];
      for (const [step, back, change] of drawn) {
        const earlier = made[back % Math.max(1, made.length)];
        made.push(earlier === undefined ? step : (changes[change]?.(earlier, step) ?? step));
      }
      return made;
    });

/** Random appends, some of which meet earlier ones again. */
export const steps = stepsUpTo(25);
