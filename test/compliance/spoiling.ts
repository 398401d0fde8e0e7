import type { Event } from '../../src/compliance/shown.ts';
import { outcomeOf, type Told, type Trace } from '../../src/compliance/trace.ts';

/** The same, open to be changed. */
type Loose<A> =
  A extends ReadonlyMap<infer Key, infer Value>
    ? Map<Key, Loose<Value>>
    : A extends readonly (infer Value)[]
      ? Loose<Value>[]
      : A extends object
        ? { -readonly [Name in keyof A]: Loose<A[Name]> }
        : A;

/** A true run that a lie is about to be told in. */
export type Spoiled = Loose<Trace>;
export type LooseEvent = Loose<Event>;

/** One lie, told to the checks whose title begins with an id. It throws where a run has nothing to lie about. */
export type Lie = readonly [id: string, what: string, tell: (trace: Spoiled) => unknown];

/** What is there; throws where nothing is. */
export const one = <A>(value: A | undefined): A => {
  if (value === undefined) throw new Error('the run has nothing of what is to be spoiled');
  return value;
};

/** An open copy of a run, but for its steps: they have functions, which cannot be copied. */
export const copyOf = (trace: Trace): Spoiled =>
  structuredClone({ ...trace, life: { ...trace.life, steps: [] } }) as unknown as Spoiled;

export const event = (trace: Spoiled, holds: (event: LooseEvent) => boolean): LooseEvent =>
  one(trace.events.find(holds));
export const ofType = (trace: Spoiled, type: string): LooseEvent => event(trace, (found) => found.type === type);

/** Puts an event at the end of a stream, as if the library had written it. */
export const add = (trace: Spoiled, like: LooseEvent, change: Partial<LooseEvent>): void => {
  const revision = trace.events.filter(({ stream }) => stream === like.stream).length;
  const position = trace.events.length + 1;
  trace.events.push({ ...like, ...change, revision, position, id: `new-${position}` });
};

/** The type of command that was sent. */
export const typeOf = ({ call }: Pick<Told, 'call'> | Spoiled['told'][number]): string =>
  call.kind === 'command' ? (call.command?.type ?? '') : '';

export const hasChanged = (told: Spoiled['told'][number]): boolean => outcomeOf(told as Told) === 'changed';

export const accepted = (trace: Spoiled, holds: (told: Spoiled['told'][number]) => boolean = () => true) =>
  one(
    trace.told.find((told) => told.phase === 'step' && told.call.kind === 'command' && hasChanged(told) && holds(told)),
  );

/** A command of some types whose own program was looked at before and after. */
export const watchOf = (trace: Spoiled, ...types: readonly string[]) =>
  one(
    trace.watches.find(
      ({ told, about = '', before }) => types.includes(typeOf(told)) && hasChanged(told) && about in before,
    ),
  );

/** What the look at the end showed. */
export const lastLook = (trace: Spoiled) => one(trace.looks.at(-1));

type ShownProgram = {
  status: string;
  templateId: string;
  mandatoryDone: boolean;
  version: string;
  modules: {
    state: string;
    progress: string;
    daysLeft?: number;
    sections: { progress: string }[];
    forms: { state: string; visible: boolean }[];
  }[];
};

/** A program as the look at the end showed it to its staff. */
export const shownProgram = (trace: Spoiled, holds: (shown: ShownProgram) => boolean = () => true): ShownProgram => {
  const pictures = Object.values(lastLook(trace).programs);
  const shown = pictures.flatMap(({ staff }) => ('right' in staff ? [staff.right as ShownProgram] : []));
  return one(shown.find(holds));
};

/** The answer to a question of a resident's. */
export const residentsAnswer = (trace: Spoiled, view: string): Record<string, unknown> => {
  const asked = trace.told.filter(({ call }) => call.kind === 'view' && call.actor.kind === 'resident');
  const answers = asked.flatMap(({ call, said }) =>
    call.kind === 'view' && call.query.view === view && 'right' in said ? [said.right as Record<string, unknown>] : [],
  );
  return one(answers[0]);
};
