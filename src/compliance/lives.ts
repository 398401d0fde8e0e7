import fc from 'fast-check';
import { type CommandType, commandSchemas } from '../commands/catalog.ts';
import type { Role } from '../domain/actors.ts';
import type { Model } from './model/state.ts';
import { fitFor, roles, type StaffPlan } from './people.ts';
import {
  employmentsOf,
  kindsOf,
  professionsOf,
  type Setting,
  standardSetting,
  templateIdsOf,
  trainingsOf,
  unnamedKind,
} from './setting.ts';
import { otherProvider, ownProvider, type UnitPlan } from './world.ts';

/** How a step departs from what is sensible. */
export type Twist =
  | 'none'
  /** Somebody else sends it. */
  | 'other-actor'
  /** The right person, signed in on another unit. */
  | 'other-unit'
  /** The right person, weaker authenticated than asked. */
  | 'weak'
  /** A program that does not exist, or is another's. */
  | 'other-program'
  /** Input that is no command. */
  | 'broken'
  /** An earlier command once more, word for word. */
  | 'again'
  /** The id of an earlier command on this one. */
  | 'same-id';

/**
 * One step of a run, before it meets the state: what kind of thing is to happen, numbers by which what is possible there is chosen,
 * and what the clock does first.
 */
export type Step = {
  readonly what: CommandType | 'look' | 'ask';
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly minutes: number;
  readonly twist: Twist;
  /** Whether everything else is looked at before and after. */
  readonly watched: boolean;
  readonly hasId: boolean;
};

/** What a step is taken on: the library and all that is known of it. */
type Living = { readonly take: (step: Step) => Promise<void> };

/** A step as fast-check runs it: it finds something to do in whatever state it meets. */
export type StepCommand = fc.AsyncCommand<Model, Living>;

/** A run: the units it begins with, how many minutes after they were set up it begins, and its steps. */
export type Life = {
  readonly units: readonly UnitPlan[];
  readonly after: number;
  readonly steps: Iterable<StepCommand>;
};

const subset = <A>(values: readonly A[]): fc.Arbitrary<A[]> => fc.subarray([...values]);

const mostly = <A>(value: A, others: fc.Arbitrary<A>, weight = 3): fc.Arbitrary<A> =>
  fc.oneof({ weight, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: others });

const limitOf = (setting: Setting): fc.Arbitrary<string | undefined> => {
  const ids = templateIdsOf(setting);
  const none = fc.constant(undefined);
  return ids.length === 0 ? none : mostly<string | undefined>(undefined, fc.constantFrom(...ids));
};

/** Staff with whatever facts and roles; some hold a role that they cannot use. */
const anyStaff = (setting: Setting): fc.Arbitrary<StaffPlan> => {
  const trainings = trainingsOf(setting);
  return fc.record({
    profession: fc.constantFrom(...professionsOf(setting)),
    employment: fc.constantFrom(...employmentsOf(setting)),
    assigned: mostly(true, fc.constant(false), 5),
    trainings: mostly<readonly string[]>(trainings, subset([...trainings, 'platform'])),
    roles: subset(roles),
    limit: limitOf(setting),
  });
};

/** Units of some kinds: first their administrator, then somebody who may do everything, and others. */
const unitsIn = (setting: Setting) => {
  const fit = fitFor(setting);
  const administrators = subset<Role>(['resident-administrator', 'data-administrator']).map(
    (more): StaffPlan => ({ ...fit, roles: more }),
  );
  const others = fc.array(anyStaff(setting), { minLength: 1, maxLength: 2 });
  return (kinds: readonly string[], provider: string, environment: UnitPlan['environment']) =>
    fc
      .tuple(fc.constantFrom(...kinds), administrators, others)
      .map(([kind, first, more]): UnitPlan => ({ kind, provider, environment, staff: [first, fit, ...more] }));
};

/** Two or three units: of kinds that templates name first, then some that differ from them. */
const unitsOf = (setting: Setting): fc.Arbitrary<readonly UnitPlan[]> => {
  const [kinds, unnamed, unitOf] = [kindsOf(setting), unnamedKind(setting), unitsIn(setting)];
  const own = unitOf(kinds, ownProvider, 'production');
  const foreign = unitOf(kinds.slice(-1), otherProvider, 'production');
  return fc
    .tuple(
      own,
      fc.oneof({ weight: 3, arbitrary: own }, { weight: 2, arbitrary: foreign }),
      fc.oneof(
        fc.constant(undefined),
        unitOf([unnamed], ownProvider, 'production'),
        unitOf([...kinds.slice(0, 1), unnamed], ownProvider, 'training'),
        foreign,
      ),
    )
    .map(([first, second, third]) => [first, second, ...(third === undefined ? [] : [third])]);
};

