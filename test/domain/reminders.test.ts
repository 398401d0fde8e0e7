import { describe, expect, test } from 'vitest';
import { programCommands } from '../../src/domain/program/commands.ts';
import { colleague, staff, uuid } from './people.ts';
import {
  activated,
  commands,
  completed,
  deactivated,
  ended,
  firstOccasion,
  fold,
  formOpened,
  formSubmitted,
  given,
  ongoing,
  planCreated,
  planId,
  programId,
  registered,
} from './programs.ts';

type Subject = { moduleId: string } | { followUpId: string } | { planId: string };
const clock = { by: { kind: 'system', process: 'clock' } } as const;
const remind = (about: Subject, due?: string) => ({
  type: 'send-reminder' as const,
  data: { programId, about, ...(due === undefined ? {} : { due }) },
});
const reminded = (about: Subject, due?: string) => ({
  type: 'reminder-sent' as const,
  data: { about, ...(due === undefined ? {} : { due }) },
});

describe('a reminder of a module', () => {
  const about = { moduleId: 'steg-1' };

  test('R170 R221 is sent by the clinician while the module is open, as often as the clinician wants', () => {
    given(...ongoing())
      .when(remind(about))
      .thenEvents(reminded(about));
    given(...ongoing(), reminded(about))
      .when(remind(about))
      .thenEvents(reminded(about));
  });

  test('R170 changes nothing in the program', () => {
    expect(fold(...ongoing(), reminded(about))).toEqual(fold(...ongoing()));
  });

  test.each([
    ['unknown-module', 'has not got', { moduleId: 'steg-99' }, []],
    ['module-not-open', 'never opened', { moduleId: 'steg-2' }, []],
    ['module-not-open', 'has closed', about, [deactivated('steg-1')]],
    ['module-completed', 'has completed', about, [completed('steg-1')]],
  ] as const)('R170 is refused as %s about one that the program %s', (code, _, subject, after) => {
    given(...ongoing(), ...after)
      .when(remind(subject))
      .thenRefused(code);
  });

  test('R018 R170 is sent by no other clinician than the responsible one', () => {
    given(...ongoing())
      .when(remind(about), { by: staff(colleague) })
      .thenRefused('not-responsible');
  });

  test('R170 is about one thing', () => {
    const fits = (subject: object) => programCommands['send-reminder'].safeParse({ programId, about: subject }).success;
    expect(fits(about)).toBe(true);
    expect([fits({}), fits({ ...about, planId }), fits({ formId: 'fragor' })]).toEqual([false, false, false]);
  });
});

describe('a reminder of a follow-up', () => {
  const about = { followUpId: 'uppfoljning-3' };
  const place = { moduleId: 'steg-5', formId: 'fragor' };
  const due = { at: '2026-06-01T22:00:00.000Z' };

  test('R221 D19 D25 is sent from its due day on, whatever the state of its module', () => {
    for (const history of [[], [activated('steg-5'), completed('steg-5')]]) {
      given(...ongoing(), ...history)
        .when(remind(about), { at: '2026-06-01T21:59:59.999Z' })
        .thenRefused('module-not-open');
      given(...ongoing(), ...history)
        .when(remind(about), due)
        .thenEvents(reminded(about));
    }
  });

  test('R221 D19 is due by months from the day of the start in Sweden', () => {
    const late = ongoing().map((event) => ({ ...event, at: '2026-03-01T23:30:00.000Z' }));
    given(...late)
      .when(remind(about), { at: '2026-06-01T21:59:59.999Z' })
      .thenRefused('module-not-open');
    given(...late)
      .when(remind(about), due)
      .thenEvents(reminded(about));
  });

  test('R221 is sent by the clock too, which tells the day', () => {
    given(...ongoing())
      .when(remind(about, '2026-06-01T22:00:00.000Z'), { ...due, ...clock })
      .thenEvents(reminded(about, '2026-06-01T22:00:00.000Z'));
  });

  test('R221 has come due when the clock says so, and staff says nothing of it', () => {
    for (const [told, by] of [
      ['2026-06-01T22:00:00.001Z', clock],
      ['2026-06-01T22:00:00.000Z', {}],
    ] as const)
      given(...ongoing())
        .when(remind(about, told), { ...due, ...by })
        .thenInvalid('data.due', 'invalid-value');
    given(...ongoing())
      .when(remind({ moduleId: 'steg-1' }, '2026-03-02T08:00:00.000Z'), clock)
      .thenInvalid('data.due', 'invalid-value');
  });

  test('R221 is not sent once its form is submitted', () => {
    for (const after of [[], [formOpened()]])
      given(...ongoing(), ...[formSubmitted(), ...after].map((event) => ({ ...event, data: place })))
        .when(remind(about), due)
        .thenRefused('form-already-submitted');
  });

  test('R221 is still sent when another form is submitted, or this one only saved', () => {
    const saved = { type: 'form-saved' as const, data: place };
    given(...ongoing(), formSubmitted(), saved)
      .when(remind(about), due)
      .thenEvents(reminded(about));
  });

  test('R221 is about one that the template has', () => {
    given(...ongoing())
      .when(remind({ followUpId: 'uppfoljning-99' }), due)
      .thenRefused('unknown-form');
  });
});

describe('a reminder of an activity plan', () => {
  const about = { planId };
  const history = [...ongoing(), planCreated()];

  test('R170 is sent by the clinician, of no occasion', () => {
    given(...history)
      .when(remind(about))
      .thenEvents(reminded(about));
  });

  test('R170 is sent by the clock, of an occasion that has come', () => {
    given(...history)
      .when(remind(about, firstOccasion), { ...clock, at: firstOccasion })
      .thenEvents(reminded(about, firstOccasion));
  });

  test('R170 is sent of one that is closed too: a clock that stood still comes to the same', () => {
    given(...history)
      .when(remind(about, firstOccasion), { ...clock, at: '2026-03-02T23:00:00.000Z' })
      .thenEvents(reminded(about, firstOccasion));
  });

  test('R170 is refused of one that has not come, and of an instant that is none', () => {
    given(...history)
      .when(remind(about, firstOccasion), { ...clock, at: '2026-03-02T05:59:59.999Z' })
      .thenRefused('outside-occasion');
    given(...history)
      .when(remind(about, '2026-03-02T06:00:00.001Z'), clock)
      .thenRefused('outside-occasion');
  });

  test('R170 R220 is refused of an occasion that is filled in, and not of another', () => {
    given(...history, registered())
      .when(remind(about, firstOccasion), clock)
      .thenRefused('already-registered');
    given(...history, registered())
      .when(remind(about))
      .thenEvents(reminded(about));
  });

  test('R170 is refused of a plan that is stopped, or unknown', () => {
    given(...history, { type: 'activity-plan-stopped', data: { planId } })
      .when(remind(about))
      .thenRefused('plan-stopped');
    given(...history)
      .when(remind({ planId: uuid(62) }))
      .thenRefused('unknown-plan');
  });
});

describe('an ended program', () => {
  test('R238 is reminded of nothing, by the clinician or the clock', () => {
    for (const acting of [{}, clock])
      given(...ongoing(), ended())
        .when(commands['send-reminder'], acting)
        .thenRefused('program-has-ended');
  });
});
