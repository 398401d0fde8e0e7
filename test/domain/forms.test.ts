import { describe, expect, test } from 'vitest';
import { programCommands } from '../../src/domain/program/commands.ts';
import { followUpDay } from '../../src/domain/program/forms.ts';
import { formKey } from '../../src/domain/program/state.ts';
import { colleague, resident, staff } from './people.ts';
import {
  activated,
  answers,
  commands,
  completed,
  deactivated,
  ended,
  fold,
  formOf,
  formOpened,
  formSaved,
  formSubmitted,
  given,
  type History,
  ongoing,
  programId,
  started,
} from './programs.ts';

const byResident = { by: resident };
type Place = { moduleId?: string; formId?: string };
const save = (place: Place = {}, written: Readonly<Record<string, string>> = answers) => ({
  type: 'save-form' as const,
  data: { programId, ...formOf(), ...place, answers: { ...written } },
});
const submit = (place: Place = {}, written: Readonly<Record<string, string>> = answers) => ({
  ...save(place, written),
  type: 'submit-form' as const,
});
const open = (place: Place = {}) => ({ type: 'open-form' as const, data: { programId, ...formOf(), ...place } });
const answering = [save(), submit()];
const happened = (type: 'save-form' | 'submit-form', place: Place = {}) => ({
  type: type === 'save-form' ? ('form-saved' as const) : ('form-submitted' as const),
  data: { ...formOf(), ...place },
  sealed: { answers },
});
const stateOfForm = (...history: History) => {
  const program = fold(...history);
  return 'forms' in program ? program.forms.get(formKey('steg-1', 'fragor')) : undefined;
};

describe('a form of an open module', () => {
  test.each(answering)('R140 takes $type', (command) => {
    given(...ongoing())
      .when(command, byResident)
      .thenEvents(happened(command.type));
  });

  test('R140 is a draft for as long as it is saved, and unread once it is submitted', () => {
    expect(stateOfForm(...ongoing())).toBeUndefined();
    expect(stateOfForm(...ongoing(), formSaved(), formSaved())).toBe('draft');
    expect(stateOfForm(...ongoing(), formSaved(), formSubmitted())).toBe('unread');
  });

  test('R140 is saved as often as the resident saves it', () => {
    given(...ongoing(), formSaved())
      .when(save(), byResident)
      .thenEvents(formSaved());
  });

  test('R140 is submitted with or without a draft before it', () => {
    given(...ongoing(), formSaved())
      .when(submit(), byResident)
      .thenEvents(formSubmitted());
  });

  test.each([save, submit])('R140 leaves questions unanswered or empty', (command) => {
    for (const written of [{}, { 'fraga-1': '' }]) {
      const { type, data } = command({}, written);
      given(...ongoing())
        .when({ type, data } as ReturnType<typeof save>, byResident)
        .thenEvents({ ...happened(type), sealed: { answers: written } });
    }
  });

  test.each([
    ['is saved', save()],
    ['is submitted', submit()],
  ])('R140 I10 that is submitted is for ever: not when it %s again', (_, command) => {
    given(...ongoing(), formSubmitted())
      .when(command, byResident)
      .thenRefused('form-already-submitted');
    given(...ongoing(), formSubmitted(), formOpened())
      .when(command, byResident)
      .thenRefused('form-already-submitted');
  });

  test('R140 I10 that is submitted stays so, whatever is saved late', () => {
    expect(stateOfForm(...ongoing(), formSubmitted(), formSaved())).toBe('unread');
    expect(stateOfForm(...ongoing(), formSubmitted(), formOpened(), formSaved())).toBe('opened');
  });

  test.each([save, submit])('R140 takes no answer to a question that it has not got', (command) => {
    for (const question of ['fraga-2', '__proto__', 'constructor']) {
      const written = Object.fromEntries([
        ['fraga-1', 'Ja'],
        [question, 'Nej'],
      ]);
      const { type, data } = command();
      given(...ongoing())
        .when({ type, data: { ...data, answers: written } } as ReturnType<typeof save>, byResident)
        .thenInvalid('data.answers', 'unknown-question');
    }
  });

  test.each(answering)('R140 is refused $type about what its template has not got', ({ type, data }) => {
    const about = (place: Place) => ({ type, data: { ...data, ...place } }) as ReturnType<typeof save>;
    given(...ongoing())
      .when(about({ moduleId: 'steg-99' }), byResident)
      .thenRefused('unknown-module');
    given(...ongoing())
      .when(about({ formId: 'avslutningsfragor' }), byResident)
      .thenRefused('unknown-form');
  });

  test('R146 R147 R223 is the closing questions too, beside the form of its step', () => {
    const place = { moduleId: 'steg-7', formId: 'avslutningsfragor' };
    const history = [...ongoing(), activated('steg-7'), { ...formSubmitted(), data: formOf('steg-7') }];
    given(...history)
      .when(submit(place), byResident)
      .thenEvents(happened('submit-form', place));
  });

  test('R140 holds two hundred answers at most, each of ten thousand characters at most', () => {
    const schema = programCommands['save-form'];
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`q-${index}`, '']));
    const fits = (written: object) => schema.safeParse({ ...save().data, answers: written }).success;
    expect([fits(many(200)), fits(many(201))]).toEqual([true, false]);
    expect([fits({ q: 'x'.repeat(10_000) }), fits({ q: 'x'.repeat(10_001) })]).toEqual([true, false]);
  });
});

