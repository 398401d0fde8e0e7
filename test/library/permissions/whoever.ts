import type { Actor, Role } from '../../../src/index.ts';
import {
  at,
  auditor,
  bankId,
  childHealth,
  disa,
  expert,
  idAt,
  maternity,
  office,
  privateChildHealth,
  region,
  resident,
  siths,
  system,
  type TestUnit,
  tolvan,
} from '../people.ts';

/** A unit of the same provider as the owner's, which never has to do with the program. */
export const elsewhere: TestUnit = { ...maternity, unitId: 'SE2321000131-BMM2', name: 'BMM Väster' };
/** Units that take part in nothing any more: one was deactivated, of the other the last day has passed. */
export const closed: TestUnit = { ...maternity, unitId: 'SE2321000131-BMM3', name: 'BMM Öster' };
export const ceased: TestUnit = { ...maternity, unitId: 'SE2321000131-BMM4', name: 'BMM Mitt' };
const unheardOf: TestUnit = { ...maternity, unitId: 'SE2321000131-BMM5', name: 'BMM Ingenstans' };

/** The units whose staff ask: the owner, the one that it is offered to, and two strangers, one of them of another provider. */
export const units = [maternity, childHealth, elsewhere, privateChildHealth] as const;

export const allRoles = [
  'authorization-administrator',
  'clinician',
  'resident-administrator',
  'data-administrator',
] as const satisfies readonly Role[];

/** A resident who has no program anywhere. */
export const stranger = { personalNumber: '198503149802', name: 'Stina Främling' };

/** Why staff can do nothing at all, where something is so. */
type Barred = 'staff-not-active' | 'unknown-staff' | 'unknown-unit' | 'unit-not-active' | 'unit-ceased';

type Attested = {
  readonly name: string;
  readonly actor: Actor;
  /** Signed in too weakly, or by a method that is not for staff. */
  readonly weak?: true;
};
export type StaffMember = Attested & {
  readonly kind: 'staff';
  readonly hsaId: string;
  readonly unitId: string;
  readonly roles: readonly Role[];
  readonly assigned: boolean;
  readonly barred?: Barred;
};
export type Resident = Attested & { readonly kind: 'resident'; readonly is: 'own' | 'another' | 'unknown' };
export type Office = Attested & {
  readonly kind: 'platform';
  readonly office: 'regional-team' | 'production-office' | 'expert' | 'log-auditor';
};
export type Process = Attested & { readonly kind: 'system'; readonly process: 'clock' | 'directory' | 'delivery' };

/** Somebody who asks, with what the rules look at. */
export type Someone = StaffMember | Resident | Office | Process;

const signedIn = (unit: TestUnit, member: string, roles: readonly Role[], more: object = {}): StaffMember => ({
  kind: 'staff',
  name: `${member} on ${unit.unitId}`,
  actor: at(unit, member),
  hsaId: idAt(unit, member),
  unitId: unit.unitId,
  roles,
  assigned: true,
  ...more,
});

const weakly = (unit: TestUnit, member: string, authentication: object): StaffMember =>
  signedIn(unit, member, allRoles, {
    name: `${member} on ${unit.unitId}, weakly`,
    actor: { ...at(unit, member), authentication },
    weak: true,
  });

/** Who works on another unit, and is signed in at one where nobody knows the person. */
const guest = (unit: TestUnit): StaffMember => {
  const home = unit === maternity ? childHealth : privateChildHealth;
  const hsaId = idAt(home, 'boss');
  const actor: Actor = { kind: 'staff', hsaId, unitId: unit.unitId, authentication: siths };
  return signedIn(unit, 'guest', [], { actor, hsaId, barred: 'unknown-staff' });
};

/** Who holds every role on another unit, and is registered here with none (R040). */
const commuter = (unit: TestUnit): StaffMember => {
  const hsaId = commuterAt(unit);
  const actor: Actor = { kind: 'staff', hsaId, unitId: unit.unitId, authentication: siths };
  return signedIn(unit, 'commuter', [], { actor, hsaId });
};

/** The HSA-id of who commutes to a unit: the one with every role on the owner's, or on the next unit. */
export const commuterAt = (unit: TestUnit): string => idAt(unit === maternity ? elsewhere : maternity, 'boss');

const staffOf = (unit: TestUnit): readonly StaffMember[] => [
  signedIn(unit, 'ba', ['authorization-administrator']),
  signedIn(unit, 'b', ['clinician']),
  signedIn(unit, 'b2', ['clinician']),
  signedIn(unit, 'ia', ['resident-administrator']),
  signedIn(unit, 'da', ['data-administrator']),
  signedIn(unit, 'plain', []),
  signedIn(unit, 'boss', allRoles),
  signedIn(unit, 'left', allRoles, { barred: 'staff-not-active' }),
  signedIn(unit, 'unassigned', allRoles, { assigned: false }),
  weakly(unit, 'boss', { method: 'siths', assurance: 2 }),
  commuter(unit),
];

const barredStaff: readonly StaffMember[] = [
  guest(maternity),
  guest(childHealth),
  weakly(maternity, 'boss', { method: 'bankid', assurance: 4 }),
  signedIn(closed, 'ba', ['authorization-administrator'], { barred: 'unit-not-active' }),
  signedIn(ceased, 'ba', ['authorization-administrator'], { barred: 'unit-ceased' }),
  signedIn(unheardOf, 'ba', allRoles, { barred: 'unknown-unit' }),
];

const offices = (['regional-team', 'production-office', 'expert', 'log-auditor'] as const).map(
  (name, index): Office => ({
    kind: 'platform',
    name: `the ${name}`,
    office: name,
    actor: [region, office, expert, auditor][index] as Actor,
  }),
);
const weakOffices = offices.map(
  (one): Office => ({
    ...one,
    name: `${one.name}, weakly`,
    actor: { ...one.actor, authentication: { method: 'siths', assurance: 2 } } as Actor,
    weak: true,
  }),
);

const processes = (['clock', 'directory', 'delivery'] as const).map(
  (process): Process => ({ kind: 'system', name: `the process ${process}`, process, actor: system(process) }),
);

const residents: readonly Resident[] = [
  { kind: 'resident', name: 'the resident', is: 'own', actor: resident(tolvan) },
  {
    kind: 'resident',
    name: 'the resident, weakly',
    is: 'own',
    actor: { ...resident(tolvan), authentication: { ...bankId, assurance: 2 } } as Actor,
    weak: true,
  },
  { kind: 'resident', name: 'another resident of the unit', is: 'another', actor: resident(disa) },
  { kind: 'resident', name: 'a resident nobody knows', is: 'unknown', actor: resident(stranger) },
];

/** Everybody who may ask: each kind, role, standing and unit. */
export const whoever: readonly Someone[] = [
  ...units.flatMap(staffOf),
  ...residents,
  ...offices,
  ...processes,
  ...barredStaff,
  ...weakOffices,
];

export const someone = (name: string): Someone => {
  const found = whoever.find((one) => one.name === name);
  if (found === undefined) throw new Error(`nobody is called ${name}`);
  return found;
};
