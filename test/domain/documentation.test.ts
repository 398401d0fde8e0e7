import { describe, expect, test } from 'vitest';
import { defaultPolicy, dutyCauses, Policy } from '../../src/domain/policy.ts';
import { registrationFor } from '../../src/domain/program/duties.ts';
import { larDigOmAmning } from '../../src/templates/larDigOmAmning.ts';
import { tobakshjalpen } from '../../src/templates/tobakshjalpen.ts';
import { colleague, staff, uuid } from './people.ts';
import { commands, documented, dutyId, ended, fold, given, ongoing, programId } from './programs.ts';

const record = commands['record-documentation'];
const isDuty = { isDuty: true };

describe('a duty to document', () => {
  test('R252 R257 D20 is attested by the responsible clinician, with or without a code', () => {
    given(...ongoing())
      .when(record, {}, isDuty)
      .thenEvents(documented());
    given(...ongoing())
      .when({ ...record, data: { ...record.data, code: 'AMNSOB' } }, {}, isDuty)
      .thenEvents({ type: 'documentation-recorded', data: { dutyId, code: 'AMNSOB' } });
    given(...ongoing())
      .when(record, { by: staff(colleague) }, isDuty)
      .thenRefused('not-responsible');
  });

  test('R257 is attested once, whatever code is given', () => {
    for (const facts of [isDuty, { isDuty: false }])
      given(...ongoing(), documented())
        .when({ ...record, data: { ...record.data, code: 'AMNSOB' } }, {}, facts)
        .thenNothing();
  });

  test('R257 is attested alone', () => {
    const other = { programId, dutyId: uuid(72) };
    given(...ongoing(), documented())
      .when({ type: 'record-documentation', data: other }, {}, isDuty)
      .thenEvents({ type: 'documentation-recorded', data: { dutyId: uuid(72) } });
    expect(fold(...ongoing(), documented())).toMatchObject({ documented: new Set([dutyId]) });
  });

  test('R261 D24 is attested after the end too, once', () => {
    given(...ongoing(), ended())
      .when(record, {}, isDuty)
      .thenEvents(documented());
    given(...ongoing(), ended(), documented())
      .when(record, {}, isDuty)
      .thenNothing();
  });

  test('D20 is one that an event of the program raised', () => {
    for (const facts of [{}, { isDuty: false }])
      given(...ongoing())
        .when(record, {}, facts)
        .thenRefused('unknown-duty');
  });
});

describe('a policy', () => {
  test.each([
    ['R252 R259 the start', 'started'],
    ['R255 R258 R260 a message', 'message-sent'],
    ['D20 the opening of a form', 'form-opened'],
    ['R255 D20 a reminder', 'reminder-sent'],
    ['R259 R261 the end', 'ended'],
  ])('%s is to be documented under the standard one', (_, cause) => {
    expect(registrationFor(cause, 'bmm', defaultPolicy, undefined)).toEqual({});
  });

  test('D20 names the events that are to be documented, and no others are', () => {
    expect(registrationFor('comment-made', 'bmm', defaultPolicy, undefined)).toBeUndefined();
    expect(registrationFor('started', 'bmm', { ...defaultPolicy, duties: [] }, undefined)).toBeUndefined();
    const other = { ...defaultPolicy, duties: [{ event: 'comment-made' as const }] };
    expect(registrationFor('comment-made', 'bmm', other, undefined)).toEqual({});
  });

  test('D20 cannot name an event that nobody does with the resident', () => {
    const duties = [{ event: 'purged' }];
    expect(Policy.safeParse({ ...defaultPolicy, duties }).success).toBe(false);
    expect(Policy.safeParse({ ...defaultPolicy, duties: dutyCauses.map((event) => ({ event })) }).success).toBe(true);
  });
});

describe('what a duty registers', () => {
  const under = (...duties: (typeof defaultPolicy)['duties']) => ({ ...defaultPolicy, duties });

  test('R254 R256 is what the template says for the kind of unit', () => {
    expect(registrationFor('started', 'bmm', defaultPolicy, larDigOmAmning)).toEqual({ code: 'AMNSOB' });
    expect(registrationFor('message-sent', 'bvc', defaultPolicy, larDigOmAmning)).toEqual({
      code: 'AMNSOB',
      attribute: 'Amningshjälpen SOB',
    });
  });

  test('R254 R256 is nothing on another kind of unit, with another template or with none', () => {
    expect(registrationFor('started', 'ungdom', defaultPolicy, larDigOmAmning)).toEqual({});
    expect(registrationFor('started', 'bmm', defaultPolicy, tobakshjalpen)).toEqual({});
    expect(registrationFor('started', 'bmm', defaultPolicy, undefined)).toEqual({});
  });

  test('R259 D20 is nothing for the end, which is documented all the same', () => {
    expect(registrationFor('ended', 'bmm', defaultPolicy, larDigOmAmning)).toEqual({});
  });

  test('D20 is none at all for what the policy does not name', () => {
    expect(registrationFor('comment-made', 'bmm', defaultPolicy, larDigOmAmning)).toBeUndefined();
  });

  test('D20 is what the policy says rather than the template', () => {
    const policy = under({ event: 'started', code: 'X1', attribute: 'Annat' });
    expect(registrationFor('started', 'bvc', policy, larDigOmAmning)).toEqual({ code: 'X1', attribute: 'Annat' });
    expect(registrationFor('started', 'bvc', under({ event: 'started', code: 'X1' }), larDigOmAmning)).toEqual({
      code: 'X1',
      attribute: 'Amningshjälpen SOB',
    });
  });

  test('D20 is what the policy says first for the kind of unit', () => {
    const policy = under({ event: 'started', unitKind: 'bvc', code: 'B1' }, { event: 'started', code: 'A1' });
    expect(registrationFor('started', 'bvc', policy, tobakshjalpen)).toEqual({ code: 'B1' });
    expect(registrationFor('started', 'bmm', policy, tobakshjalpen)).toEqual({ code: 'A1' });
    const onlyThere = under({ event: 'started', unitKind: 'bvc' });
    expect(registrationFor('started', 'bmm', onlyThere, larDigOmAmning)).toBeUndefined();
  });
});
