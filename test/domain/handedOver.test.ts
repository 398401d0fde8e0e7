import { describe, expect, test } from 'vitest';
import { approved, denied, handedOver, withdrawn } from './handovers.ts';
import { childUnit, made, midwife, nurse, resident, staff } from './people.ts';
import {
  activated,
  commands,
  completed,
  conversation,
  conversationId,
  fold,
  given,
  handoverInitiated,
  madeCurrent,
  message,
  ongoing,
} from './programs.ts';

const pending = () => [...ongoing(), handoverInitiated()];
const history = () => [...pending(), approved(), handedOver()];

describe('a program with a pending handover', () => {
  test('R192 I13 is still the sending clinician’s', () => {
    given(...pending())
      .when(commands['activate-module'])
      .thenEvents(activated('steg-2'));
    given(...pending())
      .when(commands['activate-module'], { by: staff(nurse, 'clinician', childUnit) })
      .thenRefused('not-responsible');
  });

  test.each([
    ['denied', denied()],
    ['withdrawn', withdrawn()],
  ])('R204 R205 D2 I16 is as before once it is %s', (_, event) => {
    expect(fold(...pending(), event)).toEqual(fold(...ongoing()));
  });
});

describe('a program that has been handed over', () => {
  test('R201 R207 belongs to the new unit and the new clinician', () => {
    expect(fold(...history())).toMatchObject({ status: 'ongoing', unitId: childUnit, clinician: nurse });
  });

  test('R207 takes no command from the former clinician', () => {
    given(...history())
      .when(commands['activate-module'], { by: staff(midwife) })
      .thenRefused('not-responsible');
    given(...history())
      .when(commands['activate-module'], { by: staff(nurse, 'clinician', childUnit) })
      .thenEvents(activated('steg-2'));
  });

  test('R184 I13 has the resident’s messages addressed to the new clinician', () => {
    const { body } = commands.reply.data;
    given(...pending(), conversation(), message(), approved(), handedOver())
      .when(commands.reply, { by: resident })
      .thenEvents({
        type: 'message-sent',
        data: { conversationId, messageId: made.message, from: 'resident', addressee: nurse, notifyInbox: false },
        sealed: { body },
      });
  });

  test('R208 R270 I18 keeps its version, progress, conversations and modules', () => {
    const before = [
      ...ongoing(),
      activated('steg-2', 14),
      madeCurrent('steg-2'),
      completed('steg-1'),
      { type: 'section-opened' as const, data: { moduleId: 'steg-2', sectionId: 'avsnitt-1' } },
      conversation('resident'),
      message('resident'),
    ];
    expect(fold(...before, handoverInitiated(), approved(), handedOver())).toEqual({
      ...fold(...before),
      unitId: childUnit,
      clinician: nurse,
    });
  });

  test('R007 R208 stays open to the resident', () => {
    given(...history())
      .when(commands['open-section'], { by: resident })
      .thenEvents({ type: 'section-opened', data: { moduleId: 'steg-1', sectionId: 'avsnitt-1' } });
  });

  test('R021 D3 is ended by the new clinician', () => {
    given(...history())
      .when(commands['end-program'], { by: staff(midwife) })
      .thenRefused('not-responsible');
    given(...history())
      .when(commands['end-program'], { by: staff(nurse, 'clinician', childUnit) })
      .thenEvents({
        type: 'ended',
        data: {
          reason: 'avslutad-enligt-plan',
          residentAware: true,
          notifyResident: true,
          warnedOf: ['follow-ups-remain'],
        },
      });
  });
});
