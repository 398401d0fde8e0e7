import { maternity } from '../people.ts';
import type { Act } from './acts.ts';
import type { Situation } from './situations.ts';
import type { Office, Process, Resident, Someone, StaffMember } from './whoever.ts';

/*
 * Who may do what, once more: by person, as the manuals list it, and without a look at the library's own table (src/domain/permissions.ts).
 * What stands in no list is not permitted (R009, PDL 4:2).
 */

type List = readonly string[];
type Able = { readonly commands: List; readonly views: List };

/** Each role on its own unit; who holds several may do what any of them may (R010, R038). */
export const roles: Readonly<Record<StaffMember['roles'][number], Able>> = {
  // BA activates every other role, and deactivates staff (R013–R016); the settings of the unit (architecture, section 3).
  'authorization-administrator': {
    commands: [
      ...['register-staff', 'grant-role', 'revoke-role', 'deactivate-staff', 'reactivate-staff'],
      'change-unit with its settings',
    ],
    views: ['staff'],
  },
  // B starts, stands as responsible, answers, follows up and ends (R017–R021); what is not of the responsible one is reading (PDL 4:1).
  clinician: {
    commands: [
      ...['start-program', 'start-program under a taken id', 'change-welcome-text'],
      ...['activate-module', 'set-current-module', 'complete-module', 'change-module-days', 'deactivate-module'],
      ...['start-conversation', 'reply', 'read-conversation', 'read-comment', 'open-form', 'raise-flag', 'clear-flag'],
      ...['create-activity-plan', 'change-activity-plan', 'stop-activity-plan', 'send-reminder'],
      ...['record-documentation', 'end-program', 'close-maintenance'],
    ],
    views: [
      ...['overview mine', 'overview all', 'overview ended', 'program', 'form', 'comments', 'conversations'],
      ...['conversation', 'activities', 'timeline', 'documentation', 'documentation of a program'],
    ],
  },
  // IA oversees the unit, changes the clinician, tells of absence, hands over and takes over (R022–R027, R030; D1, D8, D9: no more).
  'resident-administrator': {
    commands: [
      ...['change-clinician', 'announce-absence', 'initiate-handover', 'withdraw-handover', 'approve-handover'],
      ...['deny-handover', 'approve-handover of no program'],
    ],
    views: [
      ...['overview mine', 'overview all', 'overview ended', 'overview handovers', 'caseload', 'staff', 'program'],
      'undelivered',
    ],
  },
  // DA exports and purges (R028, R029, R031).
  'data-administrator': {
    commands: ['export-program', 'purge-program'],
    views: ['overview ended', 'purge-list', 'purge'],
  },
};

/** Any active staff, with no role as well: their own settings, and what is of no program (R065, R165, R191). */
export const anyStaff: Able = {
  commands: ['sign-in', 'set-notifications'],
  views: ['profile', 'templates', 'template', 'units', 'units of mine', 'statistics'],
};

/** The resident: the own work, the own settings, both sides of a conversation (R006, R074, R078, R140, R177; PDL 8:5). */
export const resident: Able = {
  commands: [
    ...['open-program', 'open-section', 'complete-section', 'finish-module', 'save-form', 'submit-form', 'comment'],
    ...['register-activity', 'start-conversation', 'reply', 'read-conversation', 'set-resident-notifications'],
  ],
  views: [
    ...['my-programs', 'my-program', 'access-report', 'form', 'comments', 'conversations', 'conversation'],
    ...['activities', 'template'],
  ],
};

/** The offices outside the unit (R010, R048, R058, R248, R262, R266, R281). */
export const offices: Readonly<Record<Office['office'], Able>> = {
  'regional-team': {
    commands: ['activate-unit', 'change-unit', 'deactivate-unit', 'enable-template', 'disable-template'],
    views: ['template', 'templates', 'units', 'units of mine', 'statistics', 'undelivered', 'log-checks'],
  },
  'production-office': { commands: ['publish-template'], views: ['template', 'templates'] },
  expert: { commands: ['review-template'], views: ['template', 'templates'] },
  // The log is checked, what was found is recorded, and a year goes when it is old enough (HSLF-FS 2016:40 4 kap. 9 §).
  'log-auditor': {
    commands: ['record-log-check', 'dispose-log-year'],
    views: ['units', 'units of mine', 'audit of the provider', 'audit of the owner', 'log-checks', 'log-export'],
  },
};

