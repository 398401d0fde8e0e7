import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Uuid } from '../domain/identifiers.ts';
import { isSameEvent } from './codec.ts';
import type { AppendOptions, ExpectedRevision, NewEvent, StoredEvent, StoreError } from './eventStore.ts';

/** One append as it was asked for. */
export type Append = {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
  readonly options: AppendOptions;
};

/** The log as an append finds it, inside its transaction. */
export type LogView = {
  /** The revision of a stream's last event, -1 for a stream that does not exist. */
  readonly headOf: (stream: string) => number;
  /** The events that have these ids, in global order. */
  readonly find: (ids: readonly Uuid[]) => E.Either<StoreError, readonly StoredEvent[]>;
  readonly streamsWithTag: (tag: Uint8Array) => readonly string[];
};

/** What an append comes to: its first result again, or events to write, the first of them at a revision. */
export type Ruling =
  | { readonly kind: 'repeat'; readonly events: readonly StoredEvent[] }
  | { readonly kind: 'write'; readonly revision: number };

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Throws for what only a programmer can get wrong: an append of nothing, an id that is no UUID in lower case. */
export const requireAppend = (events: readonly NewEvent[]): void => {
  if (events.length === 0) throw new TypeError('an append needs at least one event');
  if (!events.every(({ id }) => uuid.test(id))) throw new TypeError('the id of an event is a UUID in lower case');
};

const isExpected = (expected: ExpectedRevision, actual: number): boolean => {
  switch (expected) {
    case 'any':
      return true;
    case 'no-stream':
      return actual === -1;
    case 'stream-exists':
      return actual >= 0;
    default:
      return expected === actual;
  }
};

const isFirstResult = (found: readonly StoredEvent[], { stream, events }: Append): boolean =>
  events.every((event, index) => {
    const stored = found[index];
    return (
      stored?.id === event.id &&
      stored.revision === (found[0]?.revision ?? 0) + index &&
      isSameEvent(stored, stream, event)
    );
  });

/** The id to name in a refusal: one whose event is another, else one that is there already, else one given twice. */
const reusedId = (found: readonly StoredEvent[], { stream, events }: Append): Uuid | undefined => {
  const byId = new Map(found.map((stored) => [stored.id, stored]));
  const isTaken = ({ id }: NewEvent): boolean => byId.has(id);
  const isOther = (event: NewEvent): boolean => {
    const stored = byId.get(event.id);
    return stored !== undefined && !isSameEvent(stored, stream, event);
  };
  const isTwice = ({ id }: NewEvent, index: number): boolean => events.findIndex((event) => event.id === id) < index;
  return (events.find(isOther) ?? events.find(isTaken) ?? events.find(isTwice))?.id;
};

const priorResult = (
  found: readonly StoredEvent[],
  append: Append,
): E.Either<StoreError, readonly StoredEvent[] | undefined> => {
  if (found.length === 0 && append.events.length === 1) return E.right(undefined);
  if (isFirstResult(found, append)) return E.right(found);
  const id = reusedId(found, append);
  return id === undefined ? E.right(undefined) : E.left({ kind: 'id-reused', id });
};

const ruleOnNew = ({ stream, expected, options }: Append, log: LogView): E.Either<StoreError, Ruling> => {
  const actual = log.headOf(stream);
  if (!isExpected(expected, actual)) return E.left({ kind: 'revision-conflict', stream, actual });
  const heads = Object.entries(options.heads ?? {});
  const holds =
    heads.every(([name, head]) => log.headOf(name) === head) && (options.holds?.(log.streamsWithTag) ?? true);
  return holds ? E.right({ kind: 'write', revision: actual + 1 }) : E.left({ kind: 'heads-moved' });
};

/**
 * Rules on an append, the same way in every adapter: first whether it was made before, whatever is expected now; then the expected
 * revision; then the heads; then the condition.
 */
export const ruleOn = (append: Append, log: LogView): E.Either<StoreError, Ruling> =>
  pipe(
    log.find(append.events.map(({ id }) => id)),
    E.flatMap((found) => priorResult(found, append)),
    E.flatMap((events) =>
      events === undefined ? ruleOnNew(append, log) : E.right({ kind: 'repeat', events } as const),
    ),
  );
