import { type Command, type CommandType, commandSchemas } from '../../commands/catalog.ts';
import { counted, momentOf } from './moments.ts';
import type { Names } from './names.ts';

type DataOf<Type extends CommandType> = Extract<Command, { type: Type }>['data'];
type Acts<Type extends CommandType> = { readonly [One in Type]: (data: DataOf<One>, names: Names) => string };

/** A name of the code as words: `data-administrator` as `data administrator`. */
export const wordsOf = (name: string): string => name.replaceAll('-', ' ');

const listed = (names: readonly string[]): string => (names.length === 0 ? 'nothing' : names.join(', '));

/** Somebody of a unit, who may be another's. */
const onUnit = (hsaId: string, unitId: string, { staff, unit }: Names): string =>
  staff(hsaId).endsWith(` of ${unit(unitId)}`) ? staff(hsaId) : `${staff(hsaId)} on ${unit(unitId)}`;

type Schedule = DataOf<'create-activity-plan'>['schedule'];

const timesOf = ({ from, to, everyWeeks, weekdays, times }: Schedule): string =>
  `from ${from}${to === undefined ? '' : ` to ${to}`}, every ${everyWeeks === 1 ? 'week' : `${everyWeeks} weeks`}${weekdays.length === 7 ? ' on all days' : ` on weekdays ${weekdays.join(', ')}`} at ${times.join(', ')}`;

const said = (parts: readonly string[]): string => listed(parts.filter((one) => one !== ''));

const isTold = (value: unknown): boolean => value !== undefined;

const ofUnits: Acts<
  | 'activate-unit'
  | 'change-unit'
  | 'deactivate-unit'
  | 'enable-template'
  | 'disable-template'
  | 'register-staff'
  | 'grant-role'
  | 'revoke-role'
  | 'deactivate-staff'
  | 'reactivate-staff'
  | 'sign-in'
  | 'set-notifications'
> = {
  'activate-unit': ({ unitId, kind, environment, validTo, administrator }, { unit, staff }) =>
    `activates ${unit(unitId)} (${kind}, ${environment}${validTo === undefined ? '' : `, until ${validTo}`}) with ${staff(administrator.hsaId)} as its authorization administrator`,
  'change-unit': ({ unitId, kind, validTo, answerWithinDays, name, welcomeText }, { unit }) => {
    const changed = [
      isTold(name) ? 'its name' : '',
      isTold(kind) ? `its kind to ${kind}` : '',
      isTold(validTo) ? `its last day to ${validTo ?? 'none'}` : '',
      isTold(answerWithinDays) ? `its days to answer to ${answerWithinDays}` : '',
      isTold(welcomeText) ? `its welcome text for ${welcomeText?.templateId}` : '',
    ];
    return `changes ${unit(unitId)}: ${said(changed)}`;
  },
  'deactivate-unit': ({ unitId }, { unit }) => `deactivates ${unit(unitId)}`,
  'enable-template': ({ unitId, templateId }, { unit }) => `enables ${templateId} on ${unit(unitId)}`,
  'disable-template': ({ unitId, templateId }, { unit }) => `disables ${templateId} on ${unit(unitId)}`,
  'register-staff': ({ unitId, staff: { hsaId, profession, employment, assignments, trainings } }, names) =>
    `registers ${names.staff(hsaId)} on ${names.unit(unitId)}: ${wordsOf(profession)}, ${wordsOf(employment)}, assignments ${listed(assignments)}, trainings ${listed(trainings)}`,
  'grant-role': ({ hsaId, unitId, role, templateIds }, names) =>
    `gives ${onUnit(hsaId, unitId, names)} the role ${wordsOf(role)}${templateIds === undefined ? '' : `, for ${listed(templateIds)} alone`}`,
  'revoke-role': ({ hsaId, unitId, role }, names) =>
    `takes the role ${wordsOf(role)} from ${onUnit(hsaId, unitId, names)}`,
  'deactivate-staff': ({ hsaId, unitId }, names) => `deactivates ${onUnit(hsaId, unitId, names)}`,
  'reactivate-staff': ({ hsaId, unitId }, names) => `reactivates ${onUnit(hsaId, unitId, names)}`,
  'sign-in': ({ unitId }, { unit }) => `signs in on ${unit(unitId)}`,
  'set-notifications': ({ unitId, receive, channels, flagTypes }, { unit }) =>
    `chooses notifications on ${unit(unitId)}: ${receive ? 'on' : 'off'}, by ${listed(channels)}, of ${listed(flagTypes)}`,
};

