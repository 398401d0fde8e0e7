import type { Actor } from '../../../src/access/actor.ts';
import type { Command } from '../../../src/commands/catalog.ts';
import { residents } from '../world.ts';
import { answerHandover, initiateHandover } from './handovers.ts';
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
    case 'initiate-handover':
      return initiateHandover(model, command, moment);
    case 'approve-handover':
    case 'deny-handover':
    case 'withdraw-handover':
      return answerHandover(model, command, moment);
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
  if (before === undefined) return decided(model, command, { actor, today: swedishDay(at) });
  if (isForgotten(model, before.programId)) return { kind: 'anything' };
  return before.print === fingerprint(command, actor) ? repeated : no;
};

/** Follows a command that the library says changed something. */
export const follow = (
  model: Model,
  verdict: Verdict,
  sent: { readonly command: Command; readonly id?: string | undefined; readonly actor: Actor },
  made: Made,
): void => {
  if (verdict.kind === 'changed') verdict.follow(made);
  const programId = made.programId;
  if (sent.id !== undefined) model.done.set(sent.id, { print: fingerprint(sent.command, sent.actor), programId });
};
