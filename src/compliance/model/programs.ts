import type { Role } from '../../domain/actors.ts';
import { roles } from '../people.ts';
import { numberOf, testResidentsOf } from '../world.ts';
import { hasOngoing, living, ofStaff, responsible } from './relations.ts';
import type { Judge, Of } from './state.ts';
import {
  changed,
  contentOf,
  holdersOf,
  isEligible,
  isKindAllowed,
  type Model,
  type ModelProgram,
  type ModelUnit,
  type Moment,
  mayAct,
  no,
  nothing,
} from './state.ts';
import { openModule } from './steering.ts';

const allOff = { inbox: false, sms: false, email: false };

/** What a program has none of when it starts. */
const nothingYet = (startedOn: string, channels: ModelProgram['channels'] = allOff) => ({
  ...{ startedOn, channels, forms: new Map(), comments: new Map(), plans: new Map() },
  ...{
    raised: new Set<string>(),
    cleared: new Set<string>(),
    duties: new Set<string>(),
    documented: new Set<string>(),
  },
});

/** Who may start: a clinician, and where the region says so a resident administrator for another (D9). */
const starters = ({ setting }: Model): readonly Role[] =>
  setting.policy.starting.byResidentAdministrator ? ['clinician', 'resident-administrator'] : ['clinician'];

/** Whether everybody is fit who has to be: the clinician that is named, and who starts unless as an administrator. */
const areFit = (
  model: Model,
  unit: ModelUnit,
  by: string,
  { clinician = by, templateId }: Of<'start-program'>['data'],
) => {
  const isAdministrator =
    starters(model).includes('resident-administrator') &&
    unit.staff.get(by)?.roles.has('resident-administrator') === true;
  return (isAdministrator ? [clinician] : [by, clinician]).every((hsaId) =>
    isEligible(model, unit, hsaId, { templateId }),
  );
};

/** The unit on which somebody may start a template's programs now (R039, R051, D9). */
const startingUnit = (model: Model, templateId: string, moment: Moment): ModelUnit | undefined => {
  const { actor } = moment;
  if (!mayAct(model, moment, starters(model)) || actor.kind !== 'staff') return undefined;
  const unit = model.units.get(actor.unitId);
  if (unit === undefined || !unit.templates.has(templateId)) return undefined;
  const isReady = roles.every((role) => holdersOf(unit, role).length > 0);
  return isReady && isKindAllowed(model, templateId, unit.kind) ? unit : undefined;
};

const mayStart = (model: Model, { data }: Of<'start-program'>, resident: string, moment: Moment): boolean => {
  const { templateId } = data;
  const unit = startingUnit(model, templateId, moment);
  if (unit === undefined || moment.actor.kind !== 'staff') return false;
  const isAsked = Object.values(data.attested).every((fact) => fact); // R070
  const isAllowedHere = unit.environment === 'production' || testResidentsOf(model.setting).includes(resident); // D26
  const isNew = !hasOngoing(model, resident, templateId, unit.id);
  return areFit(model, unit, moment.actor.hsaId, data) && isAsked && isAllowedHere && isNew;
};

export const startProgram: Judge<'start-program'> = (model, command, moment) => {
  const { data } = command;
  const resident = numberOf(data.resident.personalNumber);
  const isTaken = data.programId !== undefined && model.programs.has(data.programId);
  if (isTaken || !mayStart(model, command, resident, moment)) return no;
  return changed(({ programId: id = '' }) => {
    const { templateId } = data;
    const { hsaId, unitId } = moment.actor as { hsaId: string; unitId: string };
    const opened = (contentOf(model, templateId)?.modules ?? []).filter((module) => module.opensAtStart);
    model.programs.set(id, {
      ...{ id, resident, templateId, unitId, clinician: data.clinician ?? hsaId, status: 'ongoing' },
      major: model.templates.get(templateId)?.versions.reduce((most, { major }) => Math.max(most, major), 0) ?? 0,
      ...{ readableUntil: undefined, current: undefined, welcome: undefined, pending: undefined },
      modules: new Map(opened.map((module) => [module.id, openModule(moment.today, module.days)])),
      conversations: new Map(),
      ...nothingYet(moment.today, data.notifications),
    });
  });
};

export const changeWelcomeText: Judge<'change-welcome-text'> = (model, { data }, moment) => {
  const program = living(responsible(model, data.programId, moment));
  if (program === undefined) return no;
  if (program.welcome === data.text) return nothing;
  return changed(() => {
    program.welcome = data.text;
  });
};

export const changeClinician: Judge<'change-clinician'> = (model, { data }, moment) => {
  const program = living(ofStaff(model, data.programId, moment, 'resident-administrator')); // R024
  if (program === undefined) return no;
  if (program.clinician === data.clinician) return nothing;
  if (!isEligible(model, model.units.get(program.unitId), data.clinician, program)) return no; // R210
  return changed(() => {
    program.clinician = data.clinician;
  });
};
