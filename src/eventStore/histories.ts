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

/** A stream folded into a state, with its head (-1 = no stream) and its events in their newest shape. */
export type Loaded<State> = {
  readonly state: State;
  readonly revision: number;
  readonly events: readonly StoredEvent[];
};
type Load<State> = (stream: string) => Promise<E.Either<StoreError, Loaded<State>>>;

/** The aggregates' histories, folded. A program's stream holds its handovers as well. */
export type Histories = {
  readonly unit: Load<Unit>;
  readonly template: Load<Template>;
  readonly program: Load<{ readonly program: Program; readonly handovers: Handovers }>;
};

const load =
  <State>(events: EventStore, initial: State, evolve: (state: State, event: StoredEvent) => State): Load<State> =>
  async (stream) => {
    const stored = await events.read(stream)();
    if (E.isLeft(stored)) return stored;
    return E.map((read: readonly StoredEvent[]) => ({
      state: read.reduce(evolve, initial),
      revision: read.at(-1)?.revision ?? -1,
      events: read,
    }))(E.traverseArray(readEvent)(stored.right));
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
