import * as E from 'fp-ts/lib/Either.js';
import type { Decider, Decision, Happened, RefusalCode } from '../decider.ts';
import { refused } from '../decider.ts';
import { put, update } from '../entries.ts';
import type { HsaId, Uuid } from '../identifiers.ts';
import { permissionTo } from '../permissions.ts';
import type { ProgramEvent } from '../program/events.ts';
import type { HandoverCommand } from './commands.ts';
import type { HandoverEvent } from './events.ts';

/** One handover: where it goes, and how it was decided. */
type Handover = {
  readonly fromUnit: HsaId;
  readonly toUnit: HsaId;
  readonly outcome: 'pending' | 'approved' | 'denied' | 'withdrawn';
  readonly clinician: HsaId | undefined;
};

/** The handovers of one program, with what the rules ask of the program itself. */
export type Handovers = {
  readonly program: 'absent' | 'ongoing' | 'ended' | 'purged';
  readonly unitId: HsaId;
  readonly careProviderId: HsaId;
  readonly environment: 'production' | 'training';
  readonly handovers: ReadonlyMap<Uuid, Handover>;
};

/** The receiving unit, as far as the decision asks. */
export type Receiver = {
  readonly unitId: HsaId;
  readonly careProviderId: HsaId;
  readonly county: string;
  readonly environment: 'production' | 'training';
  /** Active, not ceased, has the template enabled and a resident administrator (R206). */
  readonly ready: boolean;
  /** Whether the clinician named in the command may be responsible there (R200). */
  readonly clinicianEligible: boolean;
  /** Whether the resident has the same program ongoing there already (D27). */
  readonly alreadyOngoing: boolean;
};
export type HandoverFacts = { readonly receiver: Receiver | undefined };

type StreamEvent = HandoverEvent | ProgramEvent;
type DataOf<Type extends HandoverCommand['type']> = Extract<HandoverCommand, { type: Type }>['data'];
type Decided = Decision<HandoverEvent>;

const close = (state: Handovers, id: Uuid, change: Partial<Handover>): Handovers => ({
  ...state,
  handovers: update(state.handovers, id, (handover) => ({ ...handover, ...change })),
});

const evolveHandover = (state: Handovers, { type, data }: Happened<HandoverEvent>): Handovers => {
  switch (type) {
    case 'handover-initiated': {
      const { fromUnit, toUnit } = data;
      const pending: Handover = { fromUnit, toUnit, outcome: 'pending', clinician: undefined };
      return { ...state, handovers: put(state.handovers, data.handoverId, pending) };
    }
    case 'handover-approved':
      return close(state, data.handoverId, { outcome: 'approved', clinician: data.clinician });
    case 'handed-over':
      return { ...state, unitId: data.toUnit, careProviderId: data.careProviderId };
    case 'handover-denied':
      return close(state, data.handoverId, { outcome: 'denied' });
    case 'handover-withdrawn':
      return close(state, data.handoverId, { outcome: 'withdrawn' });
  }
};

/** The program's own events that a handover's rules look at; the others change nothing here. */
const evolve = (state: Handovers, event: Happened<StreamEvent>): Handovers => {
  switch (event.type) {
    case 'started': {
      const { unitId, careProviderId, environment } = event.data;
      return { ...state, program: 'ongoing', unitId, careProviderId, environment };
    }
    case 'ended':
      return { ...state, program: 'ended' };
    case 'purged':
      return { ...state, program: 'purged' };
    case 'handover-initiated':
    case 'handover-approved':
    case 'handed-over':
    case 'handover-denied':
    case 'handover-withdrawn':
      return evolveHandover(state, event);
    default:
      return state;
  }
};

const happens = (...events: readonly HandoverEvent[]): Decided => E.right(events);
const no = (code: RefusalCode): Decided => E.left(refused(code));

const requireOngoing = (state: Handovers): E.Either<ReturnType<typeof refused>, Handovers> => {
  if (state.program === 'ongoing') return E.right(state);
  if (state.program === 'absent') return E.left(refused('unknown-program'));
  return E.left(refused(state.program === 'purged' ? 'program-purged' : 'program-has-ended'));
};

