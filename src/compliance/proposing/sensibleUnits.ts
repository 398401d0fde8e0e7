import type { Command, CommandType } from '../../commands/catalog.ts';
import { holdersOf, isKindAllowed, type ModelUnit, plusDays } from '../model/state.ts';
import { factsOf, fitFor, roles, type StaffPlan } from '../people.ts';
import { employmentsOf, kindsOf, professionsOf, type Setting, unnamedKind } from '../setting.ts';
import { directory, hsaIdOf, ownProvider, regionalTeam, spareUnit, staffActor } from '../world.ts';
import { able, type Proposer, pick, type Scene, templateFor, unitsOf } from './scene.ts';

type UnitType =
  | Extract<CommandType, `${string}-unit` | `${string}able-template` | `${string}-role` | `${string}-staff`>
  | 'sign-in'
  | 'set-notifications';

const everyFlag = ['message', 'comment', 'form', 'time-expired', 'activity-missed', 'handover'];

const isActive = ({ active }: ModelUnit): boolean => active;

const active = (scene: Scene): ModelUnit | undefined => pick(unitsOf(scene, isActive), scene.step.a);

/** An active unit with an administrator who can act. */
const administered = (scene: Scene, wanted?: ModelUnit) => {
  const unit = wanted ?? active(scene);
  const by = unit === undefined ? undefined : pick(able(scene, unit.id, 'authorization-administrator'), scene.step.c);
  return unit === undefined || by === undefined ? undefined : { unit, by };
};

/** A staff member of an administered unit, by a condition where somebody meets it. */
const member = (scene: Scene, holds: (hsaId: string, unit: ModelUnit) => boolean, wanted?: ModelUnit) => {
  const found = administered(scene, wanted);
  if (found === undefined) return undefined;
  const all = [...found.unit.staff.keys()];
  const hsaId =
    pick(
      all.filter((one) => holds(one, found.unit)),
      scene.step.b,
    ) ?? pick(all, scene.step.b);
  return hsaId === undefined ? undefined : { ...found, hsaId };
};

const changing = (scene: Scene): Extract<Command, { type: 'change-unit' }>['data'] | undefined => {
  const { step, today, number } = scene;
  const unit = active(scene);
  if (unit === undefined) return undefined;
  const unitId = unit.id;
  const options = [
    { unitId, name: `Mottagning ny ${number}` },
    { unitId, validTo: plusDays(today, (step.c % 60) + 1) },
    { unitId, validTo: null },
    { unitId, validTo: null, name: unit.name },
    { unitId, kind: unit.kind },
    // Rarely: it ceases, or becomes another kind of clinic.
    ...(step.c % 5 === 0
      ? [
          { unitId, validTo: plusDays(today, -1) },
          { unitId, kind: unnamedKind(scene.model.setting) },
        ]
      : []),
  ];
  return pick(options, step.b);
};

const settings = (scene: Scene) => {
  const found = administered(scene);
  if (found === undefined) return undefined;
  const { step, number } = scene;
  const unitId = found.unit.id;
  const templateId = templateFor(scene, step.c);
  const data =
    step.b % 2 === 0 || templateId === undefined
      ? { unitId, answerWithinDays: (step.b % 9) + 1 }
      : { unitId, welcomeText: { templateId, text: `Välkommen till oss ${number}` } };
  return { data, actor: found.by };
};

/** Somebody who may do everything, and others who each lack something. */
const variationsOf = (setting: Setting): readonly StaffPlan[] => {
  const fit = fitFor(setting);
  const other = professionsOf(setting).find((name) => name !== fit.profession) ?? fit.profession;
  return [
    fit,
    fit,
    { ...fit, profession: other, employment: employmentsOf(setting)[1] ?? fit.employment },
    { ...fit, profession: professionsOf(setting).at(-2) ?? fit.profession },
    { ...fit, employment: 'primary-care' },
    { ...fit, trainings: ['platform'] },
    { ...fit, trainings: [] },
    { ...fit, assigned: false },
  ];
};

