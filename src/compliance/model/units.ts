import type { Role } from '../../domain/actors.ts';
import type { StaffFacts } from '../../domain/unit/commands.ts';
import type { Judge, Of } from './state.ts';
import {
  changed,
  holdersOf,
  isAssigned,
  isKindAllowed,
  isOffice,
  isProfessionFor,
  type Model,
  type ModelStaff,
  type ModelUnit,
  type Moment,
  mayAct,
  no,
  nothing,
  type Verdict,
} from './state.ts';

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const administrator: Role = 'authorization-administrator';

const newStaff = (facts: StaffFacts): ModelStaff => ({
  facts,
  active: true,
  roles: new Set(),
  limit: undefined,
  notifications: undefined,
});

const put = (unit: ModelUnit, facts: StaffFacts): ModelStaff => {
  const staff = unit.staff.get(facts.hsaId) ?? newStaff(facts);
  staff.facts = facts;
  unit.staff.set(facts.hsaId, staff);
  return staff;
};

/** R032, R044, R052. */
const fits = (model: Model, role: Role, facts: StaffFacts): boolean =>
  isAssigned(model, facts) &&
  isProfessionFor(model, role, facts.profession) &&
  (role !== administrator || facts.trainings.length > 0);

export const activateUnit: Judge<'activate-unit'> = (model, { data }, moment) => {
  const known = model.units.get(data.unitId);
  if (!isOffice(model, moment, 'regional-team') || known?.active === true) return no;
  if (!fits(model, administrator, data.administrator)) return no;
  return changed(() => {
    const { unitId: id, name, kind, careProviderId: provider, environment, validTo } = data;
    const unit: ModelUnit = known ?? {
      ...{ id, name, kind, provider, environment, validTo },
      ...{ active: true, answerWithinDays: undefined, welcome: new Map(), templates: new Set(), staff: new Map() },
    };
    Object.assign(unit, { name, kind, provider, environment, validTo, active: true });
    const staff = put(unit, data.administrator);
    staff.active = true;
    staff.roles.add(administrator);
    model.units.set(id, unit);
  });
};

/** A unit that the regional team may still change. */
const ofRegion = (model: Model, unitId: string, moment: Moment): ModelUnit | undefined => {
  const unit = model.units.get(unitId);
  return isOffice(model, moment, 'regional-team') && unit?.active === true ? unit : undefined;
};

/** The unit, when its own administrator acts. */
const administered = (model: Model, unitId: string, moment: Moment): ModelUnit | undefined =>
  mayAct(model, moment, [administrator]) && moment.actor.kind === 'staff' && moment.actor.unitId === unitId
    ? model.units.get(unitId)
    : undefined;

export const changeUnit: Judge<'change-unit'> = (model, { data }, moment) => {
  const { unitId, name, kind, validTo, answerWithinDays, welcomeText } = data;
  const isRegional = moment.actor.kind === 'platform';
  const unit = isRegional ? ofRegion(model, unitId, moment) : administered(model, unitId, moment);
  const place = [name, kind, validTo];
  const settings = [answerWithinDays, welcomeText];
  const foreign = (isRegional ? settings : place).some((field) => field !== undefined);
  if (unit === undefined || foreign) return no;
  const news = {
    ...(name === undefined ? {} : { name }),
    ...(kind === undefined ? {} : { kind }),
    ...(validTo === undefined ? {} : { validTo: validTo ?? undefined }),
    ...(answerWithinDays === undefined ? {} : { answerWithinDays }),
  };
  const isOld = Object.entries(news).every(([field, value]) => unit[field as keyof ModelUnit] === value);
  const isOldText = welcomeText === undefined || unit.welcome.get(welcomeText.templateId) === welcomeText.text;
  if (isOld && isOldText) return nothing;
  return changed(() => {
    Object.assign(unit, news);
    if (welcomeText !== undefined) unit.welcome.set(welcomeText.templateId, welcomeText.text);
  });
};

export const deactivateUnit: Judge<'deactivate-unit'> = (model, { data }, moment) => {
  const unit = model.units.get(data.unitId);
  if (unit === undefined || !isOffice(model, moment, 'regional-team')) return no;
  if (!unit.active) return nothing;
  const isBusy = [...model.programs.values()].some((one) => one.unitId === unit.id && one.status === 'ongoing');
  return isBusy // D23
    ? no
    : changed(() => {
        unit.active = false;
      });
};

export const enableTemplate: Judge<'enable-template'> = (model, { data: { unitId, templateId } }, moment) => {
  const unit = ofRegion(model, unitId, moment);
  if (unit === undefined) return no;
  if (unit.templates.has(templateId)) return nothing;
  if (!model.templates.has(templateId) || !isKindAllowed(model, templateId, unit.kind)) return no;
  return changed(() => unit.templates.add(templateId));
};

export const disableTemplate: Judge<'disable-template'> = (model, { data: { unitId, templateId } }, moment) => {
  const unit = ofRegion(model, unitId, moment);
  if (unit === undefined) return no;
  return unit.templates.has(templateId) ? changed(() => unit.templates.delete(templateId)) : nothing;
};

