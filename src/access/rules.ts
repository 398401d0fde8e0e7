import * as E from 'fp-ts/lib/Either.js';
import type { By, Role } from '../domain/actors.ts';
import { type Refusal, type RefusalCode, refused } from '../domain/decider.ts';
import type { Policy } from '../domain/policy.ts';
import type { Acting } from './actor.ts';

/** Who may do one thing. What is not listed is not permitted (R009, PDL 4:2). */
export type Rule = {
  /**
   * Roles of which staff needs one, the first that is held being the one acted in; empty = any active staff member. A function where
   * the region's policy has a say.
   */
  readonly staff?: readonly Role[] | ((policy: Policy) => readonly Role[]);
  readonly platform?: readonly NonNullable<By['office']>[];
  readonly system?: readonly NonNullable<By['process']>[];
  readonly resident?: true;
};

const requireRole = (rule: Rule, { by, unit }: Acting, policy: Policy): E.Either<RefusalCode, By> => {
  const { staff: needed = [] } = rule;
  const roles = typeof needed === 'function' ? needed(policy) : needed;
  if (roles.length === 0) return E.right(by);
  const staff = unit?.staff.get(by.hsaId ?? '');
  const role = roles.find((wanted) => staff?.roles.includes(wanted));
  if (role === undefined) return E.left('role-missing');
  // R052: the role is worth nothing without the assignment; the directory may have taken it back since (D23).
  return staff?.assignments.includes(policy.requiredAssignment)
    ? E.right({ ...by, role })
    : E.left('assignment-missing');
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
