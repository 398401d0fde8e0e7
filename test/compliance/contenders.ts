import type { Actor } from '../../src/access/actor.ts';
import type { Command } from '../../src/commands/catalog.ts';
import {
  attested,
  fit,
  hsaIdOf,
  ownProvider,
  residentActor,
  staffActor,
  tobak,
  type UnitPlan,
  unitIdOf,
} from '../../src/compliance/world.ts';
import { testNumber } from '../domain/personalNumbers.ts';

/** One of those who send at the same moment. */
export type Contender = { readonly command: Command; readonly actor: Actor; readonly id?: string | undefined };
/** Each of the two units of a race. */
export const unit: UnitPlan = { kind: 'bmm', provider: ownProvider, environment: 'production', staff: [fit, fit, fit] };
/** The unit that has the programs; they are offered to another. */
export const here = unitIdOf(0);
const there = unitIdOf(1);

/** Staff of that unit. */
export const one = staffActor(hsaIdOf(here, 1), here);
export const other = staffActor(hsaIdOf(here, 2), here);
const receiver = staffActor(hsaIdOf(there, 1), there);

/** An id of a run's own. */
export const idOf = (run: number, place: number): string =>
  `0195d3a0-${run.toString(16).padStart(4, '0')}-7a${place}0-8000-0000000000aa`;

/** Every run has a resident of its own. */
const numberOf = (run: number): string => {
  const day = new Date(Date.UTC(1950, 0, 1) + Math.floor(run / 20) * 86_400_000).toISOString().slice(0, 10);
  return testNumber(day, 980 + (run % 20));
};

/** A start of the run's program. */
export const starting = (run: number, actor: Actor = one): Contender => ({
  command: {
    type: 'start-program',
    data: { templateId: tobak, resident: { personalNumber: numberOf(run), name: 'Namn' }, attested },
  },
  actor,
});

/** What a run races about: a program, its handover where there is one, and the resident. */
export type Ground = { readonly run: number; readonly programId: string; readonly handoverId: string };

const reason = 'avslutad-enligt-plan';

/** Those who may meet in a race about a program. */
export const contenders: readonly ((ground: Ground) => Contender)[] = [
  ({ handoverId }) => ({
    command: { type: 'approve-handover', data: { handoverId, clinician: hsaIdOf(there, 1) } },
    actor: receiver,
  }),
  ({ handoverId }) => ({ command: { type: 'deny-handover', data: { handoverId } }, actor: receiver }),
  ({ handoverId }) => ({ command: { type: 'withdraw-handover', data: { handoverId } }, actor: other }),
  ({ programId }) => ({
    command: { type: 'initiate-handover', data: { programId, toUnit: there, residentInformed: true } },
    actor: other,
  }),
  ({ programId }) => ({
    command: { type: 'end-program', data: { programId, reason, residentAware: true } },
    actor: one,
  }),
  ({ programId }) => ({
    command: { type: 'purge-program', data: { programId, disposalDecision: 'RA-1' } },
    actor: other,
  }),
  ({ programId, run }) => ({
    command: { type: 'start-conversation', data: { programId, subject: 'Hej', body: 'Hej' } },
    actor: residentActor(numberOf(run)),
  }),
  ({ programId }) => ({
    command: { type: 'change-clinician', data: { programId, clinician: hsaIdOf(here, 2), reason: 'semester' } },
    actor: other,
  }),
  ({ programId }) => ({
    command: { type: 'set-current-module', data: { programId, moduleId: 'steg-2' } },
    actor: one,
  }),
  ({ run }) => starting(run, other),
];
