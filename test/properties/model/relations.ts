import type { Role } from '../../../src/domain/actors.ts';
import { isResident, type Model, type ModelProgram, type Moment, mayAct } from './state.ts';

/** The program, when staff of the unit that owns it acts in a role; or when its own resident does. */
export const ofStaff = (model: Model, programId: string, moment: Moment, role: Role) => {
  const program = model.programs.get(programId);
  const { actor } = moment;
  const isOwn = actor.kind === 'staff' && actor.unitId === program?.unitId;
  return isOwn && mayAct(model, moment, [role]) ? program : undefined;
};

export const ofResident = (numberOf: (written: string) => string, model: Model, programId: string, moment: Moment) => {
  const program = model.programs.get(programId);
  const { actor } = moment;
  const isOwn = actor.kind === 'resident' && numberOf(actor.personalNumber) === program?.resident;
  return isOwn && isResident(moment) ? program : undefined;
};

/** The program, when its responsible clinician acts (R018, R021). */
export const responsible = (model: Model, programId: string, moment: Moment): ModelProgram | undefined => {
  const program = ofStaff(model, programId, moment, 'clinician');
  return moment.actor.kind === 'staff' && moment.actor.hsaId === program?.clinician ? program : undefined;
};

export const living = (program: ModelProgram | undefined): ModelProgram | undefined =>
  program?.status === 'ongoing' ? program : undefined;