describe('a form of a module that takes no answers', () => {
  test.each(answering)('R118 I05 is refused $type before its module is opened', ({ type, data }) => {
    given(...ongoing())
      .when({ type, data: { ...data, moduleId: 'steg-2' } } as ReturnType<typeof save>, byResident)
      .thenRefused('module-not-open');
  });

  test.each(answering)('R123 is refused $type once its module is closed', (command) => {
    given(...ongoing(), deactivated('steg-1'))
      .when(command, byResident)
      .thenRefused('module-not-open');
  });

  test.each(answering)('D13 is refused $type once its module is completed', (command) => {
    given(...ongoing(), completed('steg-1'))
      .when(command, byResident)
      .thenRefused('module-completed');
  });

  test.each(answering)('R131 D6 D19 is refused $type from the day after the last in Sweden', (command) => {
    const history = [started(), activated('steg-1', 7)];
    given(...history)
      .when(command, { ...byResident, at: '2026-03-09T22:59:59.999Z' })
      .thenEvents(happened(command.type));
    given(...history)
      .when(command, { ...byResident, at: '2026-03-09T23:00:00.000Z' })
      .thenRefused('module-time-expired');
  });

  test('R129 R131 D6 takes answers again when its module is given more days', () => {
    const extended = { type: 'module-days-changed' as const, data: { moduleId: 'steg-1', days: 30 } };
    given(started(), activated('steg-1', 7), formSaved(), extended)
      .when(submit(), { ...byResident, at: '2026-03-20T08:00:00.000Z' })
      .thenEvents(formSubmitted());
  });
});

describe('the form of a follow-up', () => {
  const place = { moduleId: 'steg-5', formId: 'fragor' };
  const dueDay = '2026-06-02';
  const due = { ...byResident, at: `${dueDay}T08:00:00.000Z` };

  test('R222 D25 is due by months from the start, the last of a month that is too short', () => {
    expect(followUpDay('2026-03-02', { afterMonths: 3 })).toBe(dueDay);
    expect(followUpDay('2026-11-30', { afterMonths: 3 })).toBe('2027-02-28');
  });

  test.each([
    ['never opened', []],
    ['closed', [activated('steg-5'), deactivated('steg-5')]],
    ['completed', [activated('steg-5'), completed('steg-5')]],
    ['out of days', [activated('steg-5', 7)]],
  ])('R221 R222 D25 takes answers from its due day on in a module that is %s', (_, history) => {
    for (const command of [save(place), submit(place)])
      given(...ongoing(), ...history)
        .when(command, due)
        .thenEvents(happened(command.type, place));
  });

  test('R222 D19 D25 takes none the day before, but as any form of its module does', () => {
    const before = { ...byResident, at: '2026-06-01T21:59:59.999Z' };
    given(...ongoing())
      .when(submit(place), before)
      .thenRefused('module-not-open');
    given(...ongoing(), activated('steg-5'))
      .when(submit(place), before)
      .thenEvents(happened('submit-form', place));
    given(...ongoing())
      .when(submit(place), { ...byResident, at: '2026-06-01T22:00:00.000Z' })
      .thenEvents(happened('submit-form', place));
  });

  test('R222 D19 D25 counts its months from the day of the start in Sweden', () => {
    const late = ongoing().map((event) => ({ ...event, at: '2026-03-01T23:30:00.000Z' }));
    given(...late)
      .when(submit(place), { ...byResident, at: '2026-06-01T21:59:59.999Z' })
      .thenRefused('module-not-open');
    given(...late)
      .when(submit(place), due)
      .thenEvents(happened('submit-form', place));
  });

  test('D25 opens no other form, of its module or of another', () => {
    for (const other of [
      { moduleId: 'steg-7', formId: 'avslutningsfragor' },
      { moduleId: 'steg-2', formId: 'fragor' },
    ])
      given(...ongoing())
        .when(submit(other), { ...byResident, at: '2027-06-02T08:00:00.000Z' })
        .thenRefused('module-not-open');
  });

  test('R140 I10 D25 is submitted once', () => {
    given(...ongoing(), { ...formSubmitted(), data: place })
      .when(submit(place), due)
      .thenRefused('form-already-submitted');
  });
});

describe('a submitted form', () => {
  const history = [...ongoing(), formSubmitted()];

  test('R141 R142 R144 I10 is opened by the clinician', () => {
    given(...history)
      .when(open())
      .thenEvents(formOpened());
    expect(stateOfForm(...history, formOpened())).toBe('opened');
  });

  test('R145 I10 is opened once', () => {
    given(...history, formOpened())
      .when(open())
      .thenNothing();
  });

  test('R142 is opened whatever has become of its module', () => {
    for (const event of [completed('steg-1'), deactivated('steg-1')])
      given(...history, event)
        .when(open())
        .thenEvents(formOpened());
  });

  test('R142 D24 is opened after the end too, once', () => {
    given(...history, ended())
      .when(open())
      .thenEvents(formOpened());
    given(...history, ended(), formOpened())
      .when(open())
      .thenNothing();
  });

  test('R018 R142 is opened by the responsible clinician only', () => {
    given(...history)
      .when(open(), { by: staff(colleague) })
      .thenRefused('not-responsible');
  });

  test.each([
    ['untouched', []],
    ['a draft', [formSaved()]],
  ])('R140 R142 is what is opened, and not a form that is %s', (_, before) => {
    given(...ongoing(), ...before)
      .when(open())
      .thenRefused('form-not-submitted');
  });

  test('R142 is one of its template', () => {
    given(...history)
      .when(open({ moduleId: 'steg-99' }))
      .thenRefused('unknown-module');
    given(...history)
      .when(open({ formId: 'avslutningsfragor' }))
      .thenRefused('unknown-form');
    given(...history)
      .when(commands['open-form'])
      .thenEvents(formOpened());
  });
});
