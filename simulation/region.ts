import { bundledTemplates } from '../src/templates/bundledTemplates.ts';
import type { Calling } from './calling.ts';
import { expert, hsaId, marker, production, region, type StaffActor, staffAt } from './people.ts';
import type { Random } from './random.ts';

export const amning = 'lar-dig-om-amning';
export const tobak = 'tobakshjalpen';

/** A unit with its people, as the simulation keeps them. */
export type Unit = {
  readonly unitId: string;
  readonly kind: 'bmm' | 'bvc' | 'vc';
  readonly careProviderId: string;
  readonly administrator: StaffActor;
  readonly coordinator: StaffActor;
  /** Those who are active now. */
  readonly clinicians: StaffActor[];
};

const kinds = ['bmm', 'bvc', 'vc'] as const;
const counties = ['Skåne', 'Gävleborg'] as const;
const professions = { bmm: 'midwife', bvc: 'specialist-nurse', vc: 'specialist-nurse' } as const;
const employments = { bmm: 'maternal-health', bvc: 'child-health', vc: 'primary-care' } as const;
const flagTypes = ['message', 'comment', 'form', 'activity-missed', 'time-expired', 'handover', 'new-version'];

const facts = (kind: Unit['kind'], member: string, profession: string = professions[kind]) => ({
  ...{ hsaId: member, name: `${marker} Personal ${member.slice(-6)}`, profession, employment: employments[kind] },
  ...{ assignments: ['VoB SJF'], trainings: ['platform', amning, tobak] },
});

/** Registers a new clinician, who sets her notifications at the first sign-in. */
export const employ = async ({ send }: Calling, { happens }: Random, unit: Unit, number: number): Promise<void> => {
  const { unitId, kind, administrator, clinicians } = unit;
  const member = `${unitId}B${number}`;
  await send('register-staff', { unitId, staff: facts(kind, member) }, administrator);
  await send('grant-role', { unitId, hsaId: member, role: 'clinician' }, administrator);
  const clinician = staffAt(unitId, member);
  await send('sign-in', { unitId }, clinician);
  if (happens(0.7)) {
    const channels = happens(0.5) ? ['email'] : ['email', 'sms'];
    await send('set-notifications', { unitId, receive: true, channels, flagTypes }, clinician);
  }
  clinicians.push(clinician);
};

const openUnit = async (calling: Calling, random: Random, number: number): Promise<Unit> => {
  const { send } = calling;
  const kind = kinds[number % kinds.length] as Unit['kind'];
  const unitId = hsaId(`U${number}`);
  const careProviderId = hsaId(`VG${number % 4}`);
  const unit: Unit = {
    ...{ unitId, kind, careProviderId, clinicians: [] },
    administrator: staffAt(unitId, `${unitId}A`),
    coordinator: staffAt(unitId, `${unitId}C`),
  };
  const place = {
    ...{ name: `Mottagning ${number}`, kind, careProviderId, county: counties[number % counties.length] },
    ...{ operator: number % 5 === 0 ? 'private' : 'public', environment: 'production' },
  };
  const administrator = facts(kind, unit.administrator.hsaId, 'head-of-unit');
  await send('activate-unit', { unitId, ...place, administrator }, region);
  const coordinator = facts(kind, unit.coordinator.hsaId, 'medical-secretary');
  await send('register-staff', { unitId, staff: coordinator }, unit.administrator);
  const grant = (member: StaffActor, role: string) =>
    send('grant-role', { unitId, hsaId: member.hsaId, role }, unit.administrator);
  await grant(unit.coordinator, 'resident-administrator');
  await grant(unit.administrator, 'data-administrator');
  for (const templateId of kind === 'vc' ? [tobak] : [amning, tobak])
    await send('enable-template', { unitId, templateId }, region);
  const staffed = random.between(2, 4);
  for (let member = 1; member <= staffed; member += 1) await employ(calling, random, unit, member);
  if (random.happens(0.3)) await send('change-unit', { unitId, answerWithinDays: 3 }, unit.administrator);
  return unit;
};

/** Publishes the two programs and opens the units. */
export const openRegion = async (calling: Calling, random: Random, number: number): Promise<readonly Unit[]> => {
  for (const { templateId, content } of bundledTemplates) {
    await calling.send('publish-template', { templateId, change: 'major', content }, production);
    const review = { templateId, version: '1.0', outcome: 'approved', nextReview: '2027-01-01' };
    await calling.send('review-template', review, expert);
  }
  const units: Unit[] = [];
  for (let index = 0; index < number; index += 1) units.push(await openUnit(calling, random, index));
  return units;
};