/** The library's own processes: what the clock brings, the directory says, and 1177 says of a resident's choice. */
export const processes: Readonly<Record<Process['process'], Able>> = {
  clock: { commands: ['send-reminder'], views: [] },
  directory: { commands: ['register-staff', 'set-resident-notifications'], views: [] },
  delivery: { commands: ['set-resident-notifications'], views: [] },
};

/** What a clinician does as the responsible one only (R018, R019, R021): all but to start. */
export const responsibleOnly: List = roles.clinician.commands.filter((name) => !name.startsWith('start-program'));

/** What may still be done after the end: attend to what came in (D24), close the maintenance (D4), export and purge (R238, R244). */
export const afterEnd: List = [
  ...['record-documentation', 'open-form', 'read-conversation', 'read-comment'],
  ...['close-maintenance', 'export-program', 'purge-program'],
];

export const answers: List = ['approve-handover', 'deny-handover', 'withdraw-handover'];
const unitCommands: List = [
  ...['register-staff', 'grant-role', 'revoke-role', 'deactivate-staff', 'reactivate-staff', 'sign-in'],
  ...['set-notifications', 'change-unit', 'change-unit with its settings'],
];
export const ofProgram: List = [
  ...responsibleOnly,
  ...resident.commands,
  ...['change-clinician', 'announce-absence', 'initiate-handover', 'export-program', 'purge-program'],
  ...['program', 'my-program', 'form', 'comments', 'conversations', 'conversation', 'activities', 'timeline', 'purge'],
  'documentation of a program',
];

export const has = ({ commands, views }: Able, { name, kind }: Act): boolean =>
  (kind === 'command' ? commands : views).includes(name);

/** Whether anybody on a unit may do it in any role. */
const isStaffs = (act: Act): boolean => [anyStaff, ...Object.values(roles)].some((able) => has(able, act));

/** Each side changes its own fields of a unit only; to the staff the command as such is open (architecture, section 3). */
const isForeignField = ({ name }: Act): boolean => name === 'change-unit';

/** What a region may choose instead of what the manuals have it be (D1, D8, D9): another role that may do it as well. */
export const choices = {
  D1: { role: 'clinician', commands: ['initiate-handover'] },
  D8: { role: 'resident-administrator', commands: ['end-program'] },
  D9: { role: 'resident-administrator', commands: ['start-program', 'start-program under a taken id'] },
} as const;
export type Choice = keyof typeof choices;

const isChosen = (chosen: Choice | undefined, { roles: held }: StaffMember, { name }: Act): boolean => {
  if (chosen === undefined) return false;
  const { role, commands }: { role: StaffMember['roles'][number]; commands: List } = choices[chosen];
  return held.includes(role) && commands.includes(name);
};

/** Why staff cannot do it at all; undefined when who they are on their unit is enough. */
const staffRefusal = (act: Act, who: StaffMember, situation: Situation, chosen?: Choice): string | undefined => {
  if (!isStaffs(act) && !isForeignField(act)) return 'not-permitted';
  if (who.weak === true) return 'assurance-too-low'; // R061
  if (act.name === 'units of mine') return undefined; // before a unit is chosen (R064)
  if (who.barred !== undefined) return who.barred;
  if (has(anyStaff, act)) return elsewhere(act, who);
  const isHeld = isForeignField(act)
    ? who.roles.includes('authorization-administrator')
    : who.roles.some((role) => has(roles[role], act)) || isChosen(chosen, who, act);
  if (!isHeld) return 'role-missing';
  if (!who.assigned) return 'assignment-missing'; // R052
  const foreign = elsewhere(act, who);
  if (foreign !== undefined) return foreign;
  return isForeignField(act) ? 'not-permitted' : programRefusal(act, who, situation, chosen);
};

/** Roles are of one unit (R040). The commands of the test name the unit where the program began. */
const elsewhere = ({ name }: Act, { unitId }: StaffMember): string | undefined =>
  unitCommands.includes(name) && unitId !== maternity.unitId ? 'wrong-unit' : undefined;

const programRefusal = (act: Act, who: StaffMember, situation: Situation, chosen?: Choice): string | undefined => {
  const { name } = act;
  if (name === 'approve-handover of no program') return 'unknown-program';
  if (answers.includes(name)) return answerRefusal(name, who, situation);
  const isOwners = situation.status !== 'none' && situation.owner === who.unitId;
  // An id that is taken is not told to another unit.
  if (name === 'start-program under a taken id') return isOwners || situation.status === 'none' ? undefined : unknown;
  if (!ofProgram.includes(name)) return undefined;
  return isOwners ? ownersRefusal(act, who, situation, isChosen(chosen, who, act)) : unknown; // R207
};
const unknown = 'unknown-program';

