import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../src/domain/policy.ts';
import type { ProgramCommand } from '../../src/domain/program/commands.ts';
import { colleague, midwife, nurse, secretary, staff } from './people.ts';
import {
  activated,
  clinicianChanged,
  commands,
  conversation,
  ended,
  fold,
  given,
  handoverInitiated,
  madeCurrent,
  message,
  ongoing,
  programId,
  purged,
} from './programs.ts';

const welcomeChanged = { type: 'welcome-text-changed' as const, data: {} };
const welcome = (text: string) => ({ type: 'change-welcome-text' as const, data: { programId, text } });
const administrator = staff(secretary, 'resident-administrator');

const ofTheResponsible: readonly ProgramCommand[] = [
  commands['change-welcome-text'],
  commands['activate-module'],
  commands['set-current-module'],
  commands['complete-module'],
  commands['change-module-days'],
  commands['deactivate-module'],
  commands['start-conversation'],
  commands.reply,
  commands['read-conversation'],
  commands['end-program'],
];

describe('an ongoing program', () => {
  test('R096 R097 R098 has its welcome text changed for this resident alone', () => {
    given(...ongoing())
      .when(welcome('Hej!'), {}, { sameText: false })
      .thenEvents({ ...welcomeChanged, sealed: { text: 'Hej!' } });
    given(...ongoing())
      .when(welcome('Hej!'))
      .thenEvents({ ...welcomeChanged, sealed: { text: 'Hej!' } });
  });

  test('R097 keeps its welcome text when it is saved unchanged', () => {
    given(...ongoing(), welcomeChanged)
      .when(welcome('Hej!'), {}, { sameText: true })
      .thenNothing();
  });

  test.each(['illness', 'vacation'])('R024 R209 is given another clinician for %s', (reason) => {
    given(...ongoing())
      .when({ type: 'change-clinician', data: { programId, clinician: colleague, reason } }, { by: administrator })
      .thenEvents({ type: 'clinician-changed', data: { from: midwife, to: colleague, reason } });
  });

  test('R210 has that clinician already', () => {
    given(...ongoing(), clinicianChanged())
      .when(commands['change-clinician'], { by: administrator })
      .thenNothing();
  });

  test('R210 D23 keeps a clinician who is no longer fit until somebody reassigns it', () => {
    given(...ongoing())
      .when(
        { type: 'change-clinician', data: { programId, clinician: midwife, reason: 'illness' } },
        {},
        {
          clinicianUnfit: 'staff-not-active',
        },
      )
      .thenNothing();
  });

  test.each(['unknown-staff', 'staff-not-active', 'role-missing', 'assignment-missing', 'training-missing'] as const)(
    'R210 I04 is refused a clinician of whom it is so: %s',
    (clinicianUnfit) => {
      given(...ongoing())
        .when(commands['change-clinician'], { by: administrator }, { clinicianUnfit })
        .thenRefused('clinician-not-eligible');
    },
  );

  test('R210 is otherwise as it was when its clinician is changed', () => {
    const history = [...ongoing(), activated('steg-2'), madeCurrent('steg-2'), conversation(), message()];
    expect(fold(...history, clinicianChanged())).toEqual({ ...fold(...history), clinician: colleague });
  });

  test.each(ofTheResponsible)('R018 R019 R021 takes $type from the responsible clinician only', (command) => {
    given(...ongoing(), conversation())
      .when(command, { by: staff(colleague) })
      .thenRefused('not-responsible');
  });

  test('R207 R210 takes commands from the new clinician, and from the former no more', () => {
    given(...ongoing(), clinicianChanged())
      .when(commands['activate-module'], { by: staff(midwife) })
      .thenRefused('not-responsible');
    given(...ongoing(), clinicianChanged())
      .when(commands['activate-module'], { by: staff(colleague) })
      .thenEvents(activated('steg-2'));
  });

  test('R024 is given another clinician while a handover is pending', () => {
    given(...ongoing(), handoverInitiated())
      .when(commands['change-clinician'], { by: administrator })
      .thenEvents(clinicianChanged());
  });

  test('D8 is not ended by a resident administrator', () => {
    given(...ongoing())
      .when(commands['end-program'], { by: administrator })
      .thenRefused('not-responsible');
  });

  describe('where the policy lets resident administrators end', () => {
    const policy = { ...defaultPolicy, ending: { byResidentAdministrator: true } };

    test('D8 is ended by one', () => {
      given(...ongoing())
        .when(commands['end-program'], { by: administrator, policy })
        .thenEvents(ended({ warnedOf: ['follow-ups-remain'] }));
    });

    test('D8 is not ended by another clinician', () => {
      given(...ongoing())
        .when(commands['end-program'], { by: staff(nurse), policy })
        .thenRefused('not-responsible');
    });

    test('D8 takes no other command from the administrator', () => {
      given(...ongoing())
        .when(commands['complete-module'], { by: administrator, policy })
        .thenRefused('not-responsible');
    });
  });
});

describe('an ended program', () => {
  test.each([commands['change-welcome-text'], commands['change-clinician']])('R238 is refused $type', (command) => {
    given(...ongoing(), ended())
      .when(command)
      .thenRefused('program-has-ended');
  });

  test('R018 is refused to another clinician as not theirs', () => {
    given(...ongoing(), ended())
      .when(commands['change-welcome-text'], { by: staff(colleague) })
      .thenRefused('not-responsible');
  });
});

describe('a purged program', () => {
  test.each(Object.values(commands).filter(({ type }) => type !== 'purge-program' && type !== 'start-program'))(
    'R246 is refused $type',
    (command) => {
      given(...ongoing(), ended(), purged())
        .when(command)
        .thenRefused('program-purged');
    },
  );
});
