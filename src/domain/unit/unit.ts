import * as E from 'fp-ts/lib/Either.js';
import type { Decider, Decision, RefusalCode } from '../decider.ts';
import { refused } from '../decider.ts';
import type { HsaId, Slug } from '../identifiers.ts';
import type { Policy } from '../policy.ts';
import type { StaffFacts, UnitCommand } from './commands.ts';
import type { UnitEvent } from './events.ts';
import { evolve, holders, type KnownUnit, type Staff, type Unit, unfitForRole } from './state.ts';

/** What a decision about a unit needs beside the unit's own history. */
export type UnitFacts = {
  /** A new key for the names of the staff; used by the first activation. */
  readonly keyId?: string;
  /** The unit kinds in which the named template may run; undefined when there is no such template; empty = any. */
  readonly templateUnitKinds?: readonly Slug[] | undefined;
  /** Whether the name in `register-staff` is the one that lies sealed. */
  readonly sameName?: boolean;
  /** Ongoing programs on the unit. */
  readonly ongoing?: number;
  /** Programs on the unit that are ended and not purged. */
  readonly unpurged?: number;
};

type DataOf<Type extends UnitCommand['type']> = Extract<UnitCommand, { type: Type }>['data'];
type Decided = Decision<UnitEvent>;

const nothing: Decided = E.right([]);
const happens = (...events: readonly UnitEvent[]): Decided => E.right(events);
const no = (code: RefusalCode): Decided => E.left(refused(code));
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const administratorRole = 'authorization-administrator';

const staffEvent = (known: Staff | undefined, { name, ...data }: StaffFacts): UnitEvent => ({
  type: known === undefined ? 'staff-registered' : 'staff-changed',
  data,
  sealed: { name },
});

/** A unit comes into use with its first administrator, whose role is the first on it (R012, R048, R049, I01). */
const activate = (data: DataOf<'activate-unit'>, state: Unit, policy: Policy, facts: UnitFacts): Decided => {
  if (state.status === 'active') return no('unit-already-active');
  // D26: what was for training never becomes real care, nor the other way round.
  if (state.status === 'inactive' && state.environment !== data.environment) return no('training-data-only');
  const { unitId: _, administrator, ...rest } = data;
  const unfit = unfitForRole(administratorRole, administrator, policy);
  if (unfit !== undefined) return no(unfit);
  const { hsaId } = administrator;
  const known = state.status === 'absent' ? undefined : state.staff.get(hsaId);
  const keyId = state.status === 'absent' ? (facts.keyId ?? '') : state.keyId;
  return happens(
    { type: 'unit-activated', data: { ...rest, keyId } },
    staffEvent(known, administrator),
    ...(known?.active === false ? [{ type: 'staff-reactivated' as const, data: { hsaId } }] : []),
    { type: 'role-granted', data: { hsaId, role: administratorRole } },
  );
};

const change = ({ unitId: _, ...data }: DataOf<'change-unit'>, unit: KnownUnit): Decided => {
  const { name, kind, validTo, answerWithinDays, welcomeText } = data;
  const news = {
    ...(name === undefined || name === unit.name ? {} : { name }),
    ...(kind === undefined || kind === unit.kind ? {} : { kind }),
    ...(validTo === undefined || (validTo ?? undefined) === unit.validTo ? {} : { validTo }),
    ...(answerWithinDays === undefined || answerWithinDays === unit.answerWithinDays ? {} : { answerWithinDays }),
    ...(welcomeText === undefined || unit.welcomeTexts.get(welcomeText.templateId) === welcomeText.text
      ? {}
      : { welcomeText }),
  };
  return Object.keys(news).length === 0 ? nothing : happens({ type: 'unit-changed', data: news });
};

/** Only what is enabled may be started; a template is for units of some kinds (R005, R051, R058). */
const enable = (templateId: Slug, unit: KnownUnit, { templateUnitKinds: kinds }: UnitFacts): Decided => {
  if (unit.templates.includes(templateId)) return nothing;
  if (kinds === undefined) return no('unknown-template');
  const allowed = kinds.length === 0 || kinds.includes(unit.kind);
  return allowed ? happens({ type: 'template-enabled', data: { templateId } }) : no('unit-kind-not-allowed');
};

const disable = (templateId: Slug, unit: KnownUnit): Decided =>
  unit.templates.includes(templateId) ? happens({ type: 'template-disabled', data: { templateId } }) : nothing;

const hasFacts = (known: Staff, { name: _, ...facts }: StaffFacts): boolean =>
  (Object.keys(facts) as (keyof typeof facts)[]).every((field) => same(known[field], facts[field]));

const register = (staff: StaffFacts, unit: KnownUnit, { sameName }: UnitFacts): Decided => {
  const known = unit.staff.get(staff.hsaId);
  return known !== undefined && hasFacts(known, staff) && sameName === true
    ? nothing
    : happens(staffEvent(known, staff));
};

