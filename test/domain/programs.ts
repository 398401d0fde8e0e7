import type { ProgramCommand } from '../../src/domain/program/commands.ts';
import type { ProgramFacts } from '../../src/domain/program/facts.ts';
import { program } from '../../src/domain/program/program.ts';
import type { ProgramStreamEvent } from '../../src/domain/program/state.ts';
import type { Module, TemplateContent } from '../../src/domain/template/content.ts';
import { larDigOmAmning } from '../../src/templates/larDigOmAmning.ts';
import { tobakshjalpen } from '../../src/templates/tobakshjalpen.ts';
import { decisionsOf, type Given } from './decision.ts';
import { childUnit, colleague, maternityUnit, midwife, personalNumber, region, usual, uuid } from './people.ts';

export const programId = uuid(1);
export const keyId = '0123456789abcdef0123456789abcdef';

export type History = readonly Given<ProgramStreamEvent>[];
type Event<Type extends ProgramStreamEvent['type']> = Extract<ProgramStreamEvent, { type: Type }>;
type DataOf<Type extends ProgramStreamEvent['type']> = Event<Type>['data'];
type Unit = NonNullable<ProgramFacts['start']>['unit'];

export const unitFacts = (differing: Partial<Unit> = {}): Unit => ({
  unitId: maternityUnit,
  careProviderId: region,
  county: 'Skåne',
  environment: 'production',
  kind: 'bmm',
  ready: true,
  templateEnabled: true,
  ...differing,
});

export const startFacts = (
  differing: Partial<NonNullable<ProgramFacts['start']>> = {},
): Required<Pick<ProgramFacts, 'start'>> => ({
  start: { unit: unitFacts(), keyId, alreadyOngoing: false, isTestResident: false, ...differing },
});

const running = (content: TemplateContent, major = 1, minor = 0) => ({ template: { major, minor, content } });
export const amning = running(larDigOmAmning);
export const tobak = running(tobakshjalpen);
export const versioned = (major: number, minor: number) => running(tobakshjalpen, major, minor);

/** Tobakshjälpen with a number of days for one module: the bundled one leaves them to the clinician. */
export const withDays = (moduleId: string, days: number) => {
  const given = (module: Module) => (module.id === moduleId ? { ...module, days } : module);
  return running({ ...tobakshjalpen, modules: tobakshjalpen.modules.map(given) });
};

/** Tobakshjälpen where steg-1 has two sections, the second of a name that no other module has. */
export const twoSections = () => {
  const extra = { id: 'avsnitt-2', title: 'Avsnitt 2' };
  const given = (module: Module) =>
    module.id === 'steg-1' ? { ...module, sections: [...module.sections, extra] } : module;
  return running({ ...tobakshjalpen, modules: tobakshjalpen.modules.map(given) });
};

/** Decisions about a program of Tobakshjälpen, unless the facts name another template. */
export const { fold, given } = decisionsOf(program, usual, { ...tobak, ...startFacts() });

export const attested = {
  informed: true,
  accepted: true,
  speaksSwedish: true,
  hasDevice: true,
  hasElectronicId: true,
};

type Start = Extract<ProgramCommand, { type: 'start-program' }>;
export const start = (differing: Partial<Start['data']> = {}): Start => ({
  type: 'start-program',
  data: {
    programId,
    templateId: 'tobakshjalpen',
    resident: { personalNumber, name: 'Tolvan Tolvansson' },
    attested,
    ...differing,
  },
});

export const started = (differing: Partial<DataOf<'started'>> = {}) => ({
  type: 'started' as const,
  data: {
    templateId: 'tobakshjalpen',
    major: 1,
    minor: 0,
    unitId: maternityUnit,
    careProviderId: region,
    county: 'Skåne',
    environment: 'production' as const,
    clinician: midwife,
    attested,
    notifications: { inbox: false, sms: false, email: false },
    keyId,
    ...differing,
  },
});

export const activated = (moduleId: string, days?: number) => ({
  type: 'module-activated' as const,
  data: { moduleId, ...(days === undefined ? {} : { days }) },
});

