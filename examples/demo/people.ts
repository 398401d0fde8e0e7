import type { Actor } from 'folja';

/** Somebody in the demo: how the output names them, and what a host would attest. */
export type Person = { readonly label: string; readonly actor: Actor };

/** A care unit of the demo. */
export type Unit = { readonly unitId: string; readonly short: string; readonly name: string; readonly kind: string };

/** A staff member: what the directory says, and where. */
export type Staff = Person & { readonly hsaId: string; readonly unit: Unit; readonly facts: Facts };
type Facts = {
  readonly hsaId: string;
  readonly name: string;
  readonly profession: string;
  readonly employment: string;
  readonly assignments: readonly string[];
  readonly trainings: readonly string[];
};

/** A resident, with the number as a person would write it. */
export type Resident = Person & { readonly name: string; readonly personalNumber: string };

const siths = { method: 'siths', assurance: 3 } as const;
const bankId = { method: 'bankid', assurance: 3 } as const;

const hsaId = (suffix: string): string => `SE2321000131-${suffix}`;

export const careProviderId = hsaId('VG01');
export const county = 'Västra Götaland';

export const bmm: Unit = { unitId: hsaId('BMM1'), short: 'BMM', name: 'Barnmorskemottagningen Norr', kind: 'bmm' };
export const bvc: Unit = { unitId: hsaId('BVC1'), short: 'BVC', name: 'Barnavårdscentralen Söder', kind: 'bvc' };
export const clinic: Unit = { unitId: hsaId('TOB1'), short: 'TOB', name: 'Tobaksmottagningen Väst', kind: 'tobacco' };

type Work = Pick<Facts, 'profession' | 'employment' | 'trainings'>;

const staff = (unit: Unit, roles: string, name: string, suffix: string, work: Work): Staff => ({
  label: `${roles} ${name}, ${unit.short}`,
  hsaId: hsaId(suffix),
  unit,
  facts: { hsaId: hsaId(suffix), name, ...work, assignments: ['VoB SJF'] },
  actor: { kind: 'staff', hsaId: hsaId(suffix), unitId: unit.unitId, authentication: siths },
});

const amning = 'lar-dig-om-amning';
const midwife: Work = { profession: 'midwife', employment: 'maternal-health', trainings: [amning] };
const childNurse: Work = { profession: 'specialist-nurse', employment: 'child-health', trainings: [amning] };
const tobaccoNurse: Work = { profession: 'specialist-nurse', employment: 'primary-care', trainings: ['tobakshjalpen'] };
const head = (employment: string): Work => ({ profession: 'head-of-unit', employment, trainings: ['platform'] });
const secretary: Work = { profession: 'medical-secretary', employment: 'child-health', trainings: [] };

export const vera = staff(bmm, 'BA+DA', 'Vera Verner', 'P101', head('maternal-health'));
export const maja = staff(bmm, 'B+IA', 'Maja Moberg', 'P102', midwife);
export const malin = staff(bmm, 'B', 'Malin Markman', 'P103', midwife);

export const bodil = staff(bvc, 'BA+DA', 'Bodil Bergdahl', 'P201', head('child-health'));
export const britt = staff(bvc, 'B', 'Britt Brunberg', 'P202', childNurse);
export const isa = staff(bvc, 'IA', 'Isa Isaksdotter', 'P203', secretary);

export const tova = staff(clinic, 'BA+DA', 'Tova Tallmark', 'P301', head('primary-care'));
export const tore = staff(clinic, 'B+IA', 'Tore Torkelson', 'P302', tobaccoNurse);

type Office = Extract<Actor, { kind: 'platform' }>['office'];
const platform = (label: string, office: Office, suffix: string): Person => ({
  label,
  actor: { kind: 'platform', hsaId: hsaId(suffix), office, authentication: siths },
});

export const region = platform('region Rune Rask', 'regional-team', 'P901');
export const production = platform('production Petra Palm', 'production-office', 'P902');
export const auditor = platform('log auditor Lova Lind', 'log-auditor', 'P903');

const resident = (word: string, name: string, personalNumber: string): Resident => ({
  label: `${word} ${name}`,
  name,
  personalNumber,
  actor: { kind: 'resident', personalNumber, authentication: bankId },
});

// Published by the Swedish Tax Agency (Skatteverket) as test numbers and examples: they belong to nobody.
export const tolvan = resident('parent', 'Tolvan Tolvansson', '19121212-1212');
export const sam = resident('parent', 'Sam Ordning', '19701063-2391');
export const ture = resident('patient', 'Ture Testman', '19640823-3234');

/** All to whom a notification can go. */
export const everyone: readonly Person[] = [vera, maja, malin, bodil, britt, isa, tova, tore, tolvan, sam, ture];
