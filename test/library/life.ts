import { derivedId, eventId } from '../../src/access/ids.ts';
import { commandSchemas } from '../../src/commands/catalog.ts';
import type { Actor, Receipt } from '../../src/index.ts';
import { amning, attested, contentOf, tobak, uuid } from './given.ts';
import {
  at,
  auditor,
  childHealth,
  expert,
  factsAt,
  idAt,
  maternity,
  office,
  privateChildHealth,
  region,
  resident,
  system,
  type TestUnit,
  tolvan,
} from './people.ts';
import type { World } from './world.ts';

export type CommandType = keyof typeof commandSchemas;
export const commandTypes = Object.keys(commandSchemas) as readonly CommandType[];

/** A command of a life: with an id of its own, so that it can be sent again. */
export type Step = {
  readonly type: CommandType;
  readonly data: object;
  readonly actor: Actor;
  readonly id: string;
};

/** The personal texts of a life. */
export type Texts = {
  readonly person: typeof tolvan;
  readonly staffName: string;
  readonly subject: string;
  readonly body: string;
  readonly welcomeText: string;
  readonly answer: string;
  readonly comment: string;
  readonly flag: string;
  readonly planTitle: string;
  readonly registered: string;
  readonly absence: string;
};

export const plainTexts: Texts = {
  person: tolvan,
  staffName: 'Siv Åberg',
  subject: 'En fråga',
  body: 'Hur gör jag?',
  welcomeText: 'Välkommen hit, Tolvan!',
  answer: 'Tre om dagen',
  comment: 'Det här var svårt.',
  flag: 'Ring på fredag.',
  planTitle: 'Nikotinlängtan i dag',
  registered: 'Mest på kvällen',
  absence: 'Jag är borta en vecka.',
};

/** The plain texts, each with a word that is found again wherever it comes to lie. */
export const everyTextWith = (word: string): Texts => {
  const { person, ...texts } = plainTexts;
  const marked = Object.entries(texts).map(([name, text]) => [name, `${text} ${word}`]);
  return { person, ...(Object.fromEntries(marked) as Omit<Texts, 'person'>) };
};

type Bare = readonly [type: CommandType, data: object, actor: Actor, id?: string];

const programId = uuid(11);
const conversationId = uuid(12);
const [withdrawn, denied, approved] = [uuid(13), uuid(14), uuid(15)];
const planId = uuid(16);
/** The ids of the commands whose own ids others name: those of what they made are derived from them. */
const [startId, commentId, flagId] = [uuid(21), uuid(22), uuid(23)];

const grants = (unit: TestUnit): readonly Bare[] =>
  (
    [
      ['b', 'clinician'],
      ['b2', 'clinician'],
      ['ia', 'resident-administrator'],
      ['da', 'data-administrator'],
    ] as const
  ).map(([member, role]) => [
    'grant-role',
    { unitId: unit.unitId, hsaId: idAt(unit, member), role, decidedBy: idAt(unit, 'boss') },
    at(unit, 'ba'),
  ]);

const aUnit = (unit: TestUnit, staffName: string): readonly Bare[] => [
  ['activate-unit', { ...unit, administrator: factsAt(unit, 'ba'), order: 'RS-2026/17' }, region],
  ...['b2', 'ia', 'da'].map(
    (member): Bare => ['register-staff', { unitId: unit.unitId, staff: factsAt(unit, member) }, at(unit, 'ba')],
  ),
  ['register-staff', { unitId: unit.unitId, staff: { ...factsAt(unit, 'b'), name: staffName } }, system('directory')],
  ...grants(unit),
  ['enable-template', { unitId: unit.unitId, templateId: tobak }, region],
];

