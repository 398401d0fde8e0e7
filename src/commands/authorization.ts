import * as E from 'fp-ts/lib/Either.js';
import type { Acting } from '../access/actor.ts';
import { judge, type Rule } from '../access/rules.ts';

import type { By, Role } from '../domain/actors.ts';
import { type Refusal, refused } from '../domain/decider.ts';
import type { Policy } from '../domain/policy.ts';
import type { Command, CommandType } from './catalog.ts';

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
    staff: ({ starting }) => ['clinician', ...also(starting.byResidentAdministrator, 'resident-administrator')], // D9
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
    // D8: who holds both roles ends as administrator, and so the programs of others too.
    staff: ({ ending }) => [...also(ending.byResidentAdministrator, 'resident-administrator'), 'clinician'],
  },
  'close-maintenance': clinician,
  'purge-program': { staff: ['data-administrator'] },
  'initiate-handover': {
    staff: ({ handover: { initiator } }) => [
      'resident-administrator',
      ...also(initiator !== 'resident-administrator', 'clinician'), // D1
    ],
  },
  'approve-handover': residentAdministrator,
  'deny-handover': residentAdministrator,
  'withdraw-handover': residentAdministrator,
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
