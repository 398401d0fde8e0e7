import type { Role } from '../actors.ts';
import type { Happened, RefusalCode } from '../decider.ts';
import { put, update } from '../entries.ts';
import type { HsaId, Slug } from '../identifiers.ts';
import type { Policy } from '../policy.ts';
import { type Day, dayOf, type Instant } from '../time.ts';
import type { UnitEvent } from './events.ts';

type DataOf<Type extends UnitEvent['type']> = Extract<UnitEvent, { type: Type }>['data'];

/** What the directory says of a staff member, but the name. */
export type DirectoryFacts = DataOf<'staff-registered'>;

/** One staff member on the unit, as the directory and the unit's administrators left it. */
export type Staff = DirectoryFacts & {
  readonly active: boolean;
  /** Any number of the four at a time (R035, R038). */
  readonly roles: readonly Role[];
  /** The templates to which the clinician role is limited; undefined = all. */
  readonly templateIds: readonly Slug[] | undefined;
  readonly notifications: Omit<DataOf<'notifications-set'>, 'hsaId'> | undefined;
};

/** A unit that has once been activated. */
export type KnownUnit = {
  readonly status: 'active' | 'inactive';
  readonly name: string;
  readonly kind: Slug;
  readonly careProviderId: HsaId;
  readonly county: string;
  readonly environment: 'production' | 'training';
  readonly validTo: Day | undefined;
  readonly answerWithinDays: number | undefined;
  readonly welcomeTexts: ReadonlyMap<Slug, string>;
  readonly keyId: string;
  readonly templates: readonly Slug[];
  readonly staff: ReadonlyMap<HsaId, Staff>;
};
export type Unit = { readonly status: 'absent' } | KnownUnit;

const changeStaff = (unit: KnownUnit, hsaId: HsaId, change: (staff: Staff) => Partial<Staff>): KnownUnit => ({
  ...unit,
  staff: update(unit.staff, hsaId, (staff) => ({ ...staff, ...change(staff) })),
});

const unknownStaff = { active: true, roles: [], templateIds: undefined, notifications: undefined };

const withFacts = (unit: KnownUnit, facts: DirectoryFacts): KnownUnit => ({
  ...unit,
  staff: put(unit.staff, facts.hsaId, { ...(unit.staff.get(facts.hsaId) ?? unknownStaff), ...facts }),
});

const without = (roles: readonly Role[], role: Role): readonly Role[] => roles.filter((held) => held !== role);

const granted = (unit: KnownUnit, { hsaId, role, templateIds }: DataOf<'role-granted'>): KnownUnit =>
  changeStaff(unit, hsaId, (staff) => ({
    roles: [...without(staff.roles, role), role],
    templateIds: role === 'clinician' ? templateIds : staff.templateIds,
  }));

const changed = (unit: KnownUnit, data: DataOf<'unit-changed'>): KnownUnit => ({
  ...unit,
  name: data.name ?? unit.name,
  kind: data.kind ?? unit.kind,
  validTo: data.validTo === undefined ? unit.validTo : (data.validTo ?? undefined),
  answerWithinDays: data.answerWithinDays ?? unit.answerWithinDays,
  welcomeTexts:
    data.welcomeText === undefined
      ? unit.welcomeTexts
      : put(unit.welcomeTexts, data.welcomeText.templateId, data.welcomeText.text),
});

const fresh = {
  answerWithinDays: undefined,
  welcomeTexts: new Map<Slug, string>(),
  templates: [],
  staff: new Map<HsaId, Staff>(),
};

const activated = (unit: Unit, data: DataOf<'unit-activated'>): KnownUnit => ({
  ...(unit.status === 'absent' ? fresh : unit),
  status: 'active',
  name: data.name,
  kind: data.kind,
  careProviderId: data.careProviderId,
  county: data.county,
  environment: data.environment,
  validTo: data.validTo,
  keyId: data.keyId,
});

