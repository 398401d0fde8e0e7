import type { Either } from 'fp-ts/lib/Either.js';
import type { z } from 'zod';
import type { By } from './actors.ts';
import type { Uuid } from './identifiers.ts';
import type { Policy } from './policy.ts';
import type { Instant } from './time.ts';

/** What an event of one type looks like: `data` for the skeleton, `sealed` for the personal part (flesh). */
type EventShape = { readonly data: z.ZodType; readonly sealed?: z.ZodType };
type SealedOf<Shape> = Shape extends { readonly sealed: infer S extends z.ZodType }
  ? { readonly sealed: z.infer<S> }
  : unknown;

/** The union of the events that a record of shapes describes: `{ type, data, sealed? }`. */
export type EventOf<Shapes extends Readonly<Record<string, EventShape>>> = {
  [Type in keyof Shapes & string]: { readonly type: Type; readonly data: z.infer<Shapes[Type]['data']> } & SealedOf<
    Shapes[Type]
  >;
}[keyof Shapes & string];

/** The union of the commands that a record of schemas describes: `{ type, data }`. */
export type CommandOf<Schemas extends Readonly<Record<string, z.ZodType>>> = {
  [Type in keyof Schemas & string]: { readonly type: Type; readonly data: z.infer<Schemas[Type]> };
}[keyof Schemas & string];

/** An event as history gives it back to `evolve`: without its personal part, with when and by whom. */
export type Happened<Event extends { readonly type: string; readonly data: unknown }> = Event extends unknown
  ? { readonly type: Event['type']; readonly data: Event['data']; readonly at: Instant; readonly by: By }
  : never;

/** The circumstances of a decision. They arrive with the command: the domain reads no clock and no random source. */
export type Circumstances = {
  readonly at: Instant;
  readonly by: By;
  readonly policy: Policy;
  /** An id derived from the command's own, the same whenever the command is sent again. */
  readonly newId: (what: string) => Uuid;
  /** An id derived from another, for what is there without a command: the flag of a missed occasion. */
  readonly derive: (from: Uuid, what: string) => Uuid;
};

/** Why the rules say no: the state of the world that forbids, without personal data; or input that only the state shows to be wrong. */
export type Refusal =
  | {
      readonly kind: 'refused';
      readonly code: RefusalCode;
      readonly details?: Readonly<Record<string, string | number | boolean>>;
    }
  | { readonly kind: 'invalid'; readonly issues: readonly { readonly path: string; readonly code: string }[] };

export const refused = (code: RefusalCode, details?: Readonly<Record<string, string | number | boolean>>): Refusal => ({
  kind: 'refused',
  code,
  ...(details === undefined ? {} : { details }),
});

export type Decision<Event> = Either<Refusal, readonly Event[]>;

/** One aggregate: its first state, how an event changes it, and what a command leads to. */
export type Decider<State, Command, Event extends { readonly type: string; readonly data: unknown }, Facts> = {
  readonly initial: State;
  readonly evolve: (state: State, event: Happened<Event>) => State;
  readonly decide: (command: Command, state: State, circumstances: Circumstances, facts: Facts) => Decision<Event>;
};

/** An event about to be sealed and written. */
export type Proposed = {
  readonly type: string;
  readonly data: unknown;
  readonly sealed?: Readonly<Record<string, unknown>>;
};

/** Every code with which a command or a view may be refused; stable, documented in docs/refusals.md. */
export const refusalCodes = [
  'already-registered',
  'assignment-missing',
  'assurance-too-low',
  'clinician-not-eligible',
  'command-id-reused',
  'conversation-exists',
  'disclosure-basis-missing',
  'employment-not-eligible',
  'flag-closes-with-cause',
  'form-already-submitted',
  'form-not-submitted',
  'handover-closed',
  'handover-pending',
  'last-administrator',
  'maintenance-running',
  'maintenance-too-long',
  'module-always-open',
  'module-completed',
  'module-not-open',
  'module-time-expired',
  'not-attested',
  'not-permitted',
  'not-responsible',
  'not-your-program',
  'outside-occasion',
  'plan-exists',
  'plan-stopped',
  'profession-not-eligible',
  'program-already-ongoing',
  'program-exists',
  'program-has-ended',
  'program-not-ended',
  'program-purged',
  'programs-ongoing',
  'read-only',
  'receiver-not-ready',
  'replay-closed',
  'retention-running',
  'review-missing',
  'role-missing',
  'same-unit',
  'staff-not-active',
  'structure-changed',
  'template-not-enabled',
  'training-data-only',
  'training-missing',
  'unit-already-active',
  'unit-ceased',
  'unit-kind-not-allowed',
  'unit-not-active',
  'unit-not-ready',
  'unknown-comment',
  'unknown-conversation',
  'unknown-duty',
  'unknown-end-reason',
  'unknown-flag',
  'unknown-form',
  'unknown-handover',
  'unknown-module',
  'unknown-plan',
  'unknown-program',
  'unknown-section',
  'unknown-staff',
  'unknown-template',
  'unknown-unit',
  'wrong-unit',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];
