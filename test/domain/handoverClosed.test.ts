import { describe, expect, test } from 'vitest';
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
import { childUnit, maternityUnit, midwife, nurse, otherProvider, region, uuid } from './people.ts';
import { handoverInitiated, ongoing } from './programs.ts';

const pending = () => [...ongoing(), handoverInitiated()];

describe('an approved handover', () => {
  const history = () => [...pending(), approved(), handedOver()];

  test('R201 R207 has moved the program', () => {
    expect(fold(...history())).toMatchObject({ unitId: childUnit, careProviderId: region });
  });

  test('R198 is approved already', () => {
    given(...history())
      .when(approve(), receiving)
      .thenNothing();
  });

  test('R200 R205 is not approved again for another clinician', () => {
    given(...history())
      .when(approve(midwife), receiving)
      .thenRefused('handover-closed');
  });

  test('R205 is not denied, nor withdrawn', () => {
    given(...history())
      .when(deny(), receiving)
      .thenRefused('handover-closed');
    given(...history())
      .when(withdraw(), sending)
      .thenRefused('handover-closed');
  });

  test('R040 is not approved again by the sender', () => {
    given(...history())
      .when(approve(), sending)
      .thenRefused('wrong-unit');
  });

  test('R185 R206 lets the program be handed over again, by its new unit', () => {
    given(...history())
      .when(initiate({ handoverId: uuid(22), toUnit: maternityUnit }), receiving, receiver({ unitId: maternityUnit }))
      .thenEvents({
        type: 'handover-initiated',
        data: { handoverId: uuid(22), fromUnit: childUnit, toUnit: maternityUnit, residentInformed: true },
      });
    given(...history())
      .when(initiate({ handoverId: uuid(22) }), receiving)
      .thenRefused('same-unit');
  });

  test('D16 judges the next handover by the new care provider', () => {
    given(...pending(), approved(), handedOver(nurse, otherProvider))
      .when(initiate({ handoverId: uuid(22), toUnit: maternityUnit }), receiving, receiver({ unitId: maternityUnit }))
      .thenRefused('disclosure-basis-missing');
  });
});

describe('a denied handover', () => {
  const history = () => [...pending(), denied('moved')];

  test('R204 I15 I16 leaves the program where it was', () => {
    const { handovers: _, ...before } = fold(...ongoing());
    expect(fold(...history())).toMatchObject(before);
  });

  test('R204 D2 is denied already, whatever the reason', () => {
    given(...history())
      .when(deny('moved'), receiving)
      .thenNothing();
    given(...history())
      .when(deny(), receiving)
      .thenNothing();
  });

  test('R205 is not approved, nor withdrawn', () => {
    given(...history())
      .when(approve(), receiving)
      .thenRefused('handover-closed');
    given(...history())
      .when(withdraw(), sending)
      .thenRefused('handover-closed');
  });

  test('D2 is followed by a new one', () => {
    given(...history())
      .when(initiate({ handoverId: uuid(22) }))
      .thenEvents({ type: 'handover-initiated', data: { ...handoverInitiated().data, handoverId: uuid(22) } });
  });

  test('R205 is not initiated again under its own id', () => {
    given(...history())
      .when(initiate())
      .thenRefused('handover-closed');
  });
});

describe('a withdrawn handover', () => {
  const history = () => [...pending(), withdrawn()];

  test('D2 is withdrawn already', () => {
    given(...history())
      .when(withdraw(), sending)
      .thenNothing();
  });

  test.each([approve(), deny()])('R205 D2 is refused $type', (command) => {
    given(...history())
      .when(command, receiving)
      .thenRefused('handover-closed');
  });

  test('D2 is followed by a new one', () => {
    given(...history())
      .when(initiate({ handoverId: uuid(22) }))
      .thenEvents({ type: 'handover-initiated', data: { ...handoverInitiated().data, handoverId: uuid(22) } });
  });
});