/** How often each command is meant; a type of command without a weight here does not compile. */
const weights: { readonly [Type in CommandType]: number } = {
  'activate-unit': 2,
  'change-unit': 2,
  'deactivate-unit': 2,
  'enable-template': 4,
  'disable-template': 1,
  'register-staff': 4,
  'grant-role': 3,
  'revoke-role': 2,
  'deactivate-staff': 3,
  'reactivate-staff': 4,
  'sign-in': 1,
  'set-notifications': 7,
  'publish-template': 6,
  'review-template': 1,
  'start-program': 6,
  'change-welcome-text': 3,
  'activate-module': 5,
  'set-current-module': 3,
  'complete-module': 5,
  'change-module-days': 3,
  'deactivate-module': 2,
  'open-program': 3,
  'open-section': 4,
  'complete-section': 4,
  'finish-module': 3,
  'start-conversation': 5,
  reply: 6,
  'read-conversation': 4,
  'change-clinician': 4,
  'end-program': 4,
  'close-maintenance': 4,
  'purge-program': 8,
  'initiate-handover': 5,
  'approve-handover': 8,
  'deny-handover': 6,
  'withdraw-handover': 4,
  'save-form': 3,
  'submit-form': 7,
  'open-form': 8,
  comment: 5,
  'read-comment': 6,
  'raise-flag': 3,
  'clear-flag': 5,
  'create-activity-plan': 6,
  'change-activity-plan': 4,
  'stop-activity-plan': 3,
  'register-activity': 11,
  'send-reminder': 5,
  'announce-absence': 3,
  'record-documentation': 4,
  'export-program': 3,
  'set-resident-notifications': 3,
  'record-log-check': 1,
  'dispose-log-year': 1,
};

const commandTypes = Object.keys(commandSchemas) as readonly CommandType[];

const whats: fc.Arbitrary<Step['what']> = fc.oneof(
  ...commandTypes.map((type) => ({ weight: weights[type], arbitrary: fc.constant(type) })),
  { weight: 5, arbitrary: fc.constant('ask' as const) },
  { weight: 1, arbitrary: fc.constant('look' as const) },
);

const twists: fc.Arbitrary<Twist> = fc.oneof(
  { weight: 30, arbitrary: fc.constant('none' as const) },
  {
    weight: 5,
    arbitrary: fc.constantFrom<Twist>(
      ...['other-actor', 'other-unit', 'weak', 'other-program', 'broken', 'again', 'same-id'].map(
        (twist) => twist as Twist,
      ),
    ),
  },
);

const day = 24 * 60;

const minutes: fc.Arbitrary<number> = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 0, max: 30 }) },
  { weight: 20, arbitrary: fc.integer({ min: 30, max: 3 * day }) },
  { weight: 5, arbitrary: fc.integer({ min: 3 * day, max: 100 * day }) },
  { weight: 1, arbitrary: fc.integer({ min: 100 * day, max: 400 * day }) },
  // A clock that is set back a little: it changes what day it is, never the order.
  { weight: 5, arbitrary: fc.integer({ min: -36 * 60, max: 0 }) },
);

const choice = fc.nat({ max: 9_999 });

const steps: fc.Arbitrary<Step> = fc.record({
  what: whats,
  a: choice,
  b: choice,
  c: choice,
  minutes,
  twist: twists,
  watched: fc.nat({ max: 19 }).map((number) => number === 19),
  hasId: fc.nat({ max: 9 }).map((number) => number > 2),
});

/** A step as a command; its text is all that it is made of. */
const commandOf = (step: Step): StepCommand => ({
  check: () => true,
  run: (_, living) => living.take(step),
  toString: () => JSON.stringify(step),
});

/** Some beginnings of runs under a host's policy and templates, each set up once and lived from many times. */
export const worldsOf = (
  count: number,
  seed: number,
  setting: Setting = standardSetting,
): readonly (readonly UnitPlan[])[] => fc.sample(fc.noBias(unitsOf(setting)), { numRuns: count, seed });

/** Minutes from the set-up to days shortly before the clocks change, in spring and in autumn, and to no such day. */
const beginnings = fc.constantFrom(0, 25 * day, 60 * day, 233 * day);

/** Runs of up to so many steps, each length as likely as another. */
export const lives = (mostSteps: number, worlds: readonly (readonly UnitPlan[])[]): fc.Arbitrary<Life> =>
  fc.record({
    units: fc.constantFrom(...worlds),
    after: beginnings,
    steps: fc.commands([steps.map(commandOf)], { maxCommands: mostSteps, size: 'max' }),
  });
