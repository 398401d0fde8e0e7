import { describe, expect, test } from 'vitest';
import { handoverCommands } from '../../src/domain/handover/commands.ts';
import {
  approve,
  approved,
  denied,
  deny,
  fold,
  given,
  handedOver,
  initiate,
  receiver,
  receiving,
  sending,
  withdraw,
  withdrawn,
} from './handovers.ts';
import { made, maternityUnit, midwife, nurse, otherProvider, staff, uuid } from './people.ts';
import { ended, handoverId, handoverInitiated, ongoing, purged, started } from './programs.ts';

const pending = () => [...ongoing(), handoverInitiated()];

describe('an ongoing program', () => {
  test('R026 R185 R186 R189 R191 is to be handed over to another unit', () => {
    given(...ongoing())
      .when(initiate())
      .thenEvents(handoverInitiated());
  });

  test('R185 is to be handed over under an id that the command makes', () => {
    const { handoverId: _, ...data } = initiate().data;
    given(...ongoing())
      .when({ type: 'initiate-handover', data })
      .thenEvents({
        type: 'handover-initiated',
        data: { ...handoverInitiated().data, handoverId: made.handover },
      });
  });

  test('R190 D16 is not, unless the resident is informed', () => {
    given(...ongoing())
      .when(initiate({ residentInformed: false }))
      .thenRefused('not-attested');
  });

  test('R206 is not handed over to its own unit', () => {
    given(...ongoing())
      .when(initiate({ toUnit: maternityUnit }))
      .thenRefused('same-unit');
  });

  test('R191 R206 is not handed over to a unit that nobody knows', () => {
    given(...ongoing())
      .when(initiate(), {}, { receiver: undefined })
      .thenRefused('unknown-unit');
  });

  test('R206 is not handed over to a unit that is not ready for it', () => {
    given(...ongoing())
      .when(initiate(), {}, receiver({ ready: false }))
      .thenRefused('receiver-not-ready');
  });

  test.each([
    ['production', 'training'],
    ['training', 'production'],
  ] as const)('R060 D26 is not handed over from %s to %s', (from, to) => {
    given(started({ environment: from }))
      .when(initiate(), {}, receiver({ environment: to }))
      .thenRefused('training-data-only');
  });

  test('R060 D26 is handed over within training', () => {
    given(started({ environment: 'training' }))
      .when(initiate(), {}, receiver({ environment: 'training' }))
      .thenEvents(handoverInitiated());
  });

  test('D16 is not handed over to another care provider without a basis for disclosure', () => {
    given(...ongoing())
      .when(initiate(), {}, receiver({ careProviderId: otherProvider }))
      .thenRefused('disclosure-basis-missing');
  });

  test('D16 is handed over to another care provider on a basis, which is kept', () => {
    given(...ongoing())
      .when(initiate({ disclosureBasis: 'consent' }), {}, receiver({ careProviderId: otherProvider }))
      .thenEvents({
        type: 'handover-initiated',
        data: { ...handoverInitiated().data, disclosureBasis: 'consent' },
      });
  });

  test('D27 does not tell the sender that the resident has the same program there', () => {
    given(...ongoing())
      .when(initiate(), {}, receiver({ alreadyOngoing: true }))
      .thenEvents(handoverInitiated());
  });

  test.each([approve(), deny(), withdraw()])('R205 has no handover for $type', (command) => {
    given(...ongoing())
      .when(command, receiving)
      .thenRefused('unknown-handover');
  });
});

describe('a pending handover', () => {
  test('R205 I15 is the only one', () => {
    given(...pending())
      .when(initiate({ handoverId: uuid(22) }))
      .thenRefused('handover-pending');
  });

  test('R205 is not initiated again', () => {
    given(...pending())
      .when(initiate())
      .thenRefused('handover-pending');
  });

  test('R188 R192 I15 moves nothing', () => {
    expect(fold(...pending())).toMatchObject({ program: 'ongoing', unitId: maternityUnit });
  });

  test('R027 R188 R198 R199 R201 I15 is approved together with the assignment of a clinician', () => {
    given(...pending())
      .when(approve(), receiving)
      .thenEvents(approved(), handedOver());
  });

  test('R207 takes the care provider and county of the receiver with it', () => {
    given(...pending())
      .when(approve(), receiving, receiver({ careProviderId: otherProvider, county: 'Gävleborg' }))
      .thenEvents(approved(), {
        ...handedOver(nurse, otherProvider),
        data: { ...handedOver(nurse, otherProvider).data, county: 'Gävleborg' },
      });
  });

  test('R200 I04 I15 is not approved for a clinician who cannot be responsible at the receiver', () => {
    given(...pending())
      .when(approve(midwife), receiving, receiver({ clinicianEligible: false }))
      .thenRefused('clinician-not-eligible');
  });

  test('R201 is not approved without a clinician', () => {
    expect(handoverCommands['approve-handover'].safeParse({ handoverId }).success).toBe(false);
  });

  test('R206 is not approved once the receiver is not ready any more', () => {
    given(...pending())
      .when(approve(), receiving, receiver({ ready: false }))
      .thenRefused('receiver-not-ready');
    given(...pending())
      .when(approve(), receiving, { receiver: undefined })
      .thenRefused('receiver-not-ready');
  });

  test('D27 is not approved while the resident has the same program ongoing at the receiver', () => {
    given(...pending())
      .when(approve(), receiving, receiver({ alreadyOngoing: true }))
      .thenRefused('program-already-ongoing');
  });

  test.each([undefined, 'wrong-unit', 'moved'])('R027 R204 D2 is denied, with a reason or without: %s', (reason) => {
    given(...pending())
      .when(deny(reason), receiving)
      .thenEvents(denied(reason));
  });

  test('D2 is withdrawn by the sender', () => {
    given(...pending())
      .when(withdraw(), sending)
      .thenEvents(withdrawn());
  });

  test.each([approve(), deny()])('R040 R188 I15 is not decided by the sender: $type', (command) => {
    given(...pending())
      .when(command, sending)
      .thenRefused('wrong-unit');
  });

  test('R040 D2 is not withdrawn by the receiver', () => {
    given(...pending())
      .when(withdraw(), receiving)
      .thenRefused('wrong-unit');
  });

  test.each([approve(), deny(), withdraw()])('R040 is not decided by a third unit: $type', (command) => {
    given(...pending())
      .when(command, { by: staff(nurse, 'resident-administrator', 'SE162321000255-BVC2') })
      .thenRefused('wrong-unit');
  });

  test('D2 does not expire', () => {
    given(...pending())
      .when(approve(), { ...receiving, at: '2030-01-01T00:00:00.000Z' })
      .thenEvents(approved(), handedOver());
  });
});

describe('a program that is not ongoing', () => {
  test('R185 is not handed over before its start', () => {
    given().when(initiate()).thenRefused('unknown-program');
  });

  test('R238 is not handed over after its end', () => {
    given(...ongoing(), ended())
      .when(initiate())
      .thenRefused('program-has-ended');
  });

  test('R246 is not handed over after its purge', () => {
    given(...ongoing(), ended(), purged())
      .when(initiate())
      .thenRefused('program-purged');
  });
});
