import type { Role } from '../../domain/actors.ts';
import type { TemplateContent } from '../../domain/template/content.ts';
import { numberOf } from '../world.ts';
import { contentOf, isResident, type Model, type ModelProgram, type Moment, mayAct } from './state.ts';

/** The program, when staff of the unit that owns it acts in a role; or when its own resident does. */
export const ofStaff = (model: Model, programId: string, moment: Moment, ...roles: readonly Role[]) => {
  const program = model.programs.get(programId);
  const { actor } = moment;
  const isOwn = actor.kind === 'staff' && actor.unitId === program?.unitId;
  return isOwn && mayAct(model, moment, roles) ? program : undefined;
};

export const ofResident = (model: Model, programId: string, moment: Moment) => {
  const program = model.programs.get(programId);
  const { actor } = moment;
  const isOwn = actor.kind === 'resident' && numberOf(actor.personalNumber) === program?.resident;
  return isOwn && isResident(model, moment) ? program : undefined;
};

/** What a program's own version says. */
export const ownContent = (model: Model, { templateId, major }: ModelProgram): TemplateContent | undefined =>
  contentOf(model, templateId, major);

/** A module of a program's content, as it may be steered and read. */
export const moduleOf = (model: Model, program: ModelProgram, moduleId: string) =>
  ownContent(model, program)?.modules.find(({ id }) => id === moduleId);

/** The modules of a program, by id. */
export const moduleIdsOf = (model: Model, program: ModelProgram): readonly string[] =>
  (ownContent(model, program)?.modules ?? []).map(({ id }) => id);

/** The program, when its responsible clinician acts (R018, R021). */
export const responsible = (model: Model, programId: string, moment: Moment): ModelProgram | undefined => {
  const program = ofStaff(model, programId, moment, 'clinician');
  return moment.actor.kind === 'staff' && moment.actor.hsaId === program?.clinician ? program : undefined;
};

export const living = (program: ModelProgram | undefined): ModelProgram | undefined =>
  program?.status === 'ongoing' ? program : undefined;

/** Whether a resident has a template ongoing on a unit (D27). */
export const hasOngoing = (model: Model, resident: string, templateId: string, unitId: string): boolean =>
  [...model.programs.values()].some(
    (one) =>
      one.resident === resident && one.templateId === templateId && one.unitId === unitId && one.status === 'ongoing',
  );