const forbidsInitiation = (
  data: DataOf<'initiate-handover'>,
  state: Handovers,
  receiver: Receiver | undefined,
): RefusalCode | undefined => {
  if (data.toUnit === state.unitId) return 'same-unit'; // R206
  if (receiver === undefined) return 'unknown-unit';
  if ([...state.handovers.values()].some(({ outcome }) => outcome === 'pending')) return 'handover-pending'; // R205, I15
  if (!data.residentInformed) return 'not-attested'; // R190, D16
  if (receiver.environment !== state.environment) return 'training-data-only'; // D26
  if (!receiver.ready) return 'receiver-not-ready';
  const disclosed = receiver.careProviderId !== state.careProviderId; // L09: another provider is a disclosure
  return disclosed && data.disclosureBasis === undefined ? 'disclosure-basis-missing' : undefined;
};

/** Offers the program to another unit, on whatever occasion (R185, R189); until the answer nothing changes (R188, R192–R194, I14). */
const initiate = (
  data: DataOf<'initiate-handover'>,
  state: Handovers,
  facts: HandoverFacts,
  newId: (what: string) => Uuid,
): Decided => {
  const forbidden = forbidsInitiation(data, state, facts.receiver);
  if (forbidden !== undefined) return no(forbidden);
  const { handoverId = newId('handover'), programId: _, ...rest } = data;
  if (state.handovers.has(handoverId)) return no('handover-closed');
  return happens({ type: 'handover-initiated', data: { handoverId, fromUnit: state.unitId, ...rest } });
};

/** The approval names the new clinician, and with it the program has moved (R198, R201, R207, I15). */
const approve = (data: DataOf<'approve-handover'>, state: Handovers, { receiver }: HandoverFacts): Decided => {
  if (receiver === undefined || !receiver.ready) return no('receiver-not-ready');
  if (!receiver.clinicianEligible) return no('clinician-not-eligible');
  if (receiver.alreadyOngoing) return no('program-already-ongoing');
  const { handoverId, clinician } = data;
  const { unitId: toUnit, careProviderId, county } = receiver;
  return happens(
    { type: 'handover-approved', data: { handoverId, clinician } },
    {
      type: 'handed-over',
      data: { handoverId, fromUnit: state.unitId, toUnit, careProviderId, county, clinician },
    },
  );
};

/** The program stays as it is (R204, I16). */
const deny = ({ handoverId, reason }: DataOf<'deny-handover'>): Decided =>
  happens({ type: 'handover-denied', data: { handoverId, ...(reason === undefined ? {} : { reason }) } });

const withdraw = ({ handoverId }: DataOf<'withdraw-handover'>): Decided =>
  happens({ type: 'handover-withdrawn', data: { handoverId } });

const outcomeOf = {
  'approve-handover': 'approved',
  'deny-handover': 'denied',
  'withdraw-handover': 'withdrawn',
} as const;

type Answer = Exclude<HandoverCommand, { type: 'initiate-handover' }>;

const isSameAnswer = (command: Answer, handover: Handover): boolean =>
  handover.outcome === outcomeOf[command.type] &&
  (command.type !== 'approve-handover' || handover.clinician === command.data.clinician);

/** The sender withdraws, the receiver approves or denies (R040): nobody does it for the other. */
const mayAnswer = ({ type }: Answer, { fromUnit, toUnit }: Handover, unitId: HsaId | undefined): boolean =>
  unitId === (permissionTo(type).relation === 'receiving-unit' ? toUnit : fromUnit);

const answer = (command: Answer, state: Handovers, unitId: HsaId | undefined, facts: HandoverFacts): Decided => {
  const handover = state.handovers.get(command.data.handoverId);
  if (handover === undefined) return no('unknown-handover');
  if (!mayAnswer(command, handover, unitId)) return no('wrong-unit');
  if (isSameAnswer(command, handover)) return E.right([]);
  if (handover.outcome !== 'pending') return no('handover-closed');
  switch (command.type) {
    case 'approve-handover':
      return approve(command.data, state, facts);
    case 'deny-handover':
      return deny(command.data);
    case 'withdraw-handover':
      return withdraw(command.data);
  }
};

/**
 * A handover (överlämning) of a program to another unit (R185–R208).
 *
 *     initiated ──approve + assign──▶ approved, handed over
 *         ├──────deny─────▶ denied
 *         └────withdraw───▶ withdrawn
 */
export const handover: Decider<Handovers, HandoverCommand, StreamEvent, HandoverFacts> = {
  initial: { program: 'absent', unitId: '', careProviderId: '', environment: 'production', handovers: new Map() },
  evolve,
  decide: (command, state, { by, newId }, facts) => {
    if (command.type !== 'initiate-handover') return answer(command, state, by.unitId, facts);
    return E.flatMap(() => initiate(command.data, state, facts, newId))(requireOngoing(state));
  },
};
