import * as E from 'fp-ts/lib/Either.js';
import type { Circumstances, Decider, Decision, RefusalCode } from '../decider.ts';
import { refused } from '../decider.ts';
import { type AfterEnd, permissionTo } from '../permissions.ts';
import type { TemplateContent } from '../template/content.ts';
import { dayOf } from '../time.ts';
import { decideActivities } from './activities.ts';
import { announceAbsence, changeClinician } from './clinician.ts';
import type { ProgramCommand } from './commands.ts';
import { comment, readComment } from './comments.ts';
import { readConversation, reply, sideOf, startConversation } from './conversations.ts';
import { closeMaintenance, end, exportProgram, purge, recordDocumentation } from './ending.ts';
import type { ProgramFacts } from './facts.ts';
import { clearFlag, raiseFlag } from './flags.ts';
import { answerForm, openForm } from './forms.ts';
import { decideModules } from './modules.ts';
import { remind } from './reminders.ts';
import { decideResident, setNotifications } from './resident.ts';
import { start } from './starting.ts';
import { type Ended, evolve, isReadable, type Ongoing, type Program, type ProgramStreamEvent } from './state.ts';

type Of<Type extends ProgramCommand['type']> = Extract<ProgramCommand, { type: Type }>;
type Decided = Decision<ProgramStreamEvent>;
type Known = Exclude<Program, { status: 'absent' }>;

const no = (code: RefusalCode): Decided => E.left(refused(code));

type ForStaff = Of<
  | 'change-welcome-text'
  | 'raise-flag'
  | 'clear-flag'
  | 'send-reminder'
  | 'change-clinician'
  | 'announce-absence'
  | 'end-program'
>;
type ForStaffAlways = Of<Exclude<AfterEnd & ProgramCommand['type'], 'purge-program' | 'close-maintenance'>>;
type ForResident = Exclude<
  ProgramCommand,
  ForStaff | ForStaffAlways | ForModules | ForPlans | Of<'start-program' | 'purge-program' | 'close-maintenance'>
>;
type ForModules = Parameters<typeof decideModules>[0];
type ForPlans = Parameters<typeof decideActivities>[0];

/** What is possible in an ended program as well (D24). */
const decideAlways = (
  command: ForStaffAlways,
  program: Ongoing | Ended,
  content: TemplateContent,
  circumstances: Circumstances,
  facts: ProgramFacts,
): Decided => {
  switch (command.type) {
    case 'open-form':
      return openForm(command, program, content);
    case 'read-comment':
      return readComment(command, program);
    case 'read-conversation':
      return readConversation(command, program, sideOf(circumstances));
    case 'record-documentation':
      return recordDocumentation(command, program, facts);
    case 'export-program':
      return exportProgram(command);
  }
};

const decideStaff = (
  command: ForStaff,
  program: Ongoing,
  content: TemplateContent,
  circumstances: Circumstances,
  facts: ProgramFacts,
): Decided => {
  switch (command.type) {
    case 'change-welcome-text': // R096–R098: for this resident alone
      return facts.sameText === true
        ? E.right([])
        : E.right([{ type: 'welcome-text-changed', data: {}, sealed: { text: command.data.text } }]);
    case 'raise-flag':
      return raiseFlag(command, circumstances);
    case 'clear-flag':
      return clearFlag(command, program, circumstances);
    case 'send-reminder':
      return remind(command, program, content, circumstances);
    case 'change-clinician':
      return changeClinician(command, program, facts);
    case 'announce-absence':
      return announceAbsence(command, circumstances);
    case 'end-program':
      return end(command, program, content, circumstances);
  }
};

const decideResidents = (
  command: ForResident,
  program: Ongoing,
  content: TemplateContent,
  circumstances: Circumstances,
): Decided => {
  switch (command.type) {
    case 'save-form':
    case 'submit-form':
      return answerForm(command, program, content, circumstances);
    case 'comment':
      return comment(command, program, content, circumstances);
    case 'start-conversation':
      return startConversation(command, program, content, circumstances);
    case 'reply':
      return reply(command, program, content, circumstances);
    case 'set-resident-notifications':
      return setNotifications(command, program);
    case 'open-program':
    case 'open-section':
    case 'complete-section':
    case 'finish-module':
      return decideResident(command, program, content);
  }
};

