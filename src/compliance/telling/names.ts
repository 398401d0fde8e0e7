import { streamsOf } from '../checks/fold.ts';
import type { Event } from '../shown.ts';
import type { Trace } from '../trace.ts';
import { numberOf } from '../world.ts';

/** Everything of a run by its place in it, so that nobody is named: `unit 2`, `staff 3 of unit 1`, `program 1`. */
export type Names = {
  readonly unit: (id: string) => string;
  readonly staff: (hsaId: string) => string;
  /** The place on the own unit alone. */
  readonly staffThere: (hsaId: string) => string;
  readonly resident: (number: string) => string;
  readonly program: (id: string) => string;
  readonly conversation: (id: string) => string;
  readonly handover: (id: string) => string;
  readonly plan: (id: string) => string;
  readonly comment: (id: string) => string;
  readonly flag: (id: string) => string;
  /** All of the above by what is written instead of them. */
  readonly all: ReadonlyMap<string, string>;
};

type Told = Pick<Trace, 'told' | 'events' | 'owners'>;

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];

const idOf = ({ stream }: Event): string => stream.slice(stream.indexOf('-') + 1);

/** Units of the set-up come in the order of their ids, for they are set up beside each other; then those that were activated later. */
const unitsIn = ({ told, events }: Told): readonly string[] => {
  const first = told.flatMap(({ phase, call }) =>
    phase === 'set-up' && call.kind === 'command' && call.command.type === 'activate-unit'
      ? [call.command.data.unitId]
      : [],
  );
  const activated = events.filter(({ type }) => type === 'unit-activated').map(idOf);
  return unique([...first.toSorted(), ...activated]);
};

const staffIn = ({ events }: Told, units: readonly string[]): ReadonlyMap<string, readonly string[]> => {
  const streams = streamsOf(events, 'unit');
  const registered = (unitId: string): readonly string[] =>
    (streams.get(`unit-${unitId}`) ?? [])
      .filter(({ type }) => type === 'staff-registered')
      .map(({ data }) => data.hsaId ?? '');
  return new Map(units.map((unitId) => [unitId, unique(registered(unitId))]));
};

/** Residents in the order in which their first programs began; then those whom nobody has begun one for. */
const residentsIn = ({ told, owners }: Told, programs: readonly string[]): readonly string[] => {
  const asking = told.flatMap(({ call: { actor } }) => (actor.kind === 'resident' ? [actor.personalNumber] : []));
  const meant = told.flatMap(({ call }) =>
    call.kind === 'command' && call.command?.type === 'start-program'
      ? [call.command.data?.resident?.personalNumber ?? '']
      : [],
  );
  const owning = programs.map((id) => owners.get(id) ?? '');
  return unique([...owning, ...meant, ...asking].filter((number) => number !== '').map(numberOf));
};

const numbered = (ids: readonly string[], what: string): readonly (readonly [string, string])[] =>
  unique(ids).map((id, index) => [id, `${what} ${index + 1}`]);

/** Ids that the events of a run made, in their order. */
const madeIn = ({ events }: Told, type: string, field: keyof Event['data']): readonly string[] =>
  events.flatMap((event) => {
    const id = event.data[field];
    return event.type === type && typeof id === 'string' ? [id] : [];
  });

const missing: Readonly<Record<string, string>> = { staff: 'somebody unknown', resident: 'a resident' };

const tellerOf = (pairs: readonly (readonly [string, string])[], what: string): ((id: string) => string) => {
  const known = new Map(pairs);
  return (id) => known.get(id) ?? missing[what] ?? `a ${what} that is not there`;
};

/** Names everything in a run by its place. */
export const namesOf = (trace: Told): Names => {
  const units = unitsIn(trace);
  const staff = staffIn(trace, units);
  const programs = unique(trace.events.filter(({ type }) => type === 'started').map(idOf));
  const ofUnits = numbered(units, 'unit');
  const there = [...staff.values()].flatMap((ids) => numbered(ids, 'staff'));
  const everybody = [...staff].flatMap(([unitId, ids]) =>
    numbered(ids, 'staff').map(([id, name]) => [id, `${name} of unit ${units.indexOf(unitId) + 1}`] as const),
  );
  const made = {
    program: numbered(programs, 'program'),
    conversation: numbered(madeIn(trace, 'conversation-started', 'conversationId'), 'conversation'),
    handover: numbered(madeIn(trace, 'handover-initiated', 'handoverId'), 'handover'),
    plan: numbered(madeIn(trace, 'activity-plan-created', 'planId'), 'plan'),
    comment: numbered(madeIn(trace, 'comment-made', 'commentId'), 'comment'),
    flag: numbered(madeIn(trace, 'flag-raised', 'flagId'), 'flag'),
  };
  const residents = numbered(residentsIn(trace, programs), 'resident');
  const residentNamed = tellerOf(residents, 'resident');
  return {
    unit: tellerOf(ofUnits, 'unit'),
    staff: tellerOf(everybody, 'staff'),
    staffThere: tellerOf(there, 'staff'),
    resident: (number) => residentNamed(numberOf(number)),
    program: tellerOf(made.program, 'program'),
    conversation: tellerOf(made.conversation, 'conversation'),
    handover: tellerOf(made.handover, 'handover'),
    plan: tellerOf(made.plan, 'plan'),
    comment: tellerOf(made.comment, 'comment'),
    flag: tellerOf(made.flag, 'flag'),
    all: new Map([...ofUnits, ...everybody, ...residents, ...Object.values(made).flat()]),
  };
};
