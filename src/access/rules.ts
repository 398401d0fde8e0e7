import * as E from 'fp-ts/lib/Either.js';
import type { By } from '../domain/actors.ts';
import { type Refusal, type RefusalCode, refused } from '../domain/decider.ts';
import type { Permission } from '../domain/permissions.ts';
import type { Policy } from '../domain/policy.ts';
import type { Acting } from './actor.ts';

const requireRole = (permission: Permission, { by, unit }: Acting, policy: Policy): E.Either<RefusalCode, By> => {
  const { staff: needed = [] } = permission;
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

const admits = (permission: Permission, { kind, office, process }: By): boolean => {
  switch (kind) {
    case 'staff':
      return permission.staff !== undefined;
    case 'platform':
      return office !== undefined && (permission.platform ?? []).includes(office);
    case 'system': // R004: it is listed where nothing is decided about anybody's care
      return process !== undefined && (permission.system ?? []).includes(process);
    case 'resident':
      return permission.resident === true;
    case 'unknown':
      return false;
  }
};

/** Judges an actor by a rule: the actor, in the role that applied, or why not. Looks at no program, hour or device (R079). */
export const judge = (permission: Permission, acting: Acting, policy: Policy): E.Either<Refusal, By> => {
  if (!admits(permission, acting.by)) return E.left(refused('not-permitted'));
  if (acting.barred !== undefined) return E.left(refused(acting.barred));
  const judged = acting.by.kind === 'staff' ? requireRole(permission, acting, policy) : E.right(acting.by);
  return E.mapLeft((code: RefusalCode) => refused(code))(judged);
};