const evolveKnown = (unit: KnownUnit, event: Happened<Exclude<UnitEvent, { type: 'unit-activated' }>>): KnownUnit => {
  switch (event.type) {
    case 'unit-changed':
      return changed(unit, event.data);
    case 'unit-deactivated':
      return { ...unit, status: 'inactive' };
    case 'template-enabled':
      return { ...unit, templates: [...unit.templates, event.data.templateId] };
    case 'template-disabled':
      return { ...unit, templates: unit.templates.filter((id) => id !== event.data.templateId) };
    case 'staff-registered':
    case 'staff-changed':
      return withFacts(unit, event.data);
    case 'role-granted':
      return granted(unit, event.data);
    case 'role-revoked':
      return changeStaff(unit, event.data.hsaId, (staff) => ({ roles: without(staff.roles, event.data.role) }));
    case 'staff-deactivated':
      return changeStaff(unit, event.data.hsaId, () => ({ active: false }));
    case 'staff-reactivated':
      return changeStaff(unit, event.data.hsaId, () => ({ active: true }));
    case 'notifications-set': {
      const { hsaId, ...notifications } = event.data;
      return changeStaff(unit, hsaId, () => ({ notifications }));
    }
  }
};

/** What an event makes of a unit; an event before the first activation changes nothing. */
export const evolve = (unit: Unit, event: Happened<UnitEvent>): Unit => {
  if (event.type === 'unit-activated') return activated(unit, event.data);
  return unit.status === 'absent' ? unit : evolveKnown(unit, event);
};

/** True when the unit's last day in the directory has passed (S05: staff can no longer sign in). */
export const hasCeased = (unit: KnownUnit, at: Instant): boolean =>
  unit.validTo !== undefined && unit.validTo < dayOf(at);

/** The active staff that hold a role. */
export const holders = (unit: KnownUnit, role: Role): readonly Staff[] =>
  [...unit.staff.values()].filter((staff) => staff.active && staff.roles.includes(role));

/** True when each of the four roles is held by somebody active: only then is the unit ready for use (R039). */
export const isReady = (unit: KnownUnit): boolean =>
  (['authorization-administrator', 'clinician', 'resident-administrator', 'data-administrator'] as const).every(
    (role) => holders(unit, role).length > 0,
  );

/** Why the directory's facts forbid a role; undefined when they do not (R032–R037, R044, R052). */
export const unfitForRole = (
  role: Role,
  facts: Omit<DirectoryFacts, 'hsaId'>,
  policy: Policy,
): RefusalCode | undefined => {
  if (!facts.assignments.includes(policy.requiredAssignment)) return 'assignment-missing';
  const professions = policy.professionsByRole[role];
  if (professions !== undefined && !professions.includes(facts.profession)) return 'profession-not-eligible';
  // R044: the administrator has completed the digital training, the platform's own or a program's.
  return role === 'authorization-administrator' && facts.trainings.length === 0 ? 'training-missing' : undefined;
};

/** Whom a template may be started by (R034, R042, R046, R047). Empty lists mean any. */
export type Eligibility = {
  readonly professions: readonly Slug[];
  readonly employments: readonly Slug[];
  readonly training?: Slug | undefined;
};

const admits = (list: readonly Slug[], value: Slug): boolean => list.length === 0 || list.includes(value);

/** Why somebody cannot be the responsible clinician of a template's program on a unit; undefined when nothing forbids it. */
export const unfitClinician = (
  unit: KnownUnit,
  hsaId: HsaId,
  template: { readonly templateId: Slug; readonly eligibility: Eligibility },
  policy: Policy,
): RefusalCode | undefined => {
  const staff = unit.staff.get(hsaId);
  if (staff === undefined) return 'unknown-staff';
  if (!staff.active) return 'staff-not-active';
  const granted = staff.templateIds === undefined || staff.templateIds.includes(template.templateId);
  if (!staff.roles.includes('clinician') || !granted) return 'role-missing';
  const unfit = unfitForRole('clinician', staff, policy);
  if (unfit !== undefined) return unfit;
  const { professions, employments, training } = template.eligibility;
  if (!admits(professions, staff.profession)) return 'profession-not-eligible';
  if (!admits(employments, staff.employment)) return 'employment-not-eligible';
  return training === undefined || staff.trainings.includes(training) ? undefined : 'training-missing';
};
