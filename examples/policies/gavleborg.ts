import type { Policy } from 'folja';

/**
 * Region Gävleborg, as its manual for *Tobakshjälpen* has it: no list of professions and no registration codes, a flag for a submitted form
 * that is to be acted on, and contents that stay readable for a time after the end (R141, R235). Everything else is the standard.
 */
export const gavleborg: Partial<Policy> = {
  id: 'gavleborg-1',
  maintenance: { defaultDays: 180, maxDays: 365 },
  severities: { message: 'action', comment: 'action', form: 'action', 'activity-missed': 'info', handover: 'info' },
  duties: [
    { event: 'started', registers: false },
    { event: 'ended', registers: false },
  ],
};
