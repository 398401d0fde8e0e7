import * as E from 'fp-ts/lib/Either.js';
import { type By, type Refusal, type RefusalCode, type Role, refused } from '../domain/decider.ts';
import type { Policy } from '../domain/policy.ts';
import type { Acting } from './actor.ts';
import type { Command, CommandType } from './catalog.ts';

/** Who may do one thing. What is not listed is not permitted (R009, PDL 4:2). */
export type Rule = {
  /** Roles of which staff needs one, the first that is held being the one acted in; empty = any active staff member. */
  readonly staff?: readonly Role[];
  /** More roles, where the region's policy opens it to them. */
  readonly staffByPolicy?: (policy: Policy) => readonly Role[];
  readonly platform?: readonly NonNullable<By['office']>[];
  readonly system?: readonly NonNullable<By['process']>[];
  readonly resident?: true;
};

const administrator: Rule = { staff: ['authorization-administrator'] };
const clinician: Rule = { staff: ['clinician'] };
const residentAdministrator: Rule = { staff: ['resident-administrator'] };
const resident: Rule = { resident: true };
const eitherSide: Rule = { staff: ['clinician'], resident: true };
const regionalTeam: Rule = { platform: ['regional-team'] };

const also = (open: boolean, role: Role): readonly Role[] => (open ? [role] : []);

/** Who may send each command (architecture, section 3; R012–R041). */
const commandRules: { readonly [Type in CommandType]: Rule } = {
  'activate-unit': regionalTeam,
  'change-unit': { ...regionalTeam, ...administrator },
  'deactivate-unit': regionalTeam,
  'enable-template': regionalTeam,
  'disable-template': regionalTeam,
  'register-staff': { ...administrator, system: ['directory'] },
  'grant-role': administrator,
  'revoke-role': administrator,
  'deactivate-staff': administrator,
  'reactivate-staff': administrator,
  'sign-in': { staff: [] },
  'set-notifications': { staff: [] },
  'publish-template': { platform: ['production-office'] },
  'review-template': { platform: ['expert'] },
  'start-program': {
    ...clinician,
    staffByPolicy: ({ starting }) => also(starting.byResidentAdministrator, 'resident-administrator'), // D9
  },
  'change-welcome-text': clinician,
  'activate-module': clinician,
  'set-current-module': clinician,
  'complete-module': clinician,
  'change-module-days': clinician,
  'deactivate-module': clinician,
  'open-program': resident,
  'open-section': resident,
  'complete-section': resident,
  'finish-module': resident,
  'start-conversation': eitherSide,
  reply: eitherSide,
  'read-conversation': eitherSide,
  'change-clinician': residentAdministrator,
  'end-program': {
    ...clinician,
    staffByPolicy: ({ ending }) => also(ending.byResidentAdministrator, 'resident-administrator'), // D8
  },
  'close-maintenance': clinician,
  'purge-program': { staff: ['data-administrator'] },
  'initiate-handover': {
    ...residentAdministrator,
    staffByPolicy: ({ handover }) => also(handover.initiator !== 'resident-administrator', 'clinician'), // D1
  },
  'approve-handover': residentAdministrator,
  'deny-handover': residentAdministrator,
  'withdraw-handover': residentAdministrator,
};

const requireRole = (rule: Rule, { by, unit }: Acting, policy: Policy): E.Either<RefusalCode, By> => {
  const roles = [...(rule.staff ?? []), ...(rule.staffByPolicy?.(policy) ?? [])];
  if (roles.length === 0) return E.right(by);
  const staff = unit?.staff.get(by.hsaId ?? '');
  const role = roles.find((wanted) => staff?.roles.includes(wanted));
  if (role === undefined) return E.left('role-missing');
  // R052: the role is worth nothing without the assignment; the directory may have taken it back since (D23).
  return staff?.assignments.includes(policy.requiredAssignment) ? E.right({ ...by, role }) : E.left('assignment-missing');
};

const admits = (rule: Rule, { kind, office, process }: By): boolean => {
  switch (kind) {
    case 'staff':
      return rule.staff !== undefined;
    case 'platform':
      return office !== undefined && (rule.platform ?? []).includes(office);
    case 'system':
      return process !== undefined && (rule.system ?? []).includes(process);
    case 'resident':
      return rule.resident === true;
    case 'unknown':
      return false;
  }
};

/** Judges an actor by a rule: the actor, in the role that applied, or why not. Looks at no program. */
export const judge = (rule: Rule, acting: Acting, policy: Policy): E.Either<Refusal, By> => {
  if (!admits(rule, acting.by)) return E.left(refused('not-permitted'));
  if (acting.barred !== undefined) return E.left(refused(acting.barred));
  const judged = acting.by.kind === 'staff' ? requireRole(rule, acting, policy) : E.right(acting.by);
  return E.mapLeft((code: RefusalCode) => refused(code))(judged);
};

/** What each side may change of a unit: its place in the region, or how it works (architecture, section 3). */
const unitFields = { platform: ['name', 'kind', 'validTo'], staff: ['answerWithinDays', 'welcomeText'] } as const;

const touchesForeignFields = ({ type, data }: Command, { kind }: By): boolean => {
  if (type !== 'change-unit') return false;
  const foreign = kind === 'staff' ? unitFields.platform : unitFields.staff;
  return foreign.some((field) => data[field] !== undefined);
};

const isForeignUnit = ({ data }: Command, { kind, unitId }: By): boolean =>
  kind === 'staff' && 'unitId' in data && data.unitId !== unitId;

/** Judges who sends a command: by its rule, and for staff only on the unit where they are signed in (R040). */
export const authorize = (command: Command, acting: Acting, policy: Policy): E.Either<Refusal, By> =>
  E.flatMap((by: By): E.Either<Refusal, By> => {
    if (isForeignUnit(command, by)) return E.left(refused('wrong-unit'));
    return touchesForeignFields(command, by) ? E.left(refused('not-permitted')) : E.right(by);
  })(judge(commandRules[command.type], acting, policy));
