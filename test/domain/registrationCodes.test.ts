import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { registrationFor } from '../../src/domain/program/duties.ts';
import { larDigOmAmning } from '../../src/templates/larDigOmAmning.ts';
import { tobakshjalpen } from '../../src/templates/tobakshjalpen.ts';

const onUnit = (unitKind: string, cause = 'started') => registrationFor(cause, unitKind, defaultPolicy, larDigOmAmning);
const withDuty = (duty: object) => ({ ...defaultPolicy, duties: [{ event: 'started' as const, ...duty }] });

describe('a documentation duty of Lär dig om amning', () => {
  test('R253 R254 is registered as AMNSOB on a maternity care unit, at the opening and at every contact after it', () => {
    for (const cause of ['started', 'message-sent', 'form-opened', 'reminder-sent'])
      expect([cause, onUnit('bmm', cause)]).toEqual([cause, { code: 'AMNSOB' }]);
  });

  test('R256 is registered on a child health care unit by an attribute in PMO, which gives the same code', () => {
    expect(onUnit('bvc')).toEqual({ code: 'AMNSOB', attribute: 'Amningshjälpen SOB' });
  });

  test('R259 D20 has no code at the end, where it is to be documented only', () => {
    expect(onUnit('bmm', 'ended')).toEqual({});
  });

  test('R254 R256 has no code on another kind of unit, nor has a program whose template names none', () => {
    expect(onUnit('vardcentral')).toEqual({});
    expect(registrationFor('started', 'bmm', defaultPolicy, tobakshjalpen)).toEqual({});
  });

  test('D20 is what the region says instead', () => {
    const ofRegion = withDuty({ unitKind: 'bmm', code: 'AMN2', attribute: 'Annat' });
    expect(registrationFor('started', 'bmm', ofRegion, larDigOmAmning)).toEqual({ code: 'AMN2', attribute: 'Annat' });
    expect(registrationFor('started', 'bvc', ofRegion, larDigOmAmning)).toBeUndefined();
    expect(registrationFor('message-sent', 'bmm', ofRegion, larDigOmAmning)).toBeUndefined();
  });
});
