import { hsaId, production, type Resident, region, residentActor, staffAt } from '../simulation/people.ts';
import { bundledTemplates, type CommandInput, type Folja } from '../src/index.ts';

const unitId = hsaId('BMM1');
const tobak = 'tobakshjalpen';
const [administrator, dataAdministrator] = ['BA1', 'DA1'].map((name) => staffAt(unitId, hsaId(name)));

/** Who has all programs of the bench. */
export const clinician = staffAt(unitId, hsaId('B1'));

type Who = Parameters<Folja['execute']>[1];

/** A command, and who sends it. */
export type Call = readonly [type: string, data: object, actor: Who | undefined];

/** A program that is lived, and whose it is. */
export type Lived = { readonly programId: string; readonly conversationId: string; readonly person: Resident };

const facts = (member: string) => ({
  ...{
    hsaId: hsaId(member),
    name: `Påhittad Personal ${member}`,
    profession: 'midwife',
    employment: 'maternal-health',
  },
  ...{ assignments: ['VoB SJF'], trainings: ['platform', tobak] },
});

const activation = {
  ...{ unitId, name: 'BMM Norr', kind: 'bmm', careProviderId: 'SE2321000131-0001', county: 'Skåne' },
  ...{ operator: 'public', environment: 'production', administrator: facts('BA1') },
};

const grant = (member: string, role: string): Call => [
  'grant-role',
  { unitId, hsaId: hsaId(member), role },
  administrator,
];

/** What a unit needs before a program can start there. */
export const callsOfUnit: readonly Call[] = [
  ...bundledTemplates.map(
    ({ templateId, content }): Call => ['publish-template', { templateId, change: 'major', content }, production],
  ),
  ['activate-unit', activation, region],
  ['enable-template', { unitId, templateId: tobak }, region],
  ...['B1', 'IA1', 'DA1'].map((member): Call => ['register-staff', { unitId, staff: facts(member) }, administrator]),
  grant('B1', 'clinician'),
  grant('IA1', 'resident-administrator'),
  grant('DA1', 'data-administrator'),
];

export const modelProgram = '0195d3a0-0000-7000-8000-000000000001';
export const conversationId = '0195d3a0-0000-7000-8000-000000000002';
const tolvan = { personalNumber: '191212121212', name: 'Tolvan Tolvansson' };
const attested = { informed: true, accepted: true, speaksSwedish: true, hasDevice: true, hasElectronicId: true };
const text = 'Jag har tänkt på det vi talade om i går, och vill gärna berätta hur det har gått sedan dess. '.repeat(4);
const steps = ['steg-1', 'steg-2', 'steg-3'];

const form = (programId: string, moduleId: string, resident: Who): readonly Call[] => {
  const place = { programId, moduleId, formId: 'fragor' };
  return [
    ['save-form', { ...place, answers: { 'fraga-1': text.slice(0, 90) } }, resident],
    ['submit-form', { ...place, answers: { 'fraga-1': text.slice(0, 180) } }, resident],
  ];
};

/** What is done in a program from its start to its end. */
export const callsOfLife = ({ programId, conversationId, person }: Lived): readonly Call[] => {
  const resident = residentActor(person);
  const section = (moduleId: string) => ({ programId, moduleId, sectionId: 'avsnitt-1' });
  return [
    ['start-program', { programId, templateId: tobak, resident: person, attested }, clinician],
    ['change-welcome-text', { programId, text }, clinician],
    ['open-program', { programId }, resident],
    ...steps.slice(1).map((moduleId): Call => ['activate-module', { programId, moduleId, days: 14 }, clinician]),
    ...steps.slice(1).map((moduleId): Call => ['open-section', section(moduleId), resident]),
    ...steps.map((moduleId): Call => ['complete-section', section(moduleId), resident]),
    ...steps.flatMap((moduleId) => form(programId, moduleId, resident)),
    ['start-conversation', { programId, conversationId, subject: 'En fråga', body: text }, resident],
    ['read-conversation', { programId, conversationId }, clinician],
    ...[clinician, resident, clinician, resident].map(
      (who): Call => ['reply', { programId, conversationId, body: text }, who],
    ),
    ['comment', { ...section('steg-1'), text: text.slice(0, 90) }, resident],
    ['raise-flag', { programId, severity: 'info', text: text.slice(0, 60) }, clinician],
    ['complete-module', { programId, moduleId: 'steg-1' }, clinician],
    ['end-program', { programId, reason: 'avslutad-enligt-plan', residentAware: true }, clinician],
  ];
};

/** What is looked at in a program, as often as anything is done in it. */
export const looksAtLife = ({ programId, conversationId, person }: Lived): readonly Call[] => [
  ['overview', { tab: 'mine' }, clinician],
  ['program', { programId }, clinician],
  ['conversation', { programId, conversationId }, clinician],
  ['my-programs', {}, residentActor(person)],
];

/** Sends one; a problem is a mistake here. */
export const sendOne = async (folja: Folja, [type, data, actor]: Call): Promise<string> => {
  const result = await folja.execute({ type, data } as CommandInput, actor as Who);
  if (result._tag === 'Left') throw new Error(`${type} was not done: ${JSON.stringify(result.left)}`);
  return result.right.position;
};

const send = async (folja: Folja, calls: readonly Call[]): Promise<void> => {
  for (const call of calls) await sendOne(folja, call);
};

/** A unit, and one whole program on it that has ended: what the other programs of the bench are made like. */
export const liveModel = (folja: Folja): Promise<void> =>
  send(folja, [...callsOfUnit, ...callsOfLife({ programId: modelProgram, conversationId, person: tolvan })]);

/** Purges a program, as its data administrator does: true when it is erased at once. */
export const purge = async (folja: Folja, program: string): Promise<boolean> => {
  const data = { programId: program, disposalDecision: 'RA-2026/1' };
  const result = await folja.execute({ type: 'purge-program', data }, dataAdministrator as Who);
  if (result._tag === 'Left') throw new Error(`a purge was not done: ${JSON.stringify(result.left)}`);
  return result.right.erasure === 'erased';
};
