import type { By, Role } from './actors.ts';
import type { AuditCommand } from './audit/commands.ts';
import type { HandoverCommand } from './handover/commands.ts';
import type { Policy } from './policy.ts';
import type { ProgramCommand } from './program/commands.ts';
import type { TemplateCommand } from './template/commands.ts';
import type { AnyUnitCommand } from './unit/commands.ts';

/** What staff must have to do with a program, beside holding the role on the unit where they are signed in. */
type Relation =
  /** They stand as responsible for it (R018, R021). */
  | 'responsible'
  /** It belongs to their unit. */
  | 'own-unit'
  /** It is offered, or was, to their unit in the handover that is named (R027, R196). */
  | 'receiving-unit';

/** Who may do one thing. What is not listed is not permitted (R009, PDL 4:2). */
export type Permission = {
  /**
   * Roles of which staff needs one, the first that is held being the one acted in; empty = any active staff member. A function where the
   * region's policy has a say.
   */
  readonly staff?: readonly Role[] | ((policy: Policy) => readonly Role[]);
  /** For staff, about one program. */
  readonly relation?: Relation;
  /** True where staff may do it after the end as well, until the purge (D24); nothing else is possible then. */
  readonly afterEnd?: true;
  /** The program's own resident. After the end the resident does nothing more, and reads only while maintenance lasts (D12). */
  readonly resident?: true;
  readonly platform?: readonly NonNullable<By['office']>[];
  readonly system?: readonly NonNullable<By['process']>[];
};

/** Every command, of every aggregate. */
export type CommandName = (AnyUnitCommand | TemplateCommand | ProgramCommand | HandoverCommand | AuditCommand)['type'];

const BA = 'authorization-administrator';
const B = 'clinician';
const IA = 'resident-administrator';
const DA = 'data-administrator';

const anyStaff: readonly Role[] = [];
const regionalTeam = { platform: ['regional-team'] } as const;
const logAuditor = { platform: ['log-auditor'] } as const;
const responsible = { staff: [B], relation: 'responsible' } as const;
const colleague = { staff: [B], relation: 'own-unit' } as const;
const administrator = { staff: [IA], relation: 'own-unit' } as const;
const resident = { resident: true } as const;

const also = (open: boolean, role: Role): readonly Role[] => (open ? [role] : []);

/** Who may send each command (A §2, A §5–9, T; architecture, section 3). */
export const mayCommand = {
  // The unit: the regional team gives it its place, its own administrator sets how it works (R012–R016, R048–R058).
  'activate-unit': regionalTeam,
  'change-unit': { ...regionalTeam, staff: [BA] },
  'deactivate-unit': regionalTeam,
  'enable-template': regionalTeam,
  'disable-template': regionalTeam,
  'register-staff': { staff: [BA], system: ['directory'] },
  'grant-role': { staff: [BA] },
  'revoke-role': { staff: [BA] },
  'deactivate-staff': { staff: [BA] },
  'reactivate-staff': { staff: [BA] },
  'sign-in': { staff: anyStaff },
  'set-notifications': { staff: anyStaff }, // R165: one's own

  // The content (R262, R266, R267).
  'publish-template': { platform: ['production-office'] },
  'review-template': { platform: ['expert'] },

  // The clinician's steering (R017–R021).
  'start-program': { staff: ({ starting }) => [B, ...also(starting.byResidentAdministrator, IA)] }, // D9
  'change-welcome-text': responsible,
  'activate-module': responsible,
  'set-current-module': responsible,
  'complete-module': responsible,
  'change-module-days': responsible,
  'deactivate-module': responsible,
  'raise-flag': responsible,
  'clear-flag': responsible,
  'create-activity-plan': responsible,
  'change-activity-plan': responsible,
  'stop-activity-plan': responsible,
  'send-reminder': { ...responsible, system: ['clock'] },
  'end-program': {
    // D8: who holds both roles ends as administrator, and so the programs of others too.
    staff: ({ ending }) => [...also(ending.byResidentAdministrator, IA), B],
    relation: 'responsible',
  },
  'close-maintenance': { ...responsible, afterEnd: true },

  // What the clinician attends to, after the end as well (D24).
  'open-form': { ...responsible, afterEnd: true },
  'read-comment': { ...responsible, afterEnd: true },
  'record-documentation': { ...responsible, afterEnd: true },

  // Messages, by either side (R019, R173–R177).
  'start-conversation': { ...responsible, ...resident },
  reply: { ...responsible, ...resident },
  'read-conversation': { ...responsible, ...resident, afterEnd: true },

  // The resident's own acts (R006, R119, R140, R182).
  'open-program': resident,
  'open-section': resident,
  'complete-section': resident,
  'finish-module': resident,
  'save-form': resident,
  'submit-form': resident,
  comment: resident,
  'register-activity': resident,
  'set-resident-notifications': { ...resident, system: ['directory', 'delivery'] }, // R078: 1177 says what the resident chose there

  // The resident administrator (R022–R027).
  'change-clinician': administrator,
  'announce-absence': administrator,
  'initiate-handover': {
    staff: ({ handover: { initiator } }) => [IA, ...also(initiator !== 'resident-administrator', B)], // R186, R187, D1
    relation: 'own-unit',
  },
  'withdraw-handover': administrator,
  'approve-handover': { staff: [IA], relation: 'receiving-unit' },
  'deny-handover': { staff: [IA], relation: 'receiving-unit' },

  // The data administrator (R028, R029, R031).
  'export-program': { staff: [DA], relation: 'own-unit', afterEnd: true },
  'purge-program': { staff: [DA], relation: 'own-unit', afterEnd: true },

  // The log's own auditor (HSLF-FS 2016:40 4 kap. 9 §).
  'record-log-check': logAuditor,
  'dispose-log-year': logAuditor,
} satisfies { readonly [Name in CommandName]: Permission };

