import type * as E from 'fp-ts/lib/Either.js';
import type { Core } from '../access/core.ts';
import type { Failure } from '../access/failure.ts';
import type { Command } from './catalog.ts';
import type { Plan, Sender } from './plan.ts';
import { planHandover } from './planHandover.ts';
import { planProgram } from './planProgram.ts';
import { planTemplate } from './planTemplate.ts';
import { planUnit } from './planUnit.ts';

/** Plans a command by the aggregate that it is for. */
export const planFor = (core: Core, command: Command, sender: Sender): Promise<E.Either<Failure, Plan>> => {
  switch (command.type) {
    case 'sign-in':
    case 'record-log-check':
    case 'dispose-log-year':
      throw new TypeError(`${command.type} is an entry of the access log; no aggregate plans it`);
    case 'activate-unit':
    case 'change-unit':
    case 'deactivate-unit':
    case 'enable-template':
    case 'disable-template':
    case 'register-staff':
    case 'grant-role':
    case 'revoke-role':
    case 'deactivate-staff':
    case 'reactivate-staff':
    case 'set-notifications':
      return planUnit(core, command, sender);
    case 'publish-template':
    case 'review-template':
      return planTemplate(core, command, sender);
    case 'initiate-handover':
    case 'approve-handover':
    case 'deny-handover':
    case 'withdraw-handover':
      return planHandover(core, command, sender);
    default:
      return planProgram(core, command, sender);
  }
};
