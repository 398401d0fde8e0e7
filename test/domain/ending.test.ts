import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { programCommands } from '../../src/domain/program/commands.ts';
import { isReadable } from '../../src/domain/program/state.ts';
import { colleague, resident, staff } from './people.ts';
import {
  amning,
  commands,
  ended,
  given,
  handoverInitiated,
  maintenanceClosed,
  ongoing,
  ongoingAmning,
  programId,
  started,
} from './programs.ts';

type End = { reason?: string; residentAware?: boolean; notifyResident?: boolean; maintenance?: { until?: string } };
const end = (differing: End = {}) => ({
  type: 'end-program' as const,
  data: { programId, reason: 'avslutad-enligt-plan', residentAware: true, ...differing },
});
const warned = (...warnedOf: string[]) => ended({ warnedOf });
const startedAt = (at: string) => ({ ...started(), at });

const residentCommands = [
  commands['open-program'],
  commands['open-section'],
  commands['complete-section'],
  commands['finish-module'],
];

describe('an ongoing program', () => {
  test('R021 R225 R226 R230 I19 is ended by its clinician for a reason, without maintenance', () => {
    given(...ongoingAmning())
      .when(end(), {}, amning)
      .thenEvents(ended());
  });

  test.each(['avslutad-enligt-plan', 'avslutad-i-fortid', 'felaktigt-startad', 'annan-orsak'])(
    'R226 R227 is ended for a reason of its template: %s',
    (reason) => {
      given(...ongoingAmning())
        .when(end({ reason }), {}, amning)
        .thenEvents(ended({ reason }));
    },
  );

  test('R227 I19 is refused a reason that its template has not got', () => {
    given(...ongoing())
      .when(end({ reason: 'trott' }))
      .thenRefused('unknown-end-reason');
  });

  test('R226 R227 is not ended without a reason', () => {
    expect(programCommands['end-program'].safeParse({ programId, residentAware: true }).success).toBe(false);
  });

  test('R228 R229 I19 is ended without a notice to the resident where the box is not ticked', () => {
    given(...ongoingAmning())
      .when(end({ notifyResident: false }), {}, amning)
      .thenEvents(ended({ notifyResident: false }));
  });

  test('R021 is refused its end by another clinician', () => {
    given(...ongoing())
      .when(end(), { by: staff(colleague) })
      .thenRefused('not-responsible');
  });

  test('R239 D3 is refused its end while a handover is pending', () => {
    given(...ongoing(), handoverInitiated())
      .when(end())
      .thenRefused('handover-pending');
  });

  test.each(['handover-denied', 'handover-withdrawn'] as const)('D3 is ended after %s', (type) => {
    given(...ongoingAmning(), handoverInitiated(), { type, data: { handoverId: handoverInitiated().data.handoverId } })
      .when(end(), {}, amning)
      .thenEvents(ended());
  });

  test('R081 is ended with a warning when the resident does not know of it', () => {
    given(...ongoingAmning())
      .when(end({ residentAware: false }), {}, amning)
      .thenEvents(ended({ residentAware: false, warnedOf: ['resident-not-aware'] }));
  });

  test('R224 is ended with a warning while follow-ups remain', () => {
    given(startedAt('2026-03-01T23:30:00.000Z'))
      .when(end(), { at: '2027-03-01T22:59:59.999Z' })
      .thenEvents(warned('follow-ups-remain'));
  });

  test('R224 D19 is ended without that warning from the day of the last follow-up', () => {
    given(startedAt('2026-03-01T23:30:00.000Z')).when(end(), { at: '2027-03-01T23:00:00.000Z' }).thenEvents(ended());
  });

  test('R081 R224 is ended with every warning that there is', () => {
    given(...ongoing())
      .when(end({ residentAware: false }))
      .thenEvents(ended({ residentAware: false, warnedOf: ['follow-ups-remain', 'resident-not-aware'] }));
  });

  test('R236 D11 is ended by somebody, not by its age', () => {
    given(...ongoing())
      .when(commands['activate-module'], { at: '2031-01-01T00:00:00.000Z' })
      .thenEvents({ type: 'module-activated', data: { moduleId: 'steg-2' } });
  });

  test('is refused the closing of a maintenance', () => {
    given(...ongoing())
      .when(commands['close-maintenance'])
      .thenRefused('program-not-ended');
  });

  test.each([
    ['2026-03-02T22:59:59.999Z', '2026-05-31'],
    ['2026-03-02T23:00:00.000Z', '2026-06-01'],
  ])('R233 R235 D12 stays readable for 90 days of the calendar where no last day is given: %s', (at, readableUntil) => {
    given(...ongoingAmning())
      .when(end({ maintenance: {} }), { at }, amning)
      .thenEvents(ended({ readableUntil }));
  });

  test('R235 D12 stays readable for as long as the policy says', () => {
    const policy = { ...defaultPolicy, maintenance: { defaultDays: 10, maxDays: 20 } };
    given(...ongoingAmning())
      .when(end({ maintenance: {} }), { policy }, amning)
      .thenEvents(ended({ readableUntil: '2026-03-12' }));
  });

  test.each(['2026-03-02', '2027-03-02'])('R233 R235 D12 stays readable until the last day given: %s', (until) => {
    given(...ongoingAmning())
      .when(end({ maintenance: { until } }), {}, amning)
      .thenEvents(ended({ readableUntil: until }));
  });

  test('R235 D12 is refused a maintenance of more than 365 days', () => {
    given(...ongoing())
      .when(end({ maintenance: { until: '2027-03-03' } }))
      .thenRefused('maintenance-too-long');
  });

  test('R235 does not take a last day that has passed', () => {
    given(...ongoing())
      .when(end({ maintenance: { until: '2026-03-01' } }))
      .thenInvalid('data.maintenance.until', 'in-the-past');
  });
});

