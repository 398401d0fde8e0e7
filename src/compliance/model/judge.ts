import type { Actor } from '../../access/actor.ts';
import type { Command, CommandType } from '../../commands/catalog.ts';
import { announceAbsence, attendTo, comment, exportProgram, fillForm, flag, remind, setChannels } from './attending.ts';
import { closeMaintenance, endProgram, purgeProgram } from './ending.ts';
import { answerHandover, initiateHandover } from './handovers.ts';
import { disposeLogYear, recordLogCheck } from './log.ts';
import { planActivities, registerActivity } from './plans.ts';
import { changeClinician, changeWelcomeText, startProgram } from './programs.ts';
import { readContent, talk } from './reading.ts';
import { invalid, type Made, type Model, type Moment, no, repeated, swedishDay, type Verdict } from './state.ts';
import { steerModule } from './steering.ts';
import {
  activateUnit,
  changeUnit,
  deactivateStaff,
  deactivateUnit,
  disableTemplate,
  enableTemplate,
  grantRole,
  publishTemplate,
  reactivateStaff,
  registerStaff,
  reviewTemplate,
  revokeRole,
  setNotifications,
  signIn,
} from './units.ts';

type Judge<Type extends CommandType> = (
  model: Model,
  command: Extract<Command, { type: Type }>,
  moment: Moment,
) => Verdict;

/** What the documents say to each type of command; a type that nobody judges does not compile. */
const judges: { readonly [Type in CommandType]: Judge<Type> } = {
  'activate-unit': activateUnit,
  'change-unit': changeUnit,
  'deactivate-unit': deactivateUnit,
  'enable-template': enableTemplate,
  'disable-template': disableTemplate,
  'register-staff': registerStaff,
  'grant-role': grantRole,
  'revoke-role': revokeRole,
  'deactivate-staff': deactivateStaff,
  'reactivate-staff': reactivateStaff,
  'sign-in': signIn,
  'set-notifications': setNotifications,
  'publish-template': publishTemplate,
  'review-template': reviewTemplate,
  'start-program': startProgram,
  'change-welcome-text': changeWelcomeText,
  'activate-module': steerModule,
  'set-current-module': steerModule,
  'complete-module': steerModule,
  'change-module-days': steerModule,
  'deactivate-module': steerModule,
  'open-program': readContent,
  'open-section': readContent,
  'complete-section': readContent,
  'finish-module': readContent,
  'start-conversation': talk,
  reply: talk,
  'read-conversation': talk,
  'change-clinician': changeClinician,
  'end-program': endProgram,
  'close-maintenance': closeMaintenance,
  'purge-program': purgeProgram,
  'save-form': fillForm,
  'submit-form': fillForm,
  'open-form': attendTo,
  'read-comment': attendTo,
  'record-documentation': attendTo,
  comment: comment,
  'raise-flag': flag,
  'clear-flag': flag,
  'create-activity-plan': planActivities,
  'change-activity-plan': planActivities,
  'stop-activity-plan': planActivities,
  'register-activity': registerActivity,
  'send-reminder': remind,
  'announce-absence': announceAbsence,
  'export-program': exportProgram,
  'set-resident-notifications': setChannels,
  'initiate-handover': initiateHandover,
  'approve-handover': answerHandover,
  'deny-handover': answerHandover,
  'withdraw-handover': answerHandover,
  'record-log-check': recordLogCheck,
  'dispose-log-year': disposeLogYear,
};

const decided = (model: Model, command: Command, moment: Moment): Verdict =>
  (judges[command.type] as Judge<CommandType>)(model, command, moment);

const hsaIds = ['hsaId', 'unitId', 'toUnit', 'careProviderId', 'clinician', 'decidedBy', 'reviewedBy'];
const strict = /^SE(16)?\d{10}-[A-Za-z0-9]+$/;

/** HSA-ids have the national form, unless the region takes those of test environments (R055). */
const isNamedRight = ({ setting }: Model, { data }: Command): boolean => {
  let isRight = true;
  JSON.stringify(data, (name, value: unknown) => {
    if (hsaIds.includes(name) && typeof value === 'string' && !strict.test(value)) isRight = false;
    return value;
  });
  return isRight || setting.policy.testIdentifiers;
};

const senderOf = (actor: Actor): unknown => {
  const { authentication: _, ...who } = { authentication: undefined, ...actor };
  return who;
};

const fingerprint = (command: Command, actor: Actor): string =>
  JSON.stringify([command.type, command.data, senderOf(actor)]);

/** What a command about an erased program once asked is erased as well. */
const isForgotten = (model: Model, programId: string | undefined): boolean =>
  programId !== undefined && model.programs.get(programId)?.status === 'purged';

/** Says how a command will be answered: as before when its id is known, else by the rules. */
export const judge = (model: Model, command: Command, id: string | undefined, actor: Actor, at: Date): Verdict => {
  if (!isNamedRight(model, command)) return invalid;
  const before = id === undefined ? undefined : model.done.get(id);
  if (before === undefined) return decided(model, command, { actor, today: swedishDay(at), at: at.toISOString() });
  if (isForgotten(model, before.programId)) return { kind: 'anything' };
  return before.print === fingerprint(command, actor) ? repeated : no;
};

type Raised = { readonly id: string; readonly type: string };

/** Whether an event is to be documented on a unit of a kind (D20): a reminder of the clock's is nobody's contact with the resident. */
const raisesDuty = ({ setting }: Model, { type }: Raised, kind: string | undefined, actor: Actor): boolean =>
  setting.policy.duties.some(({ event, unitKind = kind }) => event === type && unitKind === kind) &&
  (type !== 'reminder-sent' || actor.kind === 'staff');

/** What is to be documented after a command. */
const addDuties = (model: Model, actor: Actor, { events, ids }: Followed): void => {
  const program = model.programs.get(ids.programId ?? '');
  const kind = model.units.get(program?.unitId ?? '')?.kind;
  for (const event of events) if (raisesDuty(model, event, kind, actor)) program?.duties.add(event.id);
};

/** What the library said of a command that changed something. */
type Followed = { readonly ids: Made; readonly events: readonly Raised[] };

/** Follows a command that the library says changed something. */
export const follow = (
  model: Model,
  verdict: Verdict,
  sent: { readonly command: Command; readonly id?: string | undefined; readonly actor: Actor },
  receipt: Followed,
): void => {
  if (verdict.kind === 'changed') verdict.follow(receipt.ids);
  addDuties(model, sent.actor, receipt);
  const programId = receipt.ids.programId;
  if (sent.id !== undefined) model.done.set(sent.id, { print: fingerprint(sent.command, sent.actor), programId });
};
