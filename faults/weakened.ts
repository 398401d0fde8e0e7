import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Engine } from '../src/eventStore/engine.ts';
import type { EventStore, StoredEvent, StoreError } from '../src/eventStore/eventStore.ts';

/** An engine of which a protection is switched off: what controls are made of, in processes of their own. */
export type Weaken = (engine: Engine) => Engine;

type Append = EventStore['append'];
type Appended = TaskEither<StoreError, readonly StoredEvent[]>;

const withAppend =
  (weaker: (append: Append) => Append): Weaken =>
  (engine) => ({ ...engine, events: { ...engine.events, append: weaker(engine.events.append) } });

/** Appends without a transaction around them: each event in one of its own. */
const eventByEvent = withAppend(
  (append) =>
    (stream, expected, events, options): Appended =>
    async () => {
      const stored: StoredEvent[] = [];
      for (const [index, event] of events.entries()) {
        const head = stored.at(-1)?.revision;
        const one = await append(stream, head ?? expected, [event], index === 0 ? options : {})();
        if (one._tag === 'Left') return one;
        stored.push(...one.right);
      }
      return { _tag: 'Right', right: stored };
    },
);

/** Says that what failed was done. */
const falseYes = withAppend(
  (append) =>
    (stream, expected, events, options): Appended =>
    async () => {
      const result = await append(stream, expected, events, options)();
      if (result._tag === 'Right' || !['unknown', 'unavailable'].includes(result.left.kind)) return result;
      const first = typeof expected === 'number' ? expected + 1 : 0;
      const right = events.map((event, index) => ({ ...event, stream, revision: first + index, position: index + 1 }));
      return { _tag: 'Right', right };
    },
);

/** Read models without transactions: rows change by themselves, and the checkpoint moves after them. Without paths, so that no thread fills them. */
const checkpointApart: Weaken = ({ files: _, ...engine }) => {
  const { readModels } = engine;
  // Each statement is a commit of its own then; that those are slow is not what is tried.
  readModels.pragma('synchronous = off');
  const transaction = (work: () => unknown) => ({ immediate: () => work() });
  return {
    ...engine,
    readModels: new Proxy(readModels, {
      get: (db, name) => {
        if (name === 'transaction') return transaction;
        const value: unknown = Reflect.get(db, name, db);
        return typeof value === 'function' ? value.bind(db) : value;
      },
    }),
  };
};

/** What controls go without, by its name; `nothing` is the library as it is. */
export const weakened: Readonly<Record<string, Weaken>> = {
  nothing: (engine) => engine,
  transactions: eventByEvent,
  truth: falseYes,
  'a transaction with the checkpoint': checkpointApart,
};