/** A handover is withdrawn by who sent it, and approved or denied by who receives it (R027, R040, D2). */
const answerRefusal = (name: string, { unitId }: StaffMember, situation: Situation): string | undefined => {
  const { status, owner, handover } = situation;
  const isRelated = unitId === owner || unitId === handover?.to;
  if (status === 'none' || !isRelated) return unknown;
  if (handover === undefined) return undefined; // there is none to answer, whoever asks
  return unitId === (name === 'withdraw-handover' ? handover.from : handover.to) ? undefined : 'wrong-unit';
};

/** What the owning unit's staff get in each state, in the order in which it matters: whether there is anything, whose it is, what is left to do. */
const ownersRefusal = (
  { name, kind }: Act,
  who: StaffMember,
  situation: Situation,
  isForAll: boolean,
): string | undefined => {
  const { status, clinician } = situation;
  if (status === 'purged') return name === 'purge' || name === 'purge-program' ? undefined : 'program-purged';
  if (name === 'purge') return 'program-not-ended';
  if (kind === 'view') return undefined;
  if (responsibleOnly.includes(name) && who.hsaId !== clinician && !isForAll) return 'not-responsible'; // R018, R021
  if (status !== 'ongoing') return afterEnd.includes(name) ? undefined : 'program-has-ended'; // D24, R238, R239
  return name === 'close-maintenance' || name === 'purge-program' ? 'program-not-ended' : undefined; // R031, D4
};

const residentRefusal = (act: Act, who: Resident, { status }: Situation): string | undefined => {
  if (!has(resident, act)) return 'not-permitted';
  if (who.weak === true) return 'assurance-too-low'; // R073
  if (act.name === 'template') return readsTemplate(who, status) ? undefined : 'unknown-template';
  if (!ofProgram.includes(act.name)) return undefined;
  if (who.is !== 'own' || status === 'none' || status === 'purged') return unknown;
  if (status === 'ended') return 'program-has-ended'; // R231, R232
  return status === 'maintenance' && act.kind === 'command' ? 'read-only' : undefined; // R234, D12
};

/** Residents read the template of a program of their own, as long as they read the program (architecture, section 6). */
const readsTemplate = ({ is }: Resident, status: Situation['status']): boolean =>
  is === 'another' || (is === 'own' && status !== 'ended' && status !== 'purged');

const processRefusal = (act: Act, { process }: Process, { status }: Situation): string | undefined => {
  if (!has(processes[process], act)) return 'not-permitted';
  if (!ofProgram.includes(act.name) || status === 'ongoing') return undefined;
  if (status === 'none') return unknown;
  return status === 'purged' ? 'program-purged' : 'program-has-ended';
};

const officeRefusal = (act: Act, { office, weak }: Office): string | undefined => {
  // Which of its fields an office may change is looked at after who it is.
  const isSettings = act.name === 'change-unit with its settings' && office === 'regional-team';
  if (!has(offices[office], act) && !isSettings) return 'not-permitted';
  if (weak === true) return 'assurance-too-low';
  return isSettings ? 'not-permitted' : undefined;
};

/** What the texts say comes of an act: the code with which it is refused for who asks or how it stands with the program, or `allowed`. */
export const expected = (act: Act, who: Someone, situation: Situation, chosen?: Choice): string => {
  switch (who.kind) {
    case 'staff':
      return staffRefusal(act, who, situation, chosen) ?? 'allowed';
    case 'resident':
      return residentRefusal(act, who, situation) ?? 'allowed';
    case 'system':
      return processRefusal(act, who, situation) ?? 'allowed';
    case 'platform':
      return officeRefusal(act, who) ?? 'allowed';
  }
};

/** Whether somebody has nothing to do with the program: to them it must be as if it were not there. */
export const isStrangerTo = (who: Someone, { status, owner, handover }: Situation): boolean => {
  switch (who.kind) {
    case 'staff':
      return who.unitId !== owner && who.unitId !== handover?.to;
    case 'resident':
      return who.is !== 'own' || status === 'purged';
    case 'platform':
      return true;
    case 'system':
      return false;
  }
};
