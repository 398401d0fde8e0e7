import { contentOf, theConversation, theHandover, tobak, uuid } from '../given.ts';
import { type CommandType, commandTypes, exampleOf } from '../life.ts';
import { factsAt, idAt, majken, maternity, privateChildHealth } from '../people.ts';

/** One thing that somebody may try: a command or a query, about the program of a given id where it is about one. */
export type Act = {
  /** A command or view, with what sets it apart from others of the same. */
  readonly name: string;
  readonly what: string;
  readonly kind: 'command' | 'view';
  readonly about: (programId: string) => { readonly [field: string]: unknown };
};

const unitId = maternity.unitId;
const spare = { unitId, hsaId: idAt(maternity, 'spare') };
const nobody = idAt(maternity, 'nobody');
const [noId, newId] = [uuid(78), uuid(79)];
const section = { moduleId: 'steg-1', sectionId: 'avsnitt-1' };
const form = { moduleId: 'steg-1', formId: 'fragor' };
const attested = { informed: true, accepted: true, speaksSwedish: true, hasDevice: true, hasElectronicId: true };
const schedule = { from: '2026-03-02', everyWeeks: 1, weekdays: [1], times: ['08:00'] };
const start = { templateId: tobak, resident: majken, attested };
const answer = { handoverId: theHandover };

/**
 * Data with which each command is judged in full and, where it is accepted, changes nothing that another judgment looks at. Those that can
 * only move the program are in `moving`.
 */
const commands: Readonly<Record<CommandType, object>> = {
  'activate-unit': { ...maternity, administrator: factsAt(maternity, 'ba') },
  'change-unit': { unitId, name: maternity.name },
  'deactivate-unit': { unitId },
  'enable-template': { unitId, templateId: tobak },
  'disable-template': { unitId, templateId: 'lar-dig-om-amning' },
  'register-staff': { unitId, staff: factsAt(maternity, 'spare') },
  'grant-role': { ...spare, role: 'clinician' },
  'revoke-role': { ...spare, role: 'data-administrator' },
  'deactivate-staff': spare,
  'reactivate-staff': spare,
  'sign-in': { unitId },
  'set-notifications': { unitId, receive: false, channels: [], flagTypes: [] },
  'publish-template': { templateId: tobak, change: 'major', content: contentOf(tobak) },
  'review-template': { templateId: tobak, version: '1.0', outcome: 'approved', nextReview: '2027-03-02' },
  'start-program': start,
  'change-welcome-text': { text: 'Välkommen!' },
  'activate-module': { moduleId: 'steg-2', days: 14 },
  'set-current-module': { moduleId: 'steg-2' },
  'complete-module': { moduleId: 'steg-3' },
  'change-module-days': { moduleId: 'steg-2', days: 21 },
  'deactivate-module': { moduleId: 'steg-3' },
  'open-program': {},
  'open-section': section,
  'complete-section': section,
  'finish-module': { moduleId: 'steg-1' },
  'set-resident-notifications': { inbox: true, sms: false, email: false },
  'save-form': { ...form, answers: {} },
  'submit-form': { ...form, answers: {} },
  'open-form': form,
  'start-conversation': { subject: 'En fråga', body: 'Hur gör jag?' },
  reply: { conversationId: theConversation, body: 'Så här.' },
  'read-conversation': { conversationId: theConversation },
  comment: { ...section, text: 'Det här var svårt.' },
  'read-comment': { commentId: noId },
  'raise-flag': { severity: 'info', text: 'Ring på fredag.' },
  'clear-flag': { flagId: noId },
  'create-activity-plan': {
    ...{ elements: [{ title: 'Nikotinlängtan', kind: 'text' }], schedule, graceDays: 1 },
    remind: false,
  },
  'change-activity-plan': { planId: noId, graceDays: 2 },
  'stop-activity-plan': { planId: noId },
  'register-activity': { planId: noId, occasion: '2026-03-02T07:00:00.000Z', answers: [] },
  'send-reminder': { about: { moduleId: 'steg-1' } },
  'change-clinician': { clinician: nobody, reason: 'semester' },
  'announce-absence': { from: '2026-03-09', to: '2026-03-13', text: 'Jag är borta en vecka.' },
  'record-documentation': { dutyId: noId },
  'end-program': { reason: 'finns-inte', residentAware: true },
  'close-maintenance': {},
  'export-program': { format: 'json' },
  'purge-program': { disposalDecision: 'RA-2026/1' },
  'initiate-handover': { toUnit: privateChildHealth.unitId, residentInformed: false },
  'approve-handover': { ...answer, clinician: nobody },
  'deny-handover': answer,
  'withdraw-handover': answer,
  'record-log-check': {
    ...{ careProviderId: maternity.careProviderId, from: '2026-02-01', to: '2026-02-28', entries: 1 },
    finding: 'nothing-unusual',
  },
  'dispose-log-year': { year: 2019, disposalDecision: 'RA-2026/2' },
};

