import type { Policy } from 'folja';

/**
 * Region Skåne, as its manual for *Lär dig om amning* has it: who may hold which role (section 2.1, R032–R037), the employment assignment
 * (10.2, R052), and what is registered where (5.3, R254, R256). What the manual leaves open keeps the standard value.
 */
export const skane: Partial<Policy> = {
  id: 'skane-1',
  requiredAssignment: 'VoB SJF',
  professionsByRole: {
    'authorization-administrator': ['head-of-unit', 'medical-secretary', 'midwife', 'specialist-nurse'],
    clinician: ['midwife', 'specialist-nurse'],
    'resident-administrator': ['midwife', 'specialist-nurse', 'medical-secretary'],
    'data-administrator': ['head-of-unit', 'medical-secretary', 'midwife', 'specialist-nurse'],
  },
  // 8: the clinician hands over, who is a resident administrator too; so the initiator stays as the standard has it (D1).
  duties: [
    { event: 'started', unitKind: 'bmm', code: 'AMNSOB' },
    { event: 'message-sent', unitKind: 'bmm', code: 'AMNSOB' },
    { event: 'form-opened', unitKind: 'bmm', code: 'AMNSOB' },
    { event: 'started', unitKind: 'bvc', attribute: 'Amningshjälpen SOB' },
    { event: 'message-sent', unitKind: 'bvc', attribute: 'Amningshjälpen SOB' },
    { event: 'form-opened', unitKind: 'bvc', attribute: 'Amningshjälpen SOB' },
    { event: 'ended', registers: false },
  ],
};