describe('a program ended without maintenance', () => {
  test.each(residentCommands)('R231 R232 R238 I20 is refused $type by the resident', (command) => {
    given(...ongoing(), ended())
      .when(command, { by: resident })
      .thenRefused('program-has-ended');
  });

  test('R239 is not ended again', () => {
    given(...ongoing(), ended())
      .when(end())
      .thenRefused('program-has-ended');
  });

  test('D12 has no maintenance to close', () => {
    given(...ongoing(), ended())
      .when(commands['close-maintenance'])
      .thenNothing();
  });

  test('R231 R233 is not readable', () => {
    expect(isReadable({ readableUntil: undefined }, '2026-03-02')).toBe(false);
  });
});

describe('a program in maintenance', () => {
  const history = [...ongoing(), ended({ readableUntil: '2026-05-31' })];
  const lastMoment = '2026-05-31T21:59:59.999Z';
  const dayAfter = '2026-05-31T22:00:00.000Z';

  test('R233 R235 D19 is readable through the end of its last day in Sweden', () => {
    expect(isReadable({ readableUntil: '2026-05-31' }, '2026-05-31')).toBe(true);
    expect(isReadable({ readableUntil: '2026-05-31' }, '2026-06-01')).toBe(false);
  });

  test.each(residentCommands)('R234 D12 I20 is only read by the resident, who is refused $type', (command) => {
    given(...history)
      .when(command, { by: resident, at: lastMoment })
      .thenRefused('read-only');
  });

  test.each(residentCommands)('R235 is over for the resident after its last day: $type', (command) => {
    given(...history)
      .when(command, { by: resident, at: dayAfter })
      .thenRefused('program-has-ended');
  });

  test.each([commands['activate-module'], commands['change-welcome-text'], commands['end-program']])(
    'R238 I20 is refused $type by the clinician',
    (command) => {
      given(...history)
        .when(command)
        .thenRefused('program-has-ended');
    },
  );

  test('D4 is closed early by the clinician', () => {
    given(...history)
      .when(commands['close-maintenance'], { at: lastMoment })
      .thenEvents(maintenanceClosed());
  });

  test('D4 is closed by the responsible clinician only', () => {
    given(...history)
      .when(commands['close-maintenance'], { by: staff(colleague) })
      .thenRefused('not-responsible');
  });

  test('D4 is closed once', () => {
    given(...history, maintenanceClosed())
      .when(commands['close-maintenance'])
      .thenNothing();
  });

  test('R235 D4 is closed already after its last day', () => {
    given(...history)
      .when(commands['close-maintenance'], { at: dayAfter })
      .thenNothing();
  });

  test('R231 D4 is over for the resident once it is closed', () => {
    given(...history, maintenanceClosed())
      .when(commands['open-program'], { by: resident })
      .thenRefused('program-has-ended');
  });

  test('D4 is closed without the content of its template', () => {
    given(...history)
      .when(commands['close-maintenance'], {}, { template: undefined })
      .thenEvents(maintenanceClosed());
  });
});
