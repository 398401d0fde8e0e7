import type { Actor } from '../../src/access/actor.ts';
import type { Command } from '../../src/commands/catalog.ts';
import type { Role } from '../../src/domain/actors.ts';
import type { StaffFacts } from '../../src/domain/unit/commands.ts';
import { bundledTemplates } from '../../src/templates/bundledTemplates.ts';

/** One call of the library: a command or a query, by somebody. */
export type Call =
  | { readonly kind: 'command'; readonly command: Command; readonly id?: string | undefined; readonly actor: Actor }
  | {
      readonly kind: 'view';
      readonly query: { readonly view: string; readonly [field: string]: unknown };
      readonly actor: Actor;
    };

/** A staff member as a run begins with it. */
export type StaffPlan = {
  readonly profession: string;
  readonly employment: string;
  readonly assigned: boolean;
  readonly trainings: readonly string[];
  readonly roles: readonly Role[];
  readonly limit?: string | undefined;
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
export const templateIds = [amning, tobak] as const;

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

/** The residents of a run, by their numbers: test numbers, which no living person has. */
export const residents = ['198503149802', '199107229818', '200101309821'] as const;
/** The only one whom a training unit may hold (D26). */
export const testResident = residents[2];

const siths = { method: 'siths', assurance: 3 } as const;
const bankId = { method: 'bankid', assurance: 3 } as const;

/** The library's policy in these runs: the standard one, with a test resident. */
export const policy = { id: 'properties-1', testResidents: [testResident] };

export const staffActor = (hsaId: string, unitId: string): Actor => ({
  kind: 'staff',
  hsaId,
  unitId,
  authentication: siths,
});

const forms = [
  (number: string) => number,
  (number: string) => `${number.slice(0, 8)}-${number.slice(8)}`,
  (number: string) => number.slice(2),
  (number: string) => `${number.slice(2, 8)}-${number.slice(8)}`,
];

/** A resident's number in one of the ways in which people write it. */
export const written = (number: string, form: number): string => (forms[form % forms.length] ?? String)(number);

export const residentActor = (number: string): Actor => ({
  kind: 'resident',
  personalNumber: number,
  authentication: bankId,
});

const office = (office: Extract<Actor, { kind: 'platform' }>['office']): Actor => ({
  kind: 'platform',
  hsaId: `SE2321000131-${office.replace('-', '').slice(0, 4).toUpperCase()}`,
  office,
  authentication: siths,
});

export const regionalTeam = office('regional-team');
export const productionOffice = office('production-office');
export const expert = office('expert');
export const auditor = office('log-auditor');
export const directory: Actor = { kind: 'system', process: 'directory' };
export const clock: Actor = { kind: 'system', process: 'clock' };

/** The same actor, weaker authenticated than the policy asks. */
export const weakened = (actor: Actor): Actor =>
  actor.kind === 'system' ? actor : { ...actor, authentication: { ...actor.authentication, assurance: 2 } };

export const attested = {
  informed: true,
  accepted: true,
  speaksSwedish: true,
  hasDevice: true,
  hasElectronicId: true,
};

/** What lies in the directory about a staff member. */
export const factsOf = (hsaId: string, name: string, plan: StaffPlan): StaffFacts => ({
  hsaId,
  name,
  profession: plan.profession,
  employment: plan.employment,
  assignments: plan.assigned ? ['VoB SJF'] : [],
  trainings: [...plan.trainings],
});

/** Somebody who may do everything. */
export const fit: StaffPlan = {
  profession: 'midwife',
  employment: 'maternal-health',
  assigned: true,
  trainings: [amning, tobak, 'platform'],
  roles: ['clinician', 'resident-administrator', 'data-administrator'],
};

const contentOf = (templateId: string) => {
  const found = bundledTemplates.find((template) => template.templateId === templateId);
  if (found === undefined) throw new Error(`no bundled template ${templateId}`);
  return found.content;
};

const questions = [{ id: 'fraga-1', text: 'Fråga' }];
const hidden = { id: 'dold', title: 'Dold', visible: false, purpose: 'care' as const, questions };

/** A bundled content, with a form that is hidden; another `text` changes its texts only, another `structure` its sections. */
export const contentFor = (templateId: string, text: number, structure: number) => {
  const content = contentOf(templateId);
  const extra = Array.from({ length: structure }, (_, index) => ({ id: `extra-${index}`, title: 'Extra' }));
  return {
    ...content,
    title: text === 0 ? content.title : `${content.title} (${text})`,
    modules: content.modules.map((module, index) => ({
      ...module,
      ...(text === 0 ? {} : { title: `${module.title} (${text})` }),
      ...(index === 0 ? { sections: [...module.sections, ...extra] } : {}),
      ...(module.id === 'steg-1' ? { forms: [...module.forms, hidden] } : {}),
    })),
  };
};

/** The modules of a bundled template, by id. */
export const moduleIdsOf = (templateId: string): readonly string[] => contentOf(templateId).modules.map(({ id }) => id);

/** The end reasons that both bundled templates know. */
export const endReasons = ['avslutad-enligt-plan', 'avslutad-i-fortid', 'felaktigt-startad', 'annan-orsak'] as const;

const call = (command: Command, actor: Actor): Call => ({ kind: 'command', command, actor });

const published = templateIds.map((templateId) =>
  call(
    { type: 'publish-template', data: { templateId, change: 'major', content: contentFor(templateId, 0, 0) } },
    productionOffice,
  ),
);

const allows = (templateId: string, kind: string): boolean => templateId === tobak || kind === 'bmm' || kind === 'bvc';

const settingUp = (unit: UnitPlan, index: number): readonly Call[] => {
  const unitId = unitIdOf(index);
  const [first = fit, ...others] = unit.staff;
  const administrator = hsaIdOf(unitId, 0);
  const by = staffActor(administrator, unitId);
  const grants = (hsaId: string, { roles, limit }: StaffPlan): readonly Call[] =>
    roles.map((role) => {
      const limits = role === 'clinician' && limit !== undefined ? { templateIds: [limit] } : {};
      return call({ type: 'grant-role', data: { unitId, hsaId, role, ...limits } }, by);
    });
  return [
    call(
      {
        type: 'activate-unit',
        data: {
          ...{ unitId, name: `Mottagning ${index}`, kind: unit.kind, careProviderId: unit.provider, county: 'Skåne' },
          ...{ operator: unit.provider === ownProvider ? 'public' : 'private', environment: unit.environment },
          administrator: factsOf(administrator, `Administratör ${index}`, first),
        },
      },
      regionalTeam,
    ),
    ...templateIds
      .filter((templateId) => allows(templateId, unit.kind))
      .map((templateId) => call({ type: 'enable-template', data: { unitId, templateId } }, regionalTeam)),
    ...others.map((plan, place) => {
      const hsaId = hsaIdOf(unitId, place + 1);
      const staff = factsOf(hsaId, `Personal ${index}-${place}`, plan);
      return call({ type: 'register-staff', data: { unitId, staff } }, by);
    }),
    ...grants(administrator, first),
    ...others.flatMap((plan, place) => grants(hsaIdOf(unitId, place + 1), plan)),
  ];
};

/** The calls with which a run begins: lists that can be sent beside each other, one after another within a list. */
export const setUp = (units: readonly UnitPlan[]): readonly (readonly (readonly Call[])[])[] => [
  published.map((one) => [one]),
  units.map(settingUp),
];