/** The commands that staff may send after the end as well (D24). */
export type AfterEnd = {
  [Name in CommandName]: (typeof mayCommand)[Name] extends { readonly afterEnd: true } ? Name : never;
}[CommandName];

/**
 * Who may ask each view: the clinician's tabs and the resident's pages are apart (R279, R280). A tab of the overview is a row of its own
 * (A §2, A §8–9, T; architecture, section 6).
 */
export const mayView = {
  // Lists of the unit (R022, R023, R274–R276, R237, R243).
  'overview mine': { staff: [B, IA] },
  'overview all': { staff: [B, IA] },
  'overview ended': { staff: [B, IA, DA], afterEnd: true },
  'overview handovers': { staff: [IA] },
  caseload: { staff: [IA] },
  documentation: { staff: [B], afterEnd: true },
  'purge-list': { staff: [DA], afterEnd: true },
  staff: { staff: [BA, IA] },
  profile: { staff: anyStaff },

  // One program: the overview is for who steers and who administers, its contents for who treats (PDL 4:1).
  program: { staff: [B, IA], relation: 'own-unit', afterEnd: true },
  form: { ...colleague, ...resident, afterEnd: true },
  comments: { ...colleague, ...resident, afterEnd: true },
  conversations: { ...colleague, ...resident, afterEnd: true },
  conversation: { ...colleague, ...resident, afterEnd: true },
  activities: { ...colleague, ...resident, afterEnd: true },
  timeline: { ...colleague, afterEnd: true }, // R151: never the resident
  purge: { staff: [DA], relation: 'own-unit', afterEnd: true },

  // The resident's own (R074, R075, R095, PDL 8:5).
  'my-programs': resident,
  'my-program': resident,
  'access-report': resident,

  // Of no program.
  template: { staff: anyStaff, ...resident, platform: ['regional-team', 'production-office', 'expert'] },
  templates: { staff: anyStaff, platform: ['regional-team', 'production-office', 'expert'] },
  units: { staff: anyStaff, platform: ['regional-team', 'log-auditor'] },
  statistics: { staff: anyStaff, platform: ['regional-team'] }, // R281, R283: no persons in it
  undelivered: { staff: [IA], platform: ['regional-team'] },
  audit: logAuditor,
  'log-export': logAuditor,
  'log-checks': { platform: ['log-auditor', 'regional-team'] },
} satisfies Readonly<Record<string, Permission>>;

/**
 * Who may do what with an opened library itself, where a host names somebody; without one it is the library's own work. What a replay
 * shows is judged view by view, by today's rights.
 */
export const mayOperate = {
  rebuild: { platform: ['regional-team'] },
  replay: {
    staff: anyStaff,
    ...resident,
    platform: ['regional-team', 'production-office', 'expert', 'log-auditor'],
    system: ['clock', 'directory', 'delivery'],
  },
  'rotate-master-key': { platform: ['regional-team'] },
  'prove-inclusion': { platform: ['log-auditor'] },
  'list-nodes': regionalTeam,
  'retire-node': regionalTeam,
  scavenge: regionalTeam,
} satisfies Readonly<Record<string, Permission>>;

/** What a host may do in somebody's name with an opened library itself. */
export type OperationName = keyof typeof mayOperate;

/** The name of a view as the table has it. */
export type ViewName = keyof typeof mayView;

const commands: { readonly [Name in CommandName]: Permission } = mayCommand;
const views: { readonly [Name in ViewName]: Permission } = mayView;
const operations: { readonly [Name in OperationName]: Permission } = mayOperate;

/** Who may send a command. */
export const permissionTo = (command: CommandName): Permission => commands[command];

/** Who may ask a view. */
export const permissionToView = (view: ViewName): Permission => views[view];

/** Who may do something with an opened library itself. */
export const permissionToOperate = (operation: OperationName): Permission => operations[operation];
