import type { By } from '../../src/domain/actors.ts';
import type { HandoverCommand } from '../../src/domain/handover/commands.ts';
import { handover, type Receiver } from '../../src/domain/handover/handover.ts';
import type { HsaId } from '../../src/domain/identifiers.ts';
import { decisionsOf } from './decision.ts';
import { childUnit, colleague, maternityUnit, nurse, region, secretary, staff, usual } from './people.ts';
import { handoverId, programId } from './programs.ts';

/** The resident administrators of the sending and of the receiving unit. */
export const sending: { readonly by: By } = { by: staff(colleague, 'resident-administrator', maternityUnit) };
export const receiving: { readonly by: By } = { by: staff(secretary, 'resident-administrator', childUnit) };

export const receiver = (differing: Partial<Receiver> = {}) => ({
  receiver: {
    unitId: childUnit,
    careProviderId: region,
    county: 'Skåne',
    environment: 'production' as const,
    ready: true,
    clinicianEligible: true,
    alreadyOngoing: false,
    ...differing,
  },
});

export const { fold, given } = decisionsOf(handover, { ...usual, ...sending }, receiver());

type Of<Type extends HandoverCommand['type']> = Extract<HandoverCommand, { type: Type }>;
export const initiate = (differing: Partial<Of<'initiate-handover'>['data']> = {}): Of<'initiate-handover'> => ({
  type: 'initiate-handover',
  data: { handoverId, programId, toUnit: childUnit, residentInformed: true, ...differing },
});
export const approve = (clinician: HsaId = nurse): Of<'approve-handover'> => ({
  type: 'approve-handover',
  data: { handoverId, clinician },
});
export const deny = (reason?: string): Of<'deny-handover'> => ({
  type: 'deny-handover',
  data: { handoverId, ...(reason === undefined ? {} : { reason }) },
});
export const withdraw = (): Of<'withdraw-handover'> => ({ type: 'withdraw-handover', data: { handoverId } });

export const approved = (clinician: HsaId = nurse) => ({
  type: 'handover-approved' as const,
  data: { handoverId, clinician },
});
export const handedOver = (clinician: HsaId = nurse, careProviderId: HsaId = region) => ({
  type: 'handed-over' as const,
  data: { handoverId, fromUnit: maternityUnit, toUnit: childUnit, careProviderId, county: 'Skåne', clinician },
});
export const denied = (reason?: string) => ({
  type: 'handover-denied' as const,
  data: { handoverId, ...(reason === undefined ? {} : { reason }) },
});
export const withdrawn = () => ({ type: 'handover-withdrawn' as const, data: { handoverId } });
