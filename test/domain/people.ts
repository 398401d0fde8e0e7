import { derivedId } from '../../src/access/ids.ts';
import type { By, Role } from '../../src/domain/actors.ts';
import type { Circumstances } from '../../src/domain/decider.ts';
import type { HsaId, Uuid } from '../../src/domain/identifiers.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';

/** Units and care providers. */
export const region = 'SE162321000255-0001';
export const otherProvider = 'SE165565594230-1000';
export const maternityUnit = 'SE162321000255-BMM1';
export const childUnit = 'SE162321000255-BVC1';

/** Staff. */
export const midwife = 'SE162321000255-mia';
export const colleague = 'SE162321000255-eva';
export const nurse = 'SE162321000255-ida';
export const secretary = 'SE162321000255-ulf';

/** A test number of Skatteverket. */
export const personalNumber = '191212121212';

export const uuid = (number: number): Uuid => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

export const staff = (hsaId: HsaId, role: Role = 'clinician', unitId: HsaId = maternityUnit): By => ({
  kind: 'staff',
  hsaId,
  role,
  unitId,
});
export const resident: By = { kind: 'resident' };

/** The ids that a command makes when it names none. */
export const made = {
  conversation: uuid(101),
  message: uuid(102),
  handover: uuid(103),
  comment: uuid(104),
  flag: uuid(105),
  plan: uuid(106),
};

/** A Monday morning on the maternity unit, the midwife acts, and the policy is that of a host that says nothing. */
export const usual: Circumstances = {
  at: '2026-03-02T08:15:30.123Z',
  by: staff(midwife),
  policy: defaultPolicy,
  newId: (what) => (what in made ? made[what as keyof typeof made] : uuid(999)),
  derive: derivedId,
};