type OnKnown = Exclude<ProgramCommand, Of<'start-program' | 'purge-program' | 'close-maintenance'>>;

/** What staff may do after the end as well stands in the table of permissions. */
const isAlwaysPossible = (command: OnKnown): command is ForStaffAlways => permissionTo(command.type).afterEnd === true;

const decideOngoing = (
  command: OnKnown,
  program: Ongoing,
  circumstances: Circumstances,
  facts: ProgramFacts,
): Decided => {
  const { content } = facts.template as NonNullable<ProgramFacts['template']>;
  if (isAlwaysPossible(command)) return decideAlways(command, program, content, circumstances, facts);
  switch (command.type) {
    case 'activate-module':
    case 'set-current-module':
    case 'complete-module':
    case 'change-module-days':
    case 'deactivate-module':
      return decideModules(command, program, content);
    case 'create-activity-plan':
    case 'change-activity-plan':
    case 'stop-activity-plan':
    case 'register-activity':
      return decideActivities(command, program, circumstances);
    case 'change-welcome-text':
    case 'raise-flag':
    case 'clear-flag':
    case 'send-reminder':
    case 'change-clinician':
    case 'announce-absence':
    case 'end-program':
      return decideStaff(command, program, content, circumstances, facts);
    default:
      return decideResidents(command, program, content, circumstances);
  }
};

/** R018, R021: what only the responsible clinician does; D8: an administrator may end, where the region says so. */
const isIrresponsible = (
  { type }: ProgramCommand,
  program: Ongoing | Ended,
  { by, policy }: Circumstances,
): boolean => {
  if (by.kind !== 'staff' || permissionTo(type).relation !== 'responsible') return false;
  const byAdministrator = policy.ending.byResidentAdministrator && by.role === 'resident-administrator';
  return by.hsaId !== program.clinician && !(type === 'end-program' && byAdministrator);
};

/**
 * After the end: staff may still attend to what came in (D24); the resident may only look, while maintenance lasts (D12). Nothing else is
 * possible, not even another end (R238, R239).
 */
const decideEnded = (command: OnKnown, program: Ended, circumstances: Circumstances, facts: ProgramFacts): Decided => {
  const { at, by } = circumstances;
  if (by.kind === 'resident') return no(isReadable(program, dayOf(at)) ? 'read-only' : 'program-has-ended');
  const { content } = facts.template as NonNullable<ProgramFacts['template']>;
  return isAlwaysPossible(command)
    ? decideAlways(command, program, content, circumstances, facts)
    : no('program-has-ended');
};

const decideKnown = (
  command: Exclude<ProgramCommand, Of<'start-program'>>,
  program: Known,
  circumstances: Circumstances,
  facts: ProgramFacts,
): Decided => {
  if (command.type === 'purge-program') return purge(command, program, circumstances, facts);
  if (program.status === 'purged') return no('program-purged');
  if (isIrresponsible(command, program, circumstances)) return no('not-responsible');
  if (command.type === 'close-maintenance') {
    return program.status === 'ended' ? closeMaintenance(program, circumstances) : no('program-not-ended');
  }
  return program.status === 'ended'
    ? decideEnded(command, program, circumstances, facts)
    : decideOngoing(command, program, circumstances, facts);
};

/**
 * A program (moment): one resident's started support or treatment (R001, R006–R008).
 *
 *     absent ──start──▶ ongoing ──end──▶ ended (perhaps readable for a while) ──purge──▶ purged
 *
 * A program may be started anew after its end: that is another program (R091, R092).
 */
export const program: Decider<Program, ProgramCommand, ProgramStreamEvent, ProgramFacts> = {
  initial: { status: 'absent' },
  evolve,
  decide: (command, state, circumstances, facts) => {
    if (command.type === 'start-program') {
      if (state.status === 'absent') return start(command, facts, circumstances);
      // Another unit's program is not disclosed, not even by its id being taken.
      return no(state.unitId === circumstances.by.unitId ? 'program-exists' : 'unknown-program');
    }
    return state.status === 'absent' ? no('unknown-program') : decideKnown(command, state, circumstances, facts);
  },
};