const unitSteps: readonly Bare[] = [
  ['change-unit', { unitId: maternity.unitId, name: 'BMM Öster' }, region],
  ['change-unit', { unitId: maternity.unitId, answerWithinDays: 5 }, at(maternity, 'ba')],
  ['enable-template', { unitId: maternity.unitId, templateId: amning }, region],
  ['disable-template', { unitId: maternity.unitId, templateId: amning }, region],
  ['deactivate-staff', { unitId: maternity.unitId, hsaId: idAt(maternity, 'b2') }, at(maternity, 'ba')],
  ['reactivate-staff', { unitId: maternity.unitId, hsaId: idAt(maternity, 'b2') }, at(maternity, 'ba')],
  ['revoke-role', { unitId: maternity.unitId, hsaId: idAt(maternity, 'b2'), role: 'clinician' }, at(maternity, 'ba')],
  ['grant-role', { unitId: maternity.unitId, hsaId: idAt(maternity, 'b2'), role: 'clinician' }, at(maternity, 'ba')],
  ['sign-in', { unitId: maternity.unitId }, at(maternity, 'b')],
  [
    'set-notifications',
    { unitId: maternity.unitId, receive: true, channels: ['email'], flagTypes: ['message'] },
    at(maternity, 'b'),
  ],
];

const moduleSteps = (clinician: Actor, actor: Actor): readonly Bare[] => [
  ['open-program', { programId }, actor],
  ['open-section', { programId, moduleId: 'steg-1', sectionId: 'avsnitt-1' }, actor],
  ['complete-section', { programId, moduleId: 'steg-1', sectionId: 'avsnitt-1' }, actor],
  ['finish-module', { programId, moduleId: 'steg-1' }, actor],
  ['complete-module', { programId, moduleId: 'steg-1' }, clinician],
  ['activate-module', { programId, moduleId: 'steg-2', days: 14 }, clinician],
  ['change-module-days', { programId, moduleId: 'steg-2', days: 21 }, clinician],
  ['set-current-module', { programId, moduleId: 'steg-2' }, clinician],
  ['deactivate-module', { programId, moduleId: 'bra-att-veta' }, clinician],
];

const stepForm = { programId, moduleId: 'steg-1', formId: 'fragor' };

/** What the resident fills in and writes, and what the clinician makes of it. */
const answeringSteps = ({ person, answer, comment, flag }: Texts): readonly Bare[] => [
  ['save-form', { ...stepForm, answers: { 'fraga-1': `Utkast: ${answer}` } }, resident(person)],
  ['submit-form', { ...stepForm, answers: { 'fraga-1': answer } }, resident(person)],
  ['open-form', stepForm, at(maternity, 'b')],
  ['comment', { programId, moduleId: 'steg-1', sectionId: 'avsnitt-1', text: comment }, resident(person), commentId],
  ['read-comment', { programId, commentId: derivedId(commentId, 'comment') }, at(maternity, 'b')],
  ['raise-flag', { programId, severity: 'info', text: flag }, at(maternity, 'b'), flagId],
  ['clear-flag', { programId, flagId: derivedId(flagId, 'flag') }, at(maternity, 'b')],
  ['set-resident-notifications', { programId, inbox: true, sms: false, email: true }, resident(person)],
];

/** The life is lived on a Monday at nine in Sweden. */
const schedule = { from: '2026-03-02', everyWeeks: 1, weekdays: [1, 3, 5], times: ['08:00'] };
const elements = (title: string) => [{ title, kind: 'text' }];
const occasion = '2026-03-02T07:00:00.000Z';

const planningSteps = ({ person, planTitle, registered, absence }: Texts): readonly Bare[] => [
  [
    'create-activity-plan',
    { programId, planId, elements: elements(planTitle), schedule, graceDays: 1, remind: true },
    at(maternity, 'b'),
  ],
  ['register-activity', { programId, planId, occasion, answers: [registered] }, resident(person)],
  ['change-activity-plan', { programId, planId, graceDays: 2 }, at(maternity, 'b')],
  ['send-reminder', { programId, about: { planId } }, at(maternity, 'b')],
  ['stop-activity-plan', { programId, planId }, at(maternity, 'b')],
  ['announce-absence', { programId, from: '2026-03-09', to: '2026-03-13', text: absence }, at(maternity, 'ia')],
  ['record-documentation', { programId, dutyId: eventId(startId, 0) }, at(maternity, 'b')],
];

const programSteps = (texts: Texts): readonly Bare[] => {
  const { person, subject, body, welcomeText } = texts;
  return [
    ['start-program', { programId, templateId: tobak, resident: person, attested }, at(maternity, 'b'), startId],
    ['change-welcome-text', { programId, text: welcomeText }, at(maternity, 'b')],
    ...answeringSteps(texts),
    ...moduleSteps(at(maternity, 'b'), resident(person)),
    ['start-conversation', { programId, conversationId, subject, body }, resident(person)],
    ['read-conversation', { programId, conversationId }, at(maternity, 'b')],
    ['reply', { programId, conversationId, body: `Svar på: ${body}` }, at(maternity, 'b')],
    ['reply', { programId, conversationId, body: `Tack för: ${body}` }, resident(person)],
    ...planningSteps(texts),
  ];
};

