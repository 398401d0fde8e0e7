import { hsaId, production, region, residentActor, staffAt } from '../simulation/people.ts';
import { bundledTemplates, type CommandInput, type Folja } from '../src/index.ts';

const unitId = hsaId('BMM1');
const tobak = 'tobakshjalpen';
const [administrator, clinician, dataAdministrator] = ['BA1', 'B1', 'DA1'].map((name) => staffAt(unitId, hsaId(name)));

type Who = Parameters<Folja['execute']>[1];
type Call = readonly [type: string, data: object, actor: Who | undefined];

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

const unit: readonly Call[] = [
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
const conversationId = '0195d3a0-0000-7000-8000-000000000002';
const person = { personalNumber: '191212121212', name: 'Tolvan Tolvansson' };
const attested = { informed: true, accepted: true, speaksSwedish: true, hasDevice: true, hasElectronicId: true };
const programId = modelProgram;
const text = 'Jag har tänkt på det vi talade om i går, och vill gärna berätta hur det har gått sedan dess. '.repeat(4);
const steps = ['steg-1', 'steg-2', 'steg-3'];
const resident = residentActor(person);

const form = (moduleId: string): readonly Call[] => [
  ['save-form', { programId, moduleId, formId: 'fragor', answers: { 'fraga-1': text.slice(0, 90) } }, resident],
  ['submit-form', { programId, moduleId, formId: 'fragor', answers: { 'fraga-1': text.slice(0, 180) } }, resident],
];

const life: readonly Call[] = [
  ['start-program', { programId, templateId: tobak, resident: person, attested }, clinician],
  ['change-welcome-text', { programId, text }, clinician],
  ['open-program', { programId }, resident],
  ...steps.slice(1).map((moduleId): Call => ['activate-module', { programId, moduleId, days: 14 }, clinician]),
  ...steps
    .slice(1)
    .map((moduleId): Call => ['open-section', { programId, moduleId, sectionId: 'avsnitt-1' }, resident]),
  ...steps.map((moduleId): Call => ['complete-section', { programId, moduleId, sectionId: 'avsnitt-1' }, resident]),
  ...steps.flatMap(form),
  ['start-conversation', { programId, conversationId, subject: 'En fråga', body: text }, resident],
  ['read-conversation', { programId, conversationId }, clinician],
  ...[clinician, resident, clinician, resident].map(
    (who): Call => ['reply', { programId, conversationId, body: text }, who],
  ),
  ['comment', { programId, moduleId: 'steg-1', sectionId: 'avsnitt-1', text: text.slice(0, 90) }, resident],
  ['raise-flag', { programId, severity: 'info', text: text.slice(0, 60) }, clinician],
  ['complete-module', { programId, moduleId: 'steg-1' }, clinician],
  ['end-program', { programId, reason: 'avslutad-enligt-plan', residentAware: true }, clinician],
];

const send = async (folja: Folja, calls: readonly Call[]): Promise<void> => {
  for (const [type, data, actor] of calls) {
    const result = await folja.execute({ type, data } as CommandInput, actor as Who);
    if (result._tag === 'Left') throw new Error(`${type} was not done: ${JSON.stringify(result.left)}`);
  }
};

/** A unit, and one whole program on it that has ended: what the other programs of the bench are made like. */
export const liveModel = (folja: Folja): Promise<void> => send(folja, [...unit, ...life]);

/** Purges a program, as its data administrator does: true when it is erased at once. */
export const purge = async (folja: Folja, program: string): Promise<boolean> => {
  const data = { programId: program, disposalDecision: 'RA-2026/1' };
  const result = await folja.execute({ type: 'purge-program', data }, dataAdministrator as Who);
  if (result._tag === 'Left') throw new Error(`a purge was not done: ${JSON.stringify(result.left)}`);
  return result.right.erasure === 'erased';
};
