import type { Actor } from '../access/actor.ts';
import type { Command } from '../commands/catalog.ts';
import { Authentication } from '../domain/actors.ts';
import { readPersonalNumber } from '../domain/identifiers.ts';
import { defaultPolicy, type Policy } from '../domain/policy.ts';
import { contentFor } from './contents.ts';
import { factsOf, fitFor, type StaffPlan } from './people.ts';
import { admits, type Setting, standardSetting, templateIdsOf, unique } from './setting.ts';

/** One call of the library: a command or a query, by somebody. */
export type Call =
  | { readonly kind: 'command'; readonly command: Command; readonly id?: string | undefined; readonly actor: Actor }
  | {
      readonly kind: 'view';
      readonly query: { readonly view: string; readonly [field: string]: unknown };
      readonly actor: Actor;
    };

/** A unit as a run begins with it: its administrator comes first. */
export type UnitPlan = {
  readonly kind: string;
  readonly provider: string;
  readonly environment: 'production' | 'training';
  readonly staff: readonly StaffPlan[];
};

export const amning = 'lar-dig-om-amning';
export const tobak = 'tobakshjalpen';

/** The HSA-id of a unit, by its place in the plan. */
export const unitIdOf = (index: number): string => `SE2321000131-U${index}`;

/** The HSA-id of a staff member, by its place on the unit. */
export const hsaIdOf = (unitId: string, index: number): string => `${unitId}S${index}`;

export const ownProvider = 'SE2321000131-P1';
export const otherProvider = 'SE2321000131-P2';

/** A unit that nobody has activated when a run begins. */
export const spareUnit = 'SE2321000131-U8';
/** A unit that never is. */
export const noUnit = 'SE2321000131-U9';
/** Nobody. */
export const nobody = 'SE2321000131-NOBODY';

/** Test numbers, which no living person has. */
export const residents = ['198503149802', '199107229818', '200101309821'] as const;
/** The one whom a training unit may hold where tests say so (D26). */
export const testResident = residents[2];

/** When runs begin. */
const firstDay = '2026-03-02';

/** The test residents of a policy, in twelve digits. */
export const testResidentsOf = ({ policy }: Setting): readonly string[] =>
  unique(policy.testResidents.map((written) => readPersonalNumber(written, firstDay) ?? '')).filter(
    (number) => number !== '',
  );

/** The residents of a run: one of them is a test resident of the policy's, where it has any. */
export const residentsOf = (setting: Setting): readonly string[] => {
  const [test] = testResidentsOf(setting);
  if (test === undefined || (residents as readonly string[]).includes(test)) return residents;
  return [residents[0], residents[1], test];
};

const forms = [
  (number: string) => number,
  (number: string) => `${number.slice(0, 8)}-${number.slice(8)}`,
  (number: string) => number.slice(2),
  (number: string) => `${number.slice(2, 8)}-${number.slice(8)}`,
];

/** Whether two figures of the year tell the century through any run. */
const isShortClear = (number: string): boolean => number >= '1945' && number < '2020';

/** A resident's number in one of the ways in which people write it. */
export const written = (number: string, form: number): string => {
  const known = isShortClear(number) ? forms : forms.slice(0, 2);
  return (known[form % known.length] ?? String)(number);
};

/** The twelve digits of a number, however it is written: the century of a short form is the latest, or the one before with a plus. */
export const numberOf = (number: string): string => {
  const digits = number.replace(/\D/g, '');
  if (digits.length !== 10) return digits;
  const century = Number(digits.slice(0, 2)) <= Number(firstDay.slice(2, 4)) ? 20 : 19;
  return `${number.includes('+') ? century - 1 : century}${digits}`;
};

type Staff = Extract<Actor, { kind: 'staff' }>;

/** The same actor, authenticated as a policy asks and no better. */
export const signedIn = (actor: Actor, policy: Policy): Actor => {
  const assurance = policy.minimumAssurance;
  switch (actor.kind) {
    case 'system':
      return actor;
    case 'staff':
      return { ...actor, authentication: { method: policy.staffMethods[0] ?? 'siths', assurance } };
    case 'resident':
      return { ...actor, authentication: { method: 'bankid', assurance } };
    case 'platform':
      return { ...actor, authentication: { method: 'siths', assurance } };
  }
};

const standard = { method: 'siths', assurance: 3 } as const;

/** A staff member, signed in on a unit as a policy asks. */
export const staffActor = (hsaId: string, unitId: string, policy: Policy = defaultPolicy): Actor =>
  signedIn({ kind: 'staff', hsaId, unitId, authentication: standard }, policy);

