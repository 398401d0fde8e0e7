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
import { readEvent, readWritten } from './shapes.ts';
import { kindOf } from './streams.ts';

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
  /** Goes on with events that were just appended to one stream, so that they need not be read when it is loaded next. */
  readonly follow: (appended: readonly StoredEvent[]) => void;
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

/** How many folded streams of one kind are remembered. */
const mostRemembered = 2_000;

/** Remembers what was used last; the least recently used goes first. */
const remembering = <Value>() => {
  const values = new Map<string, Value>();
  const remember = (key: string, value: Value): void => {
    values.delete(key);
    values.set(key, value);
    const [oldest] = values.keys();
    if (values.size > mostRemembered && oldest !== undefined) values.delete(oldest);
  };
  return {
    recall: (key: string): Value | undefined => {
      const value = values.get(key);
      if (value !== undefined) remember(key, value);
      return value;
    },
    remember,
  };
};

type Loader<State> = { readonly load: Load<State>; readonly follow: Histories['follow'] };

/**
 * Loads a stream by folding what came since it was last loaded. What is remembered is taken for the newest only where the log knows the stream to end
 * there; else the events after it are read, whoever wrote them. The append checks the head in either case.
 */
const loader = <State>(
  events: EventStore,
  initial: State,
  evolve: (state: State, event: StoredEvent) => State,
): Loader<State> => {
  const nothing: Loaded<State> = { state: initial, revision: -1, startedAt: undefined, sealedAt: new Map() };
  const { recall, remember } = remembering<Loaded<State>>();
  const withMore = (
    known: Loaded<State>,
    stored: readonly StoredEvent[],
    reading = readEvent,
  ): E.Either<StoreError, Loaded<State>> =>
    E.map((read: readonly StoredEvent[]) => ({
      state: read.reduce(evolve, known.state),
      revision: read.at(-1)?.revision ?? known.revision,
      startedAt: known.startedAt ?? read[0]?.position,
      sealedAt: withSealed(known.sealedAt, read),
    }))(E.traverseArray(reading)(stored));
  return {
    load: async (stream) => {
      const known = recall(stream) ?? nothing;
      if (events.knownHead?.(stream) === known.revision) return E.right(known);
      const stored = await events.read(stream, known.revision + 1)();
      if (E.isLeft(stored)) return stored;
      const loaded = withMore(known, stored.right);
      if (E.isRight(loaded) && loaded.right.revision >= 0) remember(stream, loaded.right);
      return loaded;
    },
    follow: (appended) => {
      const [first] = appended;
      const known = recall(first?.stream ?? '') ?? nothing;
      if (first?.revision !== known.revision + 1) return;
      const loaded = withMore(known, appended, readWritten);
      if (E.isRight(loaded)) remember(first.stream, loaded.right);
    },
  };
};

/** An event of the stream's own union; the codec has just checked its type and shape. */
const as = <Event extends { readonly type: string; readonly data: unknown }>(event: StoredEvent): Happened<Event> =>
  event as unknown as Happened<Event>;

/** How to load the aggregates from a store. */
export const historiesOf = (events: EventStore): Histories => {
  const units = loader(events, unit.initial, (state, event) => unit.evolve(state, as<UnitEvent>(event)));
  const templates = loader(events, template.initial, (state, event) =>
    template.evolve(state, as<TemplateEvent>(event)),
  );
  const programs = loader(events, { program: program.initial, handovers: handover.initial }, (state, event) => ({
    program: program.evolve(state.program, as<ProgramStreamEvent>(event)),
    handovers: handover.evolve(state.handovers, as<ProgramStreamEvent>(event)),
  }));
  const loaders: Readonly<Record<string, Pick<Loader<unknown>, 'follow'>>> = {
    unit: units,
    template: templates,
    program: programs,
  };
  return {
    unit: units.load,
    template: templates.load,
    program: programs.load,
    follow: (appended) => loaders[kindOf(appended[0]?.stream ?? '')]?.follow(appended),
  };
};