/** Commands that nothing holds back where they are allowed: each then needs a program of its own. */
export const moving: readonly string[] = ['deny-handover', 'withdraw-handover', 'close-maintenance', 'purge-program'];

const aboutPrograms: ReadonlySet<CommandType> = new Set(
  commandTypes.filter((type) => 'programId' in exampleOf(type) && type !== 'start-program'),
);

const command = (type: CommandType, data: object = commands[type], more = ''): Act => ({
  name: `${type}${more}`,
  what: type,
  kind: 'command',
  about: (programId) => ({ ...data, ...(aboutPrograms.has(type) ? { programId } : {}) }),
});

/** What a command can be besides: with the fields of the other side, under an id that is taken, without the program's id. */
const variants: readonly Act[] = [
  command('change-unit', { unitId, answerWithinDays: 5 }, ' with its settings'),
  {
    ...command('start-program', start, ' under a taken id'),
    about: (programId) => ({ ...start, attested: { ...attested, informed: false }, programId }),
  },
  { ...command('approve-handover', {}, ' of no program'), about: () => ({ handoverId: newId, clinician: nobody }) },
];

/** Every command. One that the catalog has and this does not is found by its missing data. */
export const commandActs: readonly Act[] = [...commandTypes.map((type) => command(type)), ...variants];

const view = (what: string, fields: object = {}, more = ''): Act => ({
  name: `${what}${more}`,
  what,
  kind: 'view',
  about: () => ({ ...fields }),
});
const viewAbout = (what: string, fields: object = {}, more = ''): Act => ({
  ...view(what, fields, more),
  about: (programId) => ({ ...fields, programId }),
});

/** Every view; each tab of the overview and each perspective of the audit log is one of its own. */
export const viewActs: readonly Act[] = [
  ...['mine', 'all', 'ended', 'handovers'].map((tab) => view('overview', { tab }, ` ${tab}`)),
  ...['caseload', 'purge-list', 'staff', 'profile', 'my-programs', 'templates', 'statistics'].map((name) => view(name)),
  ...['units', 'documentation', 'access-report', 'undelivered', 'log-checks'].map((name) => view(name)),
  view('units', { mine: true }, ' of mine'),
  view('template', { templateId: tobak }),
  ...['provider', 'owner'].map((perspective) => view('audit', { perspective, limit: 1 }, ` of the ${perspective}`)),
  view('log-export', { format: 'fhir', perspective: 'owner', careProviderId: maternity.careProviderId, limit: 1 }),
  ...['program', 'my-program', 'comments', 'conversations', 'timeline', 'purge'].map((name) => viewAbout(name)),
  viewAbout('documentation', {}, ' of a program'),
  viewAbout('form', form),
  viewAbout('conversation', { conversationId: theConversation }),
  viewAbout('activities', { from: '2026-03-02', to: '2026-03-09' }),
];
