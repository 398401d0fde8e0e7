import type { Actor } from '../../../src/access/actor.ts';
import type { Command } from '../../../src/commands/catalog.ts';
import { residents } from '../world.ts';
import { announceAbsence, attendTo, comment, exportProgram, fillForm, flag, remind, setChannels } from './attending.ts';
import { answerHandover, initiateHandover } from './handovers.ts';
import { disposeLogYear, recordLogCheck } from './log.ts';
import { planActivities, registerActivity } from './plans.ts';
import {
  changeClinician,
  changeWelcomeText,
  closeMaintenance,
  endProgram,
  purgeProgram,
  readContent,
  startProgram,
  steerModule,
  talk,
} from './programs.ts';
import { type Made, type Model, type Moment, no, repeated, swedishDay, type Verdict } from './state.ts';
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

/** The twelve digits of a resident's number, however it is written: the last ten tell the residents of a run apart. */
export const numberOf = (written: string): string => {
  const digits = written.replace(/\D/g, '').slice(-10);
  return residents.find((number) => number.endsWith(digits)) ?? written;
};

const decided = (model: Model, command: Command, moment: Moment): Verdict => {
  switch (command.type) {
    case 'activate-unit':
      return activateUnit(model, command, moment);
    case 'change-unit':
      return changeUnit(model, command, moment);
    case 'deactivate-unit':
      return deactivateUnit(model, command, moment);
    case 'enable-template':
      return enableTemplate(model, command, moment);
    case 'disable-template':
      return disableTemplate(model, command, moment);
    case 'register-staff':
      return registerStaff(model, command, moment);
    case 'grant-role':
      return grantRole(model, command, moment);
    case 'revoke-role':
      return revokeRole(model, command, moment);
    case 'deactivate-staff':
      return deactivateStaff(model, command, moment);
    case 'reactivate-staff':
      return reactivateStaff(model, command, moment);
    case 'sign-in':
      return signIn(model, command, moment);
    case 'set-notifications':
      return setNotifications(model, command, moment);
    case 'publish-template':
      return publishTemplate(model, command, moment);
    case 'review-template':
      return reviewTemplate(model, command, moment);
    case 'start-program':
      return startProgram(numberOf)(model, command, moment);
    case 'change-welcome-text':
      return changeWelcomeText(model, command, moment);
    case 'activate-module':
    case 'set-current-module':
    case 'complete-module':
    case 'change-module-days':
    case 'deactivate-module':
      return steerModule(model, command, moment);
    case 'open-program':
    case 'open-section':
    case 'complete-section':
    case 'finish-module':
      return readContent(numberOf)(model, command, moment);
    case 'start-conversation':
    case 'reply':
    case 'read-conversation':
      return talk(numberOf)(model, command, moment);
    case 'change-clinician':
      return changeClinician(model, command, moment);
    case 'end-program':
      return endProgram(model, command, moment);
    case 'close-maintenance':
      return closeMaintenance(model, command, moment);
    case 'purge-program':
      return purgeProgram(model, command, moment);
    case 'save-form':
    case 'submit-form':
      return fillForm(numberOf, model, command, moment);
    case 'open-form':
    case 'read-comment':
    case 'record-documentation':
      return attendTo(model, command, moment);
    case 'comment':
      return comment(numberOf, model, command, moment);
    case 'raise-flag':
    case 'clear-flag':
      return flag(model, command, moment);
    case 'create-activity-plan':
    case 'change-activity-plan':
    case 'stop-activity-plan':
      return planActivities(model, command, moment);
    case 'register-activity':
      return registerActivity(numberOf, model, command, moment);
    case 'send-reminder':
      return remind(model, command, moment);
    case 'announce-absence':
      return announceAbsence(model, command, moment);
    case 'export-program':
      return exportProgram(model, command, moment);
    case 'set-resident-notifications':
      return setChannels(numberOf, model, command, moment);
    case 'initiate-handover':
      return initiateHandover(model, command, moment);
    case 'approve-handover':
    case 'deny-handover':
    case 'withdraw-handover':
      return answerHandover(model, command, moment);
    case 'record-log-check':
      return recordLogCheck(model, command, moment);
    case 'dispose-log-year':
      return disposeLogYear(model, command, moment);
  }
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
  const before = id === undefined ? undefined : model.done.get(id);
  if (before === undefined) return decided(model, command, { actor, today: swedishDay(at), at: at.toISOString() });
  if (isForgotten(model, before.programId)) return { kind: 'anything' };
  return before.print === fingerprint(command, actor) ? repeated : no;
};

const raisesDuty = ['started', 'message-sent', 'form-opened', 'reminder-sent', 'ended'];

/** What is to be documented after a command (D20): a reminder of the clock's is nobody's contact with the resident. */
const addDuties = (model: Model, actor: Actor, { events, ids }: Followed): void => {
  const program = model.programs.get(ids.programId ?? '');
  for (const { id, type } of events)
    if (raisesDuty.includes(type) && (type !== 'reminder-sent' || actor.kind === 'staff')) program?.duties.add(id);
};

/** What the library said of a command that changed something. */
type Followed = { readonly ids: Made; readonly events: readonly { readonly id: string; readonly type: string }[] };

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
