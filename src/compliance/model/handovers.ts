import type { Role } from '../../domain/actors.ts';
import { hasOngoing } from './relations.ts';
import type { Of } from './state.ts';
import {
  changed,
  holdersOf,
  isCeased,
  isEligible,
  type Model,
  type ModelHandover,
  type ModelProgram,
  type ModelUnit,
  type Moment,
  mayAct,
  no,
  nothing,
  type Verdict,
} from './state.ts';

/** Active, not ceased, has the template enabled and a resident administrator (R206). */
const canReceive = (unit: ModelUnit, templateId: string, today: string): boolean =>
  unit.active &&
  !isCeased(unit, today) &&
  unit.templates.has(templateId) &&
  holdersOf(unit, 'resident-administrator').length > 0;

const isDisclosed = (model: Model, program: ModelProgram, receiver: ModelUnit): boolean =>
  model.units.get(program.unitId)?.provider !== receiver.provider;

/** D1: who may offer is the region's choice. */
const initiators = ({ setting }: Model): readonly Role[] =>
  setting.policy.handover.initiator === 'clinician-or-resident-administrator'
    ? ['resident-administrator', 'clinician']
    : ['resident-administrator'];

const mayInitiate = (model: Model, { data }: Of<'initiate-handover'>, moment: Moment): ModelProgram | undefined => {
  const { actor } = moment;
  const program = model.programs.get(data.programId);
  const receiver = model.units.get(data.toUnit);
  const isOwner = actor.kind === 'staff' && actor.unitId === program?.unitId;
  if (!isOwner || !mayAct(model, moment, initiators(model))) return undefined;
  if (program?.status !== 'ongoing' || program.pending !== undefined) return undefined; // R205
  if (receiver === undefined || receiver.id === program.unitId || !data.residentInformed) return undefined; // R190, R206
  if (receiver.environment !== model.units.get(program.unitId)?.environment) return undefined; // D26
  if (isDisclosed(model, program, receiver) && data.disclosureBasis === undefined) return undefined; // D16
  return canReceive(receiver, program.templateId, moment.today) ? program : undefined;
};

export const initiateHandover = (model: Model, command: Of<'initiate-handover'>, moment: Moment): Verdict => {
  const program = mayInitiate(model, command, moment);
  const isTaken = command.data.handoverId !== undefined && model.handovers.has(command.data.handoverId);
  if (program === undefined || isTaken) return no;
  return changed(({ handoverId: id = '' }) => {
    const { unitId: from } = program;
    const { toUnit: to } = command.data;
    model.handovers.set(id, {
      ...{ id, programId: program.id, from, to },
      outcome: 'pending',
      clinician: undefined,
    });
    program.pending = id;
  });
};

type Answer = Of<'approve-handover' | 'deny-handover' | 'withdraw-handover'>;

const approve = (
  model: Model,
  handover: ModelHandover,
  program: ModelProgram,
  clinician: string,
  moment: Moment,
): Verdict => {
  const unit = model.units.get(handover.to);
  if (unit === undefined || !canReceive(unit, program.templateId, moment.today)) return no;
  const isFit = isEligible(model, unit, clinician, program); // R200
  if (!isFit || hasOngoing(model, program.resident, program.templateId, unit.id)) return no; // D27
  return changed(() => {
    handover.outcome = 'approved';
    handover.clinician = clinician;
    Object.assign(program, { unitId: unit.id, clinician, pending: undefined });
  });
};

const settle = (handover: ModelHandover, program: ModelProgram, outcome: 'denied' | 'withdrawn'): Verdict =>
  changed(() => {
    handover.outcome = outcome;
    program.pending = undefined;
  });

const outcomes = {
  'approve-handover': 'approved',
  'deny-handover': 'denied',
  'withdraw-handover': 'withdrawn',
} as const;

/** Once it is closed the same answer again changes nothing, another is refused. */
const again = (command: Answer, handover: ModelHandover): Verdict => {
  if (handover.outcome !== outcomes[command.type]) return no;
  return command.type === 'approve-handover' && command.data.clinician !== handover.clinician ? no : nothing;
};

/** The sender withdraws, the receiver approves or denies, each by a resident administrator (R027, R040, D2). */
export const answerHandover = (model: Model, command: Answer, moment: Moment): Verdict => {
  const { actor } = moment;
  const handover = model.handovers.get(command.data.handoverId);
  const program = handover === undefined ? undefined : model.programs.get(handover.programId);
  const { programId } = command.data;
  if (handover === undefined || program === undefined || actor.kind !== 'staff') return no;
  if (programId !== undefined && programId !== program.id) return no;
  const side = command.type === 'withdraw-handover' ? handover.from : handover.to;
  if (!mayAct(model, moment, ['resident-administrator']) || actor.unitId !== side) return no;
  // The manuals say nothing of a closed handover when the program has moved on since, or is erased.
  const isSender = command.type === 'withdraw-handover';
  const hasMovedOn = program.status === 'purged' || (isSender && program.unitId !== handover.from);
  if (handover.outcome !== 'pending') return hasMovedOn ? { kind: 'anything' } : again(command, handover);
  switch (command.type) {
    case 'approve-handover':
      return approve(model, handover, program, command.data.clinician, moment);
    case 'deny-handover':
      return settle(handover, program, 'denied');
    case 'withdraw-handover':
      return settle(handover, program, 'withdrawn');
  }
};
