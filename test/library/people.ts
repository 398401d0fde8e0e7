import type { Actor, Role } from '../../src/index.ts';

type Authentication = { readonly method: 'siths' | 'bankid' | 'freja' | 'other'; readonly assurance: 2 | 3 | 4 };
type Office = Extract<Actor, { kind: 'platform' }>['office'];

export const siths: Authentication = { method: 'siths', assurance: 3 };
export const bankId: Authentication = { method: 'bankid', assurance: 3 };

const platform = (office: Office): Actor => ({
  kind: 'platform',
  hsaId: `SE2321000131-${office.replaceAll('-', '')}`,
  office,
  authentication: siths,
});
export const region = platform('regional-team');
export const office = platform('production-office');
export const expert = platform('expert');
export const auditor = platform('log-auditor');
export const system = (process: 'clock' | 'directory' | 'delivery'): Actor => ({ kind: 'system', process });

/** Test numbers of Skatteverket: no living person has one. */
export const tolvan = { personalNumber: '191212121212', name: 'Tolvan Tolvansson' };
export const disa = { personalNumber: '198112289874', name: 'Disa Ågren' };
export const majken = { personalNumber: '189001019802', name: 'Majken Öberg' };
export const resident = ({ personalNumber }: { readonly personalNumber: string }): Actor => ({
  kind: 'resident',
  personalNumber,
  authentication: bankId,
});

/** A unit of the tests. */
export type TestUnit = {
  readonly unitId: string;
  readonly name: string;
  readonly kind: string;
  readonly careProviderId: string;
  readonly county: string;
  readonly operator: 'public' | 'private';
  readonly environment: 'production' | 'training';
};

const public_ = { careProviderId: 'SE2321000131-0001', county: 'Skåne', operator: 'public' } as const;
const production = { environment: 'production' } as const;
export const maternity: TestUnit = {
  ...{ unitId: 'SE2321000131-BMM1', name: 'BMM Norr', kind: 'bmm' },
  ...public_,
  ...production,
};
export const childHealth: TestUnit = {
  ...{ unitId: 'SE2321000131-BVC1', name: 'BVC Söder', kind: 'bvc' },
  ...public_,
  ...production,
};
/** A child health center of another care provider. */
export const privateChildHealth: TestUnit = {
  ...{ unitId: 'SE5565594230-BVC9', name: 'Barnens BVC', kind: 'bvc', careProviderId: 'SE5565594230-1000' },
  ...{ county: 'Skåne', operator: 'private' },
  ...production,
};
export const school: TestUnit = {
  ...{ unitId: 'SE2321000131-UTB1', name: 'Utbildningsenheten', kind: 'bmm' },
  ...public_,
  environment: 'training',
};

/** Who works on every unit of the tests: one for each role, a second clinician, and one without a role. */
export const members = ['ba', 'b', 'b2', 'ia', 'da', 'plain'] as const;
export type Member = (typeof members)[number];
export const roleOf: Readonly<Partial<Record<Member, Role>>> = {
  ba: 'authorization-administrator',
  b: 'clinician',
  b2: 'clinician',
  ia: 'resident-administrator',
  da: 'data-administrator',
};

/** HSA-id of a member of a unit. */
export const idAt = ({ unitId }: TestUnit, member: string): string => `${unitId}${member}`;
export const nameAt = ({ name }: TestUnit, member: string): string => `${member} på ${name}`;

/** A member of a unit, signed in there. */
export const at = (unit: TestUnit, member: string): Actor => ({
  ...{ kind: 'staff', hsaId: idAt(unit, member), unitId: unit.unitId },
  authentication: siths,
});

/** What the directory says of a member, who may hold any role and start any of the bundled templates. */
export const factsAt = (unit: TestUnit, member: string) => ({
  hsaId: idAt(unit, member),
  name: nameAt(unit, member),
  profession: 'midwife',
  employment: 'maternal-health',
  assignments: ['VoB SJF'],
  trainings: ['platform', 'lar-dig-om-amning', 'tobakshjalpen'],
});