const ofContent: Acts<'publish-template' | 'review-template' | 'record-log-check' | 'dispose-log-year'> = {
  'publish-template': ({ templateId, change, major, reviewedBy }) =>
    `publishes a ${change} version of ${templateId}${major === undefined ? '' : `, in line ${major}`}${reviewedBy === undefined ? ', not reviewed' : ''}`,
  'review-template': ({ templateId, version, outcome, nextReview }) =>
    `reviews ${templateId} ${version}: ${wordsOf(outcome)}, next on ${nextReview}`,
  'record-log-check': ({ from, to, finding }) =>
    `records a check of the log from ${from} to ${to}: ${wordsOf(finding)}`,
  'dispose-log-year': ({ year }) => `disposes of the log of ${year}`,
};

const ofModules: Acts<
  | 'activate-module'
  | 'set-current-module'
  | 'complete-module'
  | 'change-module-days'
  | 'deactivate-module'
  | 'open-section'
  | 'complete-section'
  | 'finish-module'
  | 'save-form'
  | 'submit-form'
  | 'open-form'
  | 'comment'
> = {
  'activate-module': ({ programId, moduleId, days, makeCurrent }, { program }) =>
    `opens ${moduleId} of ${program(programId)}${days === undefined ? '' : ` for ${days} days`}${makeCurrent === true ? ', as the current one' : ''}`,
  'set-current-module': ({ programId, moduleId }, { program }) =>
    `makes ${moduleId} of ${program(programId)} the current one`,
  'complete-module': ({ programId, moduleId }, { program }) =>
    `marks ${moduleId} of ${program(programId)} as completed`,
  'change-module-days': ({ programId, moduleId, days }, { program }) =>
    `gives ${moduleId} of ${program(programId)} ${days} days`,
  'deactivate-module': ({ programId, moduleId }, { program }) => `closes ${moduleId} of ${program(programId)}`,
  'open-section': ({ programId, moduleId, sectionId }, { program }) =>
    `opens section ${moduleId}/${sectionId} of ${program(programId)}`,
  'complete-section': ({ programId, moduleId, sectionId }, { program }) =>
    `completes section ${moduleId}/${sectionId} of ${program(programId)}`,
  'finish-module': ({ programId, moduleId }, { program }) =>
    `says that ${moduleId} of ${program(programId)} is finished`,
  'save-form': ({ programId, moduleId, formId }, { program }) =>
    `saves form ${moduleId}/${formId} of ${program(programId)}`,
  'submit-form': ({ programId, moduleId, formId, answers }, { program }) =>
    `sends in form ${moduleId}/${formId} of ${program(programId)} with ${counted(Object.keys(answers).length, 'answer')}`,
  'open-form': ({ programId, moduleId, formId }, { program }) =>
    `opens form ${moduleId}/${formId} of ${program(programId)}`,
  comment: ({ programId, moduleId, sectionId }, { program }) =>
    `comments on section ${moduleId}/${sectionId} of ${program(programId)}`,
};

const ofTalk: Acts<
  | 'start-conversation'
  | 'reply'
  | 'read-conversation'
  | 'set-resident-notifications'
  | 'read-comment'
  | 'raise-flag'
  | 'clear-flag'
  | 'create-activity-plan'
  | 'change-activity-plan'
  | 'stop-activity-plan'
  | 'register-activity'
  | 'send-reminder'
  | 'announce-absence'