const responsibleOn = ({ model }: Scene, unitId: string): readonly string[] =>
  [...model.programs.values()]
    .filter((program) => program.status === 'ongoing' && program.unitId === unitId)
    .map(({ clinician }) => clinician);

const registering: Proposer<'register-staff'> = (scene) => {
  const unit = active(scene);
  if (unit === undefined) return undefined;
  const { step } = scene;
  const place = step.b % 5;
  const { setting } = scene.model;
  // Now and then an id as test environments have them.
  const hsaId = step.a % 23 === 0 ? `TEST-${unit.id.slice(-1)}-${place}` : hsaIdOf(unit.id, place);
  const plan = pick(variationsOf(setting), step.c) ?? fitFor(setting);
  const clinician = pick(responsibleOn(scene, unit.id), step.b);
  // Now and then a responsible clinician loses the assignment, which all rights of theirs hang on.
  const staff =
    clinician !== undefined && step.c % 3 === 0
      ? factsOf(setting, clinician, 'Personal', { ...fitFor(setting), assigned: false })
      : factsOf(setting, hsaId, `Personal ${unit.id.slice(-1)}-${place}`, plan);
  const by = pick(able(scene, unit.id, 'authorization-administrator'), step.a);
  return { data: { unitId: unit.id, staff }, actor: step.b % 2 === 0 ? directory : (by ?? directory) };
};

