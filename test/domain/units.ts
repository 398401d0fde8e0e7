import type { Role } from '../../src/domain/actors.ts';
import type { StaffFacts, UnitCommand } from '../../src/domain/unit/commands.ts';
import type { UnitEvent } from '../../src/domain/unit/events.ts';
import type { DirectoryFacts } from '../../src/domain/unit/state.ts';
import { type UnitFacts, unit } from '../../src/domain/unit/unit.ts';
import { decisionsOf, type Given } from './decision.ts';
import { colleague, maternityUnit, midwife, nurse, region, secretary, staff, usual } from './people.ts';

export const unitId = maternityUnit;
export const keyId = 'fedcba9876543210fedcba9876543210';
export const roles: readonly Role[] = [
  'authorization-administrator',
  'clinician',
  'resident-administrator',
  'data-administrator',
];

export type History = readonly Given<UnitEvent>[];
type DataOf<Type extends UnitEvent['type']> = Extract<UnitEvent, { type: Type }>['data'];

/** Decisions about a unit that the secretary administers. */
const facts: UnitFacts = { keyId, templateUnitKinds: [], sameName: true, ongoing: 0, unpurged: 0 };
export const { fold, given } = decisionsOf(
  unit,
  { ...usual, by: staff(secretary, 'authorization-administrator') },
  facts,
);

export const directoryFacts = (hsaId: string, differing: Partial<DirectoryFacts> = {}): DirectoryFacts => ({
  hsaId,
  profession: 'midwife',
  employment: 'maternal-health',
  assignments: ['VoB SJF'],
  trainings: ['lar-dig-om-amning'],
  ...differing,
});
export const administrator = (): DirectoryFacts =>
  directoryFacts(secretary, { profession: 'medical-secretary', trainings: ['platform'] });
const nameOf: Readonly<Record<string, string>> = {
  [secretary]: 'Ulf Ek',
  [midwife]: 'Mia Ask',
  [colleague]: 'Eva Alm',
  [nurse]: 'Ida Lind',
};
export const named = (data: DirectoryFacts): StaffFacts => ({ ...data, name: nameOf[data.hsaId] ?? 'Okänd' });

export const activation = {
  name: 'Barnmorskemottagningen Eken',
  kind: 'bmm',
  careProviderId: region,
  county: 'Skåne',
  operator: 'public' as const,
  environment: 'production' as const,
};

/** Events, with the name where one is sealed. */
export const activated = (differing: Partial<DataOf<'unit-activated'>> = {}) => ({
  type: 'unit-activated' as const,
  data: { ...activation, keyId, ...differing },
});
export const registered = (data: DirectoryFacts) => ({ type: 'staff-registered' as const, data });
export const changed = (data: DirectoryFacts) => ({ type: 'staff-changed' as const, data });
export const sealing = <Event extends { readonly data: DirectoryFacts }>(event: Event) => ({
  ...event,
  sealed: { name: named(event.data).name },
});
export const granted = (hsaId: string, role: Role, templateIds?: string[]) => ({
  type: 'role-granted' as const,
  data: { hsaId, role, ...(templateIds === undefined ? {} : { templateIds }) },
});
export const revoked = (hsaId: string, role: Role) => ({ type: 'role-revoked' as const, data: { hsaId, role } });
const onStaff =
  <Type extends 'staff-deactivated' | 'staff-reactivated'>(type: Type) =>
  (hsaId: string) => ({ type, data: { hsaId } });
export const staffDeactivated = onStaff('staff-deactivated');
export const staffReactivated = onStaff('staff-reactivated');
export const enabled = (templateId: string) => ({ type: 'template-enabled' as const, data: { templateId } });
export const disabled = (templateId: string) => ({ type: 'template-disabled' as const, data: { templateId } });
export const deactivated = () => ({ type: 'unit-deactivated' as const, data: {} });

/** A unit right after its activation: one administrator, no template. */
export const active = () => [
  activated(),
  registered(administrator()),
  granted(secretary, 'authorization-administrator'),
];

/** The same with a midwife in the directory. */
export const withMidwife = (differing: Partial<DirectoryFacts> = {}) => [
  ...active(),
  registered(directoryFacts(midwife, differing)),
];

/** One command of each type. */
export const commands: { readonly [Type in UnitCommand['type']]: Extract<UnitCommand, { type: Type }> } = {
  'activate-unit': { type: 'activate-unit', data: { unitId, ...activation, administrator: named(administrator()) } },
  'change-unit': { type: 'change-unit', data: { unitId, name: 'Barnmorskemottagningen Linden' } },
  'deactivate-unit': { type: 'deactivate-unit', data: { unitId } },
  'enable-template': { type: 'enable-template', data: { unitId, templateId: 'lar-dig-om-amning' } },
  'disable-template': { type: 'disable-template', data: { unitId, templateId: 'lar-dig-om-amning' } },
  'register-staff': { type: 'register-staff', data: { unitId, staff: named(directoryFacts(midwife)) } },
  'grant-role': { type: 'grant-role', data: { unitId, hsaId: midwife, role: 'clinician' } },
  'revoke-role': { type: 'revoke-role', data: { unitId, hsaId: midwife, role: 'clinician' } },
  'deactivate-staff': { type: 'deactivate-staff', data: { unitId, hsaId: midwife } },
  'reactivate-staff': { type: 'reactivate-staff', data: { unitId, hsaId: midwife } },
  'set-notifications': {
    type: 'set-notifications',
    data: { unitId, receive: true, channels: ['email'], flagTypes: ['message'] },
  },
};