> = {
  'start-conversation': ({ programId }, { program }) => `starts a conversation in ${program(programId)}`,
  reply: ({ programId, conversationId }, { program, conversation }) =>
    `answers in ${conversation(conversationId)} of ${program(programId)}`,
  'read-conversation': ({ programId, conversationId }, { program, conversation }) =>
    `reads ${conversation(conversationId)} of ${program(programId)}`,
  'set-resident-notifications': ({ programId, inbox, sms, email }, { program }) =>
    `sets the resident’s notifications of ${program(programId)} to ${said([inbox ? 'inbox' : '', sms ? 'sms' : '', email ? 'e-mail' : ''])}`,
  'read-comment': ({ programId, commentId }, { program, comment }) =>
    `reads ${comment(commentId)} of ${program(programId)}`,
  'raise-flag': ({ programId, severity }, { program }) => `raises a flag on ${program(programId)} (${severity})`,
  'clear-flag': ({ programId, flagId }, { program, flag }) => `clears ${flag(flagId)} of ${program(programId)}`,
  'create-activity-plan': ({ programId, schedule, graceDays }, { program }) =>
    `makes an activity plan in ${program(programId)}: ${timesOf(schedule)}, with ${counted(graceDays, 'day')} of grace`,
  'change-activity-plan': ({ programId, planId, schedule, graceDays }, { program, plan }) => {
    const changed = [
      schedule === undefined ? '' : timesOf(schedule),
      graceDays === undefined ? '' : `${counted(graceDays, 'day')} of grace`,
    ];
    return `changes ${plan(planId)} of ${program(programId)}: ${said(changed)}`;
  },
  'stop-activity-plan': ({ programId, planId }, { program, plan }) => `stops ${plan(planId)} of ${program(programId)}`,
  'register-activity': ({ programId, planId, occasion, answers }, { program, plan }) =>
    `fills in the occasion of ${momentOf(occasion)} of ${plan(planId)} of ${program(programId)} with ${counted(answers.length, 'answer')}`,
  'send-reminder': ({ programId, about }, { program, plan }) => {
    const what = 'planId' in about ? plan(about.planId) : 'moduleId' in about ? about.moduleId : about.followUpId;
    return `reminds the resident of ${what} in ${program(programId)}`;
  },
  'announce-absence': ({ programId, from, to }, { program }) =>
    `announces an absence in ${program(programId)} from ${from} to ${to}`,
};

const ofLives: Acts<
  | 'start-program'
  | 'change-welcome-text'
  | 'open-program'
  | 'record-documentation'
  | 'export-program'
  | 'change-clinician'
  | 'end-program'
  | 'close-maintenance'
  | 'purge-program'
  | 'initiate-handover'
  | 'approve-handover'
  | 'deny-handover'
  | 'withdraw-handover'
> = {
  'start-program': ({ templateId, resident, attested, clinician }, names) => {
    const lacking = Object.entries(attested).flatMap(([fact, isSo]) => (isSo ? [] : [fact]));
    const by = clinician === undefined ? '' : `, with ${names.staff(clinician)} as its clinician`;
    return `starts ${templateId} for ${names.resident(resident.personalNumber)}${by}${lacking.length === 0 ? '' : `, not attested: ${lacking.join(', ')}`}`;
  },
  'change-welcome-text': ({ programId }, { program }) => `changes the welcome text of ${program(programId)}`,
  'open-program': ({ programId }, { program }) => `opens ${program(programId)}`,
  'record-documentation': ({ programId }, { program }) => `records that ${program(programId)} is documented`,
  'export-program': ({ programId, format }, { program }) => `exports ${program(programId)} as ${format}`,
  'change-clinician': ({ programId, clinician }, { program, staff }) =>
    `makes ${staff(clinician)} responsible for ${program(programId)}`,
  'end-program': ({ programId, reason, notifyResident, maintenance }, { program }) =>
    `ends ${program(programId)} (${wordsOf(reason)})${maintenance === undefined ? '' : `, with maintenance${maintenance.until === undefined ? '' : ` until ${maintenance.until}`}`}${notifyResident === true ? ', and has the resident told' : ''}`,
  'close-maintenance': ({ programId }, { program }) => `closes the maintenance of ${program(programId)}`,
  'purge-program': ({ programId }, { program }) => `purges ${program(programId)}`,
  'initiate-handover': ({ programId, toUnit, residentInformed }, { program, unit }) =>
    `hands ${program(programId)} over to ${unit(toUnit)}${residentInformed ? '' : ', of which the resident is not informed'}`,
  'approve-handover': ({ handoverId, clinician }, { handover, staff }) =>
    `approves ${handover(handoverId)}, with ${staff(clinician)} as clinician`,
  'deny-handover': ({ handoverId }, { handover }) => `denies ${handover(handoverId)}`,
  'withdraw-handover': ({ handoverId }, { handover }) => `withdraws ${handover(handoverId)}`,
};

/** What is told of each type of command; a type that nothing is told of does not compile. */
const acts: Acts<CommandType> = { ...ofUnits, ...ofContent, ...ofModules, ...ofTalk, ...ofLives };

/** Whether something that was sent is a command at all: runs also send what is none. */
export const isCommand = (sent: unknown): sent is Command => {
  const { type, data, ...others } = (sent ?? {}) as Partial<Command>;
  if (type === undefined || !Object.hasOwn(commandSchemas, type) || Object.keys(others).length > 0) return false;
  return commandSchemas[type].safeParse(data).success;
};

/** What a command asks for, in plain words. */
export const actOf = <Type extends CommandType>(command: { type: Type; data: DataOf<Type> }, names: Names): string =>
  acts[command.type](command.data, names);