/** What is sensible to send about units and templates. */
export const sensibleUnits: { readonly [Type in UnitType]: Proposer<Type> } = {
  'activate-unit': (scene) => {
    const inactive = unitsOf(scene, (unit) => !unit.active);
    const known = pick(inactive, scene.step.a);
    const unitId = scene.step.b % 2 === 0 ? (known?.id ?? spareUnit) : spareUnit;
    const { setting } = scene.model;
    const kind = pick([...kindsOf(setting), unnamedKind(setting)], scene.step.c) ?? unnamedKind(setting);
    const name = `Administratör ${unitId.slice(-1)}`;
    const administrator = factsOf(setting, hsaIdOf(unitId, 0), name, fitFor(setting));
    const place = { name: `Mottagning ${unitId.slice(-1)}`, kind, careProviderId: known?.provider ?? ownProvider };
    const rest = { county: 'Skåne', operator: 'public', environment: known?.environment ?? 'production' } as const;
    return { data: { unitId, ...place, ...rest, administrator }, actor: regionalTeam };
  },
  'change-unit': (scene) => {
    if (scene.step.c % 2 === 0) return settings(scene);
    const data = changing(scene);
    return data === undefined ? undefined : { data, actor: regionalTeam };
  },
  'deactivate-unit': (scene) => {
    const isBusy = ({ id }: ModelUnit) =>
      [...scene.model.programs.values()].some((one) => one.unitId === id && one.status === 'ongoing');
    const idle = pick(
      unitsOf(scene, (unit) => unit.active && !isBusy(unit)),
      scene.step.b,
    );
    // The clinics of a run are few: mostly the one that was activated later goes.
    const spare = scene.model.units.get(spareUnit);
    const unit = scene.step.c % 3 === 0 ? (idle ?? active(scene)) : spare;
    return unit === undefined ? undefined : { data: { unitId: unit.id }, actor: regionalTeam };
  },
  'enable-template': (scene) => {
    const templateId = templateFor(scene, scene.step.b);
    if (templateId === undefined) return undefined;
    const wanting = unitsOf(scene, (unit) => unit.active && !unit.templates.has(templateId));
    const allowed = wanting.filter((unit) => isKindAllowed(scene.model, templateId, unit.kind));
    const unit = pick(allowed, scene.step.a) ?? pick(wanting, scene.step.a) ?? active(scene);
    return unit === undefined ? undefined : { data: { unitId: unit.id, templateId }, actor: regionalTeam };
  },
  'disable-template': (scene) => {
    const unit = active(scene);
    const templateId = templateFor(scene, scene.step.b);
    return unit === undefined || templateId === undefined
      ? undefined
      : { data: { unitId: unit.id, templateId }, actor: regionalTeam };
  },
  'register-staff': registering,
  'grant-role': (scene) => {
    const found = member(scene, (hsaId, unit) => unit.staff.get(hsaId)?.facts.assignments.length === 1);
    const role = pick(roles, scene.step.c);
    if (found === undefined || role === undefined) return undefined;
    const only = role === 'clinician' && scene.step.a % 4 === 0 ? templateFor(scene, scene.step.b) : undefined;
    const limit = only === undefined ? {} : { templateIds: [only] };
    return { data: { unitId: found.unit.id, hsaId: found.hsaId, role, ...limit }, actor: found.by };
  },
  'revoke-role': (scene) => {
    const found = member(scene, (hsaId, unit) => (unit.staff.get(hsaId)?.roles.size ?? 0) > 0);
    if (found === undefined) return undefined;
    const held = [...(found.unit.staff.get(found.hsaId)?.roles ?? [])];
    // A role that somebody else holds too, so that the unit mostly stays usable.
    const spared = held.filter((role) => holdersOf(found.unit, role).length > 1);
    const role = pick(scene.step.c % 4 === 0 ? held : spared, scene.step.c) ?? 'clinician';
    return { data: { unitId: found.unit.id, hsaId: found.hsaId, role }, actor: found.by };
  },
  'deactivate-staff': (scene) => {
    const found = member(scene, (hsaId) => scene.step.c % 3 === 0 || !/S[01]$/.test(hsaId));
    return found === undefined ? undefined : { data: { unitId: found.unit.id, hsaId: found.hsaId }, actor: found.by };
  },
  'reactivate-staff': (scene) => {
    const isInactive = (hsaId: string, unit: ModelUnit) => unit.staff.get(hsaId)?.active === false;
    const unit = pick(
      unitsOf(scene, (one) => one.active && [...one.staff.keys()].some((hsaId) => isInactive(hsaId, one))),
      scene.step.a,
    );
    const found = unit === undefined && scene.step.c % 4 > 0 ? undefined : member(scene, isInactive, unit);
    return found === undefined ? undefined : { data: { unitId: found.unit.id, hsaId: found.hsaId }, actor: found.by };
  },
  'sign-in': (scene) => {
    const unit = active(scene);
    const actor = unit === undefined ? undefined : pick(able(scene, unit.id), scene.step.b);
    return unit === undefined || actor === undefined ? undefined : { data: { unitId: unit.id }, actor };
  },
  'set-notifications': (scene) => {
    const unit = active(scene);
    // Mostly somebody who is responsible for something.
    const clinicians = [...scene.model.programs.values()].filter(({ unitId }) => unitId === unit?.id);
    const responsible = pick(clinicians, scene.step.b)?.clinician;
    const all = unit === undefined ? [] : able(scene, unit.id);
    const own = all.filter((one) => one.kind === 'staff' && one.hsaId === responsible);
    const actor = (scene.step.a % 3 === 0 ? undefined : own[0]) ?? pick(all, scene.step.b);
    if (unit === undefined || actor === undefined) return undefined;
    const { a, c } = scene.step;
    const channels = pick([['email'], ['email', 'sms'], ['sms'], []] as const, a) ?? [];
    const flagTypes = pick([everyFlag, ['message'], ['form', 'comment', 'handover']], c) ?? [];
    const data = { unitId: unit.id, receive: c % 5 > 0, channels: [...channels], flagTypes: [...flagTypes] };
    return { data, actor };
  },
};

/** Somebody who exists on some unit. */
export const anybody = (scene: Scene) => {
  const unit = pick(unitsOf(scene), scene.step.b);
  const hsaId = pick([...(unit?.staff.keys() ?? [])], scene.step.c);
  return unit === undefined || hsaId === undefined ? undefined : staffActor(hsaId, unit.id);
};