const grant = ({ unitId: _, ...data }: DataOf<'grant-role'>, unit: KnownUnit, policy: Policy): Decided => {
  const staff = unit.staff.get(data.hsaId);
  if (staff === undefined) return no('unknown-staff');
  const sameLimit = data.role !== 'clinician' || same(staff.templateIds, data.templateIds);
  if (staff.roles.includes(data.role) && sameLimit) return nothing;
  if (!staff.active) return no('staff-not-active');
  const unfit = unfitForRole(data.role, staff, policy);
  return unfit === undefined ? happens({ type: 'role-granted', data }) : no(unfit);
};

/** Without another one, an administrator stays: an active unit always has one (R050, I01). */
const isLastAdministrator = (unit: KnownUnit, hsaId: HsaId): boolean =>
  holders(unit, administratorRole).every((staff) => staff.hsaId === hsaId);

const revoke = ({ hsaId, role }: DataOf<'revoke-role'>, unit: KnownUnit): Decided => {
  const staff = unit.staff.get(hsaId);
  if (staff === undefined) return no('unknown-staff');
  if (!staff.roles.includes(role)) return nothing;
  return role === administratorRole && isLastAdministrator(unit, hsaId)
    ? no('last-administrator')
    : happens({ type: 'role-revoked', data: { hsaId, role } });
};

const deactivateStaff = (hsaId: HsaId, unit: KnownUnit): Decided => {
  const staff = unit.staff.get(hsaId);
  if (staff === undefined) return no('unknown-staff');
  if (!staff.active) return nothing;
  return staff.roles.includes(administratorRole) && isLastAdministrator(unit, hsaId)
    ? no('last-administrator')
    : happens({ type: 'staff-deactivated', data: { hsaId } });
};

const reactivateStaff = (hsaId: HsaId, unit: KnownUnit): Decided => {
  const staff = unit.staff.get(hsaId);
  if (staff === undefined) return no('unknown-staff');
  return staff.active ? nothing : happens({ type: 'staff-reactivated', data: { hsaId } });
};

const setNotifications = (hsaId: HsaId, data: DataOf<'set-notifications'>, unit: KnownUnit): Decided => {
  const { unitId: _, ...settings } = data;
  const staff = unit.staff.get(hsaId);
  if (staff === undefined) return no('unknown-staff');
  return same(staff.notifications, settings)
    ? nothing
    : happens({ type: 'notifications-set', data: { hsaId, ...settings } });
};

type CommandOnKnown = Exclude<UnitCommand, { type: 'activate-unit' | 'deactivate-unit' }>;

const decideActive = (
  command: CommandOnKnown,
  unit: KnownUnit,
  actor: HsaId,
  policy: Policy,
  facts: UnitFacts,
): Decided => {
  switch (command.type) {
    case 'change-unit':
      return change(command.data, unit);
    case 'enable-template':
      return enable(command.data.templateId, unit, facts);
    case 'disable-template':
      return disable(command.data.templateId, unit);
    case 'register-staff':
      return register(command.data.staff, unit, facts);
    case 'grant-role':
      return grant(command.data, unit, policy);
    case 'revoke-role':
      return revoke(command.data, unit);
    case 'deactivate-staff':
      return deactivateStaff(command.data.hsaId, unit);
    case 'reactivate-staff':
      return reactivateStaff(command.data.hsaId, unit);
    case 'set-notifications':
      return setNotifications(actor, command.data, unit);
  }
};

/** D23: not while programs are ongoing; what is ended and not purged is warned of, for nobody on the unit can purge it then. */
const deactivate = (unit: KnownUnit, { ongoing = 0, unpurged = 0 }: UnitFacts): Decided => {
  if (unit.status === 'inactive') return nothing;
  if (ongoing > 0) return no('programs-ongoing');
  return happens({ type: 'unit-deactivated', data: unpurged > 0 ? { warnedOf: ['not-purged'] } : {} });
};

/**
 * A care unit (vårdenhet): its staff, their roles, and the templates it may start (R009–R066).
 *
 *     absent ──activate──▶ active ──deactivate──▶ inactive
 *                            ▲──────activate─────────┘
 */
export const unit: Decider<Unit, UnitCommand, UnitEvent, UnitFacts> = {
  initial: { status: 'absent' },
  evolve,
  decide: (command, state, { by, policy }, facts) => {
    if (command.type === 'activate-unit') return activate(command.data, state, policy, facts);
    if (state.status === 'absent') return no('unknown-unit');
    if (command.type === 'deactivate-unit') return deactivate(state, facts);
    if (state.status === 'inactive') return no('unit-not-active');
    return decideActive(command, state, by.hsaId ?? '', policy, facts);
  },
};