const on =
  <Type extends 'module-made-current' | 'module-deactivated' | 'module-finished'>(type: Type) =>
  (moduleId: string) => ({ type, data: { moduleId } });
export const madeCurrent = on('module-made-current');
export const deactivated = on('module-deactivated');
export const finished = on('module-finished');
export const completed = (moduleId: string, finishedByResident = false) => ({
  type: 'module-completed' as const,
  data: { moduleId, finishedByResident },
});

/** What a start of Tobakshjälpen leads to: three open modules (R112). */
export const ongoing = () => [started(), activated('inledning'), activated('bra-att-veta'), activated('steg-1')];

/** The same of Lär dig om amning: all twelve chapters open (R106). */
export const ongoingAmning = () => [
  started({ templateId: 'lar-dig-om-amning' }),
  ...larDigOmAmning.modules.map(({ id }) => activated(id)),
];

export const clinicianChanged = (to = colleague) => ({
  type: 'clinician-changed' as const,
  data: { from: midwife, to, reason: 'illness' },
});

export const ended = (differing: Partial<DataOf<'ended'>> = {}) => ({
  type: 'ended' as const,
  data: { reason: 'avslutad-enligt-plan', residentAware: true, notifyResident: true, ...differing },
});
export const maintenanceClosed = () => ({ type: 'maintenance-closed' as const, data: {} });
export const purged = () => ({ type: 'purged' as const, data: { disposalDecision: 'RS-2026/17' } });

export const conversationId = uuid(11);
type Side = 'resident' | 'staff';
export const conversation = (from: Side = 'staff') => ({
  type: 'conversation-started' as const,
  data: { conversationId, from },
});
export const message = (from: Side = 'staff') => ({
  type: 'message-sent' as const,
  data: {
    conversationId,
    messageId: uuid(12),
    from,
    notifyInbox: false,
    ...(from === 'resident' ? { addressee: midwife } : {}),
  },
});

export const handoverId = uuid(21);
export const handoverInitiated = () => ({
  type: 'handover-initiated' as const,
  data: { handoverId, fromUnit: maternityUnit, toUnit: childUnit, residentInformed: true },
});

/** The form of a step of Tobakshjälpen. */
export const formOf = (moduleId = 'steg-1', formId = 'fragor') => ({ moduleId, formId });
export const answers = { 'fraga-1': 'Tre om dagen' };
const withAnswers = <Type extends 'form-saved' | 'form-submitted'>(type: Type) => ({
  type,
  data: formOf(),
  sealed: { answers },
});
export const formSaved = () => withAnswers('form-saved');
export const formSubmitted = () => withAnswers('form-submitted');
export const formOpened = () => ({ type: 'form-opened' as const, data: formOf() });

export const commentId = uuid(41);
export const commentMade = () => ({
  type: 'comment-made' as const,
  data: { commentId, moduleId: 'steg-1', sectionId: 'avsnitt-1' },
  sealed: { text: 'Det här var svårt.' },
});
export const commentRead = () => ({ type: 'comment-read' as const, data: { commentId } });

export const flagId = uuid(51);
export const flagRaised = () => ({
  type: 'flag-raised' as const,
  data: { flagId, severity: 'info' as const },
  sealed: { text: 'Ring på fredag.' },
});
export const flagCleared = () => ({ type: 'flag-cleared' as const, data: { flagId } });

export const planId = uuid(61);
/** Every weekday at seven from the usual Monday on. */
const schedule: Extract<ProgramStreamEvent, { type: 'activity-plan-created' }>['data']['schedule'] = {
  ...{ from: '2026-03-02', everyWeeks: 1, weekdays: [1, 2, 3, 4, 5], times: ['07:00'] },
};
export const planCreated = () => ({
  type: 'activity-plan-created' as const,
  data: {
    planId,
    elements: ['scale' as const],
    schedule,
    graceDays: 0,
    remind: true,
  },
  sealed: { titles: ['Nikotinlängtan'] },
});
export const firstOccasion = '2026-03-02T06:00:00.000Z';
export const registered = (occasion = firstOccasion) => ({
  type: 'activity-registered' as const,
  data: { planId, occasion },
  sealed: { answers: ['3'] },
});

