import * as E from 'fp-ts/lib/Either.js';
import type { Happened } from '../domain/decider.ts';
import { type Handovers, handover } from '../domain/handover/handover.ts';
import { program } from '../domain/program/program.ts';
import type { Program, ProgramStreamEvent } from '../domain/program/state.ts';
import type { TemplateEvent } from '../domain/template/events.ts';
import { type Template, template } from '../domain/template/template.ts';
import type { UnitEvent } from '../domain/unit/events.ts';
import type { Unit } from '../domain/unit/state.ts';
import { unit } from '../domain/unit/unit.ts';
import type { EventStore, StoredEvent, StoreError } from './eventStore.ts';
import { readEvent } from './shapes.ts';

/** A stream folded into a state, with where its head and its sealed parts lie. */
export type Loaded<State> = {
  readonly state: State;
  /** Revision of the last event; -1 = no stream. */
  readonly revision: number;
  /** Position of the first event. */
  readonly startedAt: number | undefined;
  /** Position of the latest sealed part of each kind; see `sealedKey`. */
  readonly sealedAt: ReadonlyMap<string, number>;
};
type Load<State> = (stream: string) => Promise<E.Either<StoreError, Loaded<State>>>;

/** The aggregates' histories, folded. A program's stream holds its handovers as well. */
export type Histories = {
  readonly unit: Load<Unit>;
  readonly template: Load<Template>;
  readonly program: Load<{ readonly program: Program; readonly handovers: Handovers }>;
};

/** What a sealed part is about: the type of its event, and the staff member where it names one. */
export const sealedKey = (type: string, hsaId?: string): string => (hsaId === undefined ? type : `${type} ${hsaId}`);

const keyOf = ({ type, data }: StoredEvent): string => sealedKey(type, (data as { readonly hsaId?: string }).hsaId);

const withSealed = (
  known: ReadonlyMap<string, number>,
  events: readonly StoredEvent[],
): ReadonlyMap<string, number> => {
  const sealed = events.filter(({ sealedDigest }) => sealedDigest !== undefined);
  if (sealed.length === 0) return known;
  return new Map([...known, ...sealed.map((event) => [keyOf(event), event.position] as const)]);
};

/** How many folded streams are remembered. */
const mostRemembered = 500;

/** Remembers what was used last; the least recently used goes first. */
const remembering = <Value>() => {
  const values = new Map<string, Value>();
  return {
    recall: (key: string): Value | undefined => values.get(key),
    remember: (key: string, value: Value): void => {
      values.delete(key);
      values.set(key, value);
      const [oldest] = values.keys();
      if (values.size > mostRemembered && oldest !== undefined) values.delete(oldest);
    },
  };
};

/**
 * Loads a stream by folding what came since it was last loaded. What is remembered is never trusted to be the newest: the events after it are
 * read each time, whoever wrote them, and the append checks the head.
 */
const load = <State>(
  events: EventStore,
  initial: State,
  evolve: (state: State, event: StoredEvent) => State,
): Load<State> => {
  const nothing: Loaded<State> = { state: initial, revision: -1, startedAt: undefined, sealedAt: new Map() };
  const { recall, remember } = remembering<Loaded<State>>();
  return async (stream) => {
    const known = recall(stream) ?? nothing;
    const stored = await events.read(stream, known.revision + 1)();
    if (E.isLeft(stored)) return stored;
    const read = E.traverseArray(readEvent)(stored.right);
    if (E.isLeft(read)) return read;
    const loaded: Loaded<State> = {
      state: read.right.reduce(evolve, known.state),
      revision: read.right.at(-1)?.revision ?? known.revision,
      startedAt: known.startedAt ?? read.right[0]?.position,
      sealedAt: withSealed(known.sealedAt, read.right),
    };
    if (loaded.revision >= 0) remember(stream, loaded);
    return E.right(loaded);
  };
};

/** An event of the stream's own union; the codec has just checked its type and shape. */
const as = <Event extends { readonly type: string; readonly data: unknown }>(event: StoredEvent): Happened<Event> =>
  event as unknown as Happened<Event>;

/** How to load the aggregates from a store. */
export const historiesOf = (events: EventStore): Histories => ({
  unit: load(events, unit.initial, (state, event) => unit.evolve(state, as<UnitEvent>(event))),
  template: load(events, template.initial, (state, event) => template.evolve(state, as<TemplateEvent>(event))),
  program: load(events, { program: program.initial, handovers: handover.initial }, (state, event) => ({
    program: program.evolve(state.program, as<ProgramStreamEvent>(event)),
    handovers: handover.evolve(state.handovers, as<ProgramStreamEvent>(event)),
  })),
});