const handover = (handoverId: string, to: TestUnit, more: object = {}): Bare => [
  'initiate-handover',
  { programId, handoverId, toUnit: to.unitId, residentInformed: true, ...more },
  at(maternity, 'ia'),
];

const handoverSteps: readonly Bare[] = [
  ['change-clinician', { programId, clinician: idAt(maternity, 'b2'), reason: 'semester' }, at(maternity, 'ia')],
  handover(withdrawn, childHealth),
  ['withdraw-handover', { handoverId: withdrawn, programId }, at(maternity, 'ia')],
  handover(denied, privateChildHealth, { disclosureBasis: 'samtycke' }),
  ['deny-handover', { handoverId: denied, programId, reason: 'fel-enhet' }, at(privateChildHealth, 'ia')],
  handover(approved, childHealth),
  ['approve-handover', { handoverId: approved, programId, clinician: idAt(childHealth, 'b') }, at(childHealth, 'ia')],
];

const lastSteps: readonly Bare[] = [
  [
    'end-program',
    { programId, reason: 'avslutad-enligt-plan', residentAware: true, maintenance: {} },
    at(childHealth, 'b'),
  ],
  ['close-maintenance', { programId }, at(childHealth, 'b')],
  ['export-program', { programId, format: 'json' }, at(childHealth, 'da')],
];

const purge: Bare = ['purge-program', { programId, disposalDecision: 'RA-2026/1' }, at(childHealth, 'da')];
const closing: Bare = ['deactivate-unit', { unitId: privateChildHealth.unitId }, region];

const templateSteps: readonly Bare[] = [
  ...[amning, tobak].map(
    (templateId): Bare => ['publish-template', { templateId, change: 'major', content: contentOf(templateId) }, office],
  ),
  ['review-template', { templateId: tobak, version: '1.0', outcome: 'approved', nextReview: '2027-03-02' }, expert],
];

const logSteps: readonly Bare[] = [
  [
    'record-log-check',
    {
      ...{ careProviderId: maternity.careProviderId, from: '2026-02-01', to: '2026-02-28', entries: 40 },
      ...{ finding: 'nothing-unusual', reference: 'LG-2026/3' },
    },
    auditor,
  ],
  ['dispose-log-year', { year: 2019, disposalDecision: 'RA-2026/2' }, auditor],
];

const numbered = (steps: readonly Bare[], first: number): readonly Step[] =>
  steps.map(([type, data, actor, id], index) => ({ type, data, actor, id: id ?? uuid(first + index) }));

/** A whole life of two units and a program, until it may be purged: every command but the purge, each of them accepted. */
export const lifeBeforePurge = (texts = plainTexts): readonly Step[] =>
  numbered(
    [
      ...templateSteps,
      ...[maternity, childHealth, privateChildHealth].flatMap((unit) => aUnit(unit, texts.staffName)),
      ...unitSteps,
      ...programSteps(texts),
      ...handoverSteps,
      ...lastSteps,
      ...logSteps,
    ],
    100,
  );

export const thePurge: readonly Step[] = numbered([purge, closing], 900);
export const lifeOf = (texts = plainTexts): readonly Step[] => [...lifeBeforePurge(texts), ...thePurge];
export const lifesProgram = programId;
export const lifesConversation = conversationId;

/** Sends the steps in their order; gives their receipts. */
export const live = async ({ does }: World, steps: readonly Step[]): Promise<readonly Receipt[]> => {
  const receipts: Receipt[] = [];
  for (const { type, data, actor, id } of steps) receipts.push(await does(type, data, actor, id));
  return receipts;
};

/** Data for each command that is well formed: that of its first step in the life. */
export const exampleOf = (type: CommandType): object => {
  const step = lifeOf().find((one) => one.type === type);
  if (step === undefined) throw new Error(`the life in test/library/life.ts knows no ${type}: give it a step`);
  return step.data;
};