export const dutyId = uuid(71);
export const documented = () => ({ type: 'documentation-recorded' as const, data: { dutyId } });

/** One command of each type, as the one who may give it would. */
export const commands: { readonly [Type in ProgramCommand['type']]: Extract<ProgramCommand, { type: Type }> } = {
  'start-program': start(),
  'change-welcome-text': { type: 'change-welcome-text', data: { programId, text: 'Välkommen, Tolvan!' } },
  'activate-module': { type: 'activate-module', data: { programId, moduleId: 'steg-2' } },
  'set-current-module': { type: 'set-current-module', data: { programId, moduleId: 'steg-2' } },
  'complete-module': { type: 'complete-module', data: { programId, moduleId: 'steg-1' } },
  'change-module-days': { type: 'change-module-days', data: { programId, moduleId: 'steg-1', days: 21 } },
  'deactivate-module': { type: 'deactivate-module', data: { programId, moduleId: 'steg-1' } },
  'open-program': { type: 'open-program', data: { programId } },
  'open-section': { type: 'open-section', data: { programId, moduleId: 'steg-1', sectionId: 'avsnitt-1' } },
  'complete-section': { type: 'complete-section', data: { programId, moduleId: 'steg-1', sectionId: 'avsnitt-1' } },
  'finish-module': { type: 'finish-module', data: { programId, moduleId: 'steg-1' } },
  'start-conversation': { type: 'start-conversation', data: { programId, subject: 'Hur går det?', body: 'Berätta!' } },
  reply: { type: 'reply', data: { programId, conversationId, body: 'Tack, bra.' } },
  'read-conversation': { type: 'read-conversation', data: { programId, conversationId } },
  'set-resident-notifications': {
    type: 'set-resident-notifications',
    data: { programId, inbox: true, sms: false, email: false },
  },
  'save-form': { type: 'save-form', data: { programId, ...formOf(), answers } },
  'submit-form': { type: 'submit-form', data: { programId, ...formOf(), answers } },
  'open-form': { type: 'open-form', data: { programId, ...formOf() } },
  comment: {
    type: 'comment',
    data: { programId, moduleId: 'steg-1', sectionId: 'avsnitt-1', text: 'Det här var svårt.' },
  },
  'read-comment': { type: 'read-comment', data: { programId, commentId } },
  'raise-flag': { type: 'raise-flag', data: { programId, severity: 'info', text: 'Ring på fredag.' } },
  'clear-flag': { type: 'clear-flag', data: { programId, flagId } },
  'create-activity-plan': {
    type: 'create-activity-plan',
    data: {
      ...{ programId, elements: [{ title: 'Nikotinlängtan', kind: 'scale' }] },
      ...{ schedule, graceDays: 0, remind: true },
    },
  },
  'change-activity-plan': { type: 'change-activity-plan', data: { programId, planId, graceDays: 2 } },
  'stop-activity-plan': { type: 'stop-activity-plan', data: { programId, planId } },
  'register-activity': {
    type: 'register-activity',
    data: { programId, planId, occasion: firstOccasion, answers: ['3'] },
  },
  'send-reminder': { type: 'send-reminder', data: { programId, about: { moduleId: 'steg-1' } } },
  'announce-absence': {
    type: 'announce-absence',
    data: { programId, from: '2026-03-09', to: '2026-03-13', text: 'Jag är borta en vecka.' },
  },
  'record-documentation': { type: 'record-documentation', data: { programId, dutyId } },
  'export-program': { type: 'export-program', data: { programId, format: 'json' } },
  'change-clinician': { type: 'change-clinician', data: { programId, clinician: colleague, reason: 'illness' } },
  'end-program': { type: 'end-program', data: { programId, reason: 'avslutad-enligt-plan', residentAware: true } },
  'close-maintenance': { type: 'close-maintenance', data: { programId } },
  'purge-program': { type: 'purge-program', data: { programId, disposalDecision: 'RS-2026/17' } },
};