export const registerStaff: Judge<'register-staff'> = (model, { data: { unitId, staff } }, moment) => {
  const unit = model.units.get(unitId);
  const isDirectory = moment.actor.kind === 'system' && moment.actor.process === 'directory';
  const allowed = isDirectory ? unit?.active === true : administered(model, unitId, moment) !== undefined;
  if (!allowed || unit === undefined) return no;
  return same(unit.staff.get(staff.hsaId)?.facts, staff) ? nothing : changed(() => put(unit, staff));
};

export const grantRole: Judge<'grant-role'> = (model, { data }, moment) => {
  const { unitId, hsaId, role, templateIds } = data;
  const staff = administered(model, unitId, moment)?.staff.get(hsaId); // R013
  if (staff === undefined) return no;
  if (staff.roles.has(role) && (role !== 'clinician' || same(staff.limit, templateIds))) return nothing;
  if (!staff.active || !fits(model, role, staff.facts)) return no;
  return changed(() => {
    staff.roles.add(role);
    if (role === 'clinician') staff.limit = templateIds;
  });
};

const isLastAdministrator = (unit: ModelUnit, staff: ModelStaff): boolean =>
  staff.roles.has(administrator) && holdersOf(unit, administrator).every((other) => other === staff); // R050

export const revokeRole: Judge<'revoke-role'> = (model, { data: { unitId, hsaId, role } }, moment) => {
  const unit = administered(model, unitId, moment);
  const staff = unit?.staff.get(hsaId);
  if (unit === undefined || staff === undefined) return no;
  if (!staff.roles.has(role)) return nothing;
  return role === administrator && isLastAdministrator(unit, staff) ? no : changed(() => staff.roles.delete(role));
};

const setActive =
  (active: boolean) =>
  (model: Model, { data: { unitId, hsaId } }: Of<'deactivate-staff' | 'reactivate-staff'>, moment: Moment): Verdict => {
    const unit = administered(model, unitId, moment);
    const staff = unit?.staff.get(hsaId);
    if (unit === undefined || staff === undefined) return no;
    if (staff.active === active) return nothing;
    return !active && isLastAdministrator(unit, staff)
      ? no
      : changed(() => {
          staff.active = active;
        });
  };

export const deactivateStaff = setActive(false);
export const reactivateStaff = setActive(true);

/** The one who acts, on the unit that is named. */
const self = (model: Model, unitId: string, moment: Moment): ModelStaff | undefined => {
  const { actor } = moment;
  const isHere = mayAct(model, moment, []) && actor.kind === 'staff' && actor.unitId === unitId;
  return isHere ? model.units.get(unitId)?.staff.get(actor.hsaId) : undefined;
};

export const signIn: Judge<'sign-in'> = (model, { data }, moment) =>
  self(model, data.unitId, moment) === undefined ? no : changed(() => undefined);

export const setNotifications: Judge<'set-notifications'> = (model, { data: { unitId, ...settings } }, moment) => {
  const staff = self(model, unitId, moment);
  if (staff === undefined) return no;
  const { receive, channels, flagTypes } = settings;
  const wanted = JSON.stringify([receive, channels, flagTypes]);
  return staff.notifications === wanted
    ? nothing
    : changed(() => {
        staff.notifications = wanted;
      });
};

/** What people read, and no more: a minor version may change it (D22). */
const texts = ['title', 'text', 'label', 'welcomeText', 'resident'];

const partsOf = ({ content }: Of<'publish-template'>['data']) => ({
  content,
  text: JSON.stringify(content),
  shape: JSON.stringify(content, (name, value: unknown) => (texts.includes(name) ? undefined : value)),
});

export const publishTemplate: Judge<'publish-template'> = (model, { data }, moment) => {
  if (!isOffice(model, moment, 'production-office')) return no;
  const known = model.templates.get(data.templateId) ?? { versions: [], review: undefined };
  const newest = Math.max(0, ...known.versions.map(({ major }) => major));
  const line = data.change === 'major' ? newest : (data.major ?? newest);
  const latest = known.versions.findLast(({ major }) => major === line);
  const parts = partsOf(data);
  if (data.change === 'minor' && latest === undefined) return no;
  if (latest?.text === parts.text) return nothing;
  const isUnreviewed = model.setting.policy.reviewBeforeMajor && data.reviewedBy === undefined;
  if (data.change === 'major' && isUnreviewed) return no; // R266
  if (data.change === 'minor' && latest?.shape !== parts.shape) return no; // D22
  const version =
    data.change === 'major' ? { major: newest + 1, minor: 0 } : { major: line, minor: (latest?.minor ?? 0) + 1 };
  return changed(() => {
    known.versions.push({ ...version, ...parts });
    model.templates.set(data.templateId, known);
  });
};

export const reviewTemplate: Judge<'review-template'> = (model, { data }, moment) => {
  const template = model.templates.get(data.templateId);
  const isKnown = template?.versions.some(({ major, minor }) => `${major}.${minor}` === data.version) ?? false;
  if (!isOffice(model, moment, 'expert') || template === undefined || !isKnown) return no;
  const wanted = JSON.stringify([data.version, data.outcome, data.nextReview]);
  return template.review === wanted
    ? nothing
    : changed(() => {
        template.review = wanted;
      });
};