/** A resident, signed in as a policy asks. */
export const residentActor = (number: string, policy: Policy = defaultPolicy): Actor =>
  signedIn({ kind: 'resident', personalNumber: number, authentication: standard }, policy);

const office = (office: Extract<Actor, { kind: 'platform' }>['office']): Actor => ({
  kind: 'platform',
  hsaId: `SE2321000131-${office.replace('-', '').slice(0, 4).toUpperCase()}`,
  office,
  authentication: standard,
});

export const regionalTeam = office('regional-team');
export const productionOffice = office('production-office');
export const expert = office('expert');
export const auditor = office('log-auditor');
export const directory: Actor = { kind: 'system', process: 'directory' };
export const clock: Actor = { kind: 'system', process: 'clock' };

const otherMethod = ({ staffMethods }: Policy): Staff['authentication']['method'] | undefined =>
  Authentication.shape.method.options.find((method) => !staffMethods.includes(method));

/** The same actor, less surely authenticated than a policy asks: by a lower level, or else staff by another method; as before where neither is. */
export const weakened = (actor: Actor, policy: Policy): Actor => {
  if (actor.kind === 'system') return actor;
  if (policy.minimumAssurance > 2) return { ...actor, authentication: { ...actor.authentication, assurance: 2 } };
  const method = actor.kind === 'staff' ? otherMethod(policy) : undefined;
  return method === undefined ? actor : { ...actor, authentication: { ...actor.authentication, method } };
};

/** What a clinician attests before a start: all of it. */
export const attested = {
  informed: true,
  accepted: true,
  speaksSwedish: true,
  hasDevice: true,
  hasElectronicId: true,
};

/** Somebody who may do everything, as the standard has it. */
export const fit: StaffPlan = fitFor(standardSetting);

const call = (command: Command, actor: Actor): Call => ({ kind: 'command', command, actor });

const published = (setting: Setting): readonly Call[] => {
  const { policy } = setting;
  const reviewed = policy.reviewBeforeMajor ? { reviewedBy: (expert as { hsaId: string }).hsaId } : {};
  return templateIdsOf(setting).map((templateId) => {
    const content = contentFor(setting, templateId, 0, 0);
    const data = { templateId, change: 'major' as const, content, ...reviewed };
    return call({ type: 'publish-template', data }, signedIn(productionOffice, policy));
  });
};

const enabled = ({ templates, policy }: Setting, unitId: string, kind: string): readonly Call[] =>
  templates
    .filter(({ content }) => admits(content.unitKinds, kind))
    .map(({ templateId }) =>
      call({ type: 'enable-template', data: { unitId, templateId } }, signedIn(regionalTeam, policy)),
    );

const settingUp =
  (setting: Setting) =>
  (unit: UnitPlan, index: number): readonly Call[] => {
    const { policy } = setting;
    const unitId = unitIdOf(index);
    const [first = fitFor(setting), ...others] = unit.staff;
    const administrator = hsaIdOf(unitId, 0);
    const by = staffActor(administrator, unitId, policy);
    const grants = (hsaId: string, { roles, limit }: StaffPlan): readonly Call[] =>
      roles.map((role) => {
        const limits = role === 'clinician' && limit !== undefined ? { templateIds: [limit] } : {};
        return call({ type: 'grant-role', data: { unitId, hsaId, role, ...limits } }, by);
      });
    const data = {
      ...{ unitId, name: `Mottagning ${index}`, kind: unit.kind, careProviderId: unit.provider, county: 'Skåne' },
      operator: unit.provider === ownProvider ? ('public' as const) : ('private' as const),
      environment: unit.environment,
      administrator: factsOf(setting, administrator, `Administratör ${index}`, first),
    };
    return [
      call({ type: 'activate-unit', data }, signedIn(regionalTeam, policy)),
      ...enabled(setting, unitId, unit.kind),
      ...others.map((plan, place) => {
        const hsaId = hsaIdOf(unitId, place + 1);
        const staff = factsOf(setting, hsaId, `Personal ${index}-${place}`, plan);
        return call({ type: 'register-staff', data: { unitId, staff } }, by);
      }),
      ...grants(administrator, first),
      ...others.flatMap((plan, place) => grants(hsaIdOf(unitId, place + 1), plan)),
    ];
  };

/** The calls with which a run begins: lists that can be sent beside each other, one after another within a list. */
export const setUp = (setting: Setting, units: readonly UnitPlan[]): readonly (readonly (readonly Call[])[])[] => [
  published(setting).map((one) => [one]),
  units.map(settingUp(setting)),
];
