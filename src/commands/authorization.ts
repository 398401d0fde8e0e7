import * as E from 'fp-ts/lib/Either.js';
import type { Acting } from '../access/actor.ts';
import { judge } from '../access/rules.ts';
import type { By } from '../domain/actors.ts';
import { type Refusal, refused } from '../domain/decider.ts';
import { permissionTo } from '../domain/permissions.ts';
import type { Policy } from '../domain/policy.ts';
import type { Command } from './catalog.ts';

/** What each side may change of a unit: its place in the region, or how it works (architecture, section 3). */
const unitFields = { platform: ['name', 'kind', 'validTo'], staff: ['answerWithinDays', 'welcomeText'] } as const;

const touchesForeignFields = ({ type, data }: Command, { kind }: By): boolean => {
  if (type !== 'change-unit') return false;
  const foreign = kind === 'staff' ? unitFields.platform : unitFields.staff;
  return foreign.some((field) => data[field] !== undefined);
};

const isForeignUnit = ({ data }: Command, { kind, unitId }: By): boolean =>
  kind === 'staff' && 'unitId' in data && data.unitId !== unitId;

/** Judges who sends a command: by the table of permissions, and for staff only on the unit where they are signed in (R040). */
export const authorize = (command: Command, acting: Acting, policy: Policy): E.Either<Refusal, By> =>
  E.flatMap((by: By): E.Either<Refusal, By> => {
    if (isForeignUnit(command, by)) return E.left(refused('wrong-unit'));
    return touchesForeignFields(command, by) ? E.left(refused('not-permitted')) : E.right(by);
  })(judge(permissionTo(command.type), acting, policy));
