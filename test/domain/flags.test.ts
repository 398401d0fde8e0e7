import { describe, expect, test } from 'vitest';
import { derivedId } from '../../src/access/ids.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { causedFlags, expiredFlag, formFlag } from '../../src/domain/program/flags.ts';
import { missedFlag } from '../../src/domain/program/plans.ts';
import { handedOver } from './handovers.ts';
import { colleague, made, staff, uuid } from './people.ts';
import {
  activated,
  commands,
  commentId,
  commentMade,
  commentRead,
  completed,
  conversation,
  conversationId,
  deactivated,
  ended,
  firstOccasion,
  flagCleared,
  flagId,
  flagRaised,
  fold,
  formOf,
  formOpened,
  formSaved,
  formSubmitted,
  given,
  handoverId,
  handoverInitiated,
  message,
  ongoing,
  planCreated,
  planId,
  programId,
  registered,
  started,
} from './programs.ts';

const raise = commands['raise-flag'];
const clear = (id = flagId) => ({ type: 'clear-flag' as const, data: { programId, flagId: id } });
const cleared = (id: string) => ({ type: 'flag-cleared' as const, data: { flagId: id } });
const formsFlag = formFlag(derivedId, programId, formOf());
const expired = (activatedOn: string, days: number) =>
  expiredFlag(derivedId, programId, { moduleId: 'steg-1', activatedOn, days });
const missed = (occasion: string) => derivedId(planId, missedFlag(occasion));

describe('a flag that the clinician raises', () => {
  test.each(['info', 'action'] as const)('R155 R156 has the severity that the clinician gives it: %s', (severity) => {
    given(...ongoing())
      .when({ ...raise, data: { ...raise.data, severity } })
      .thenEvents({ ...flagRaised(), data: { flagId: made.flag, severity } });
  });

  test('R156 is one of as many as the clinician raises', () => {
    given(...ongoing(), flagRaised())
      .when(raise)
      .thenEvents({ ...flagRaised(), data: { flagId: made.flag, severity: 'info' } });
  });

  test('R156 R160 D21 is cleared by hand, once', () => {
    given(...ongoing(), flagRaised())
      .when(clear())
      .thenEvents(flagCleared());
    given(...ongoing(), flagRaised(), flagCleared())
      .when(clear())
      .thenNothing();
    expect(fold(...ongoing(), flagRaised(), flagCleared())).toMatchObject({ raisedFlags: new Set() });
  });

  test('R160 D21 is cleared alone', () => {
    const other = { ...flagRaised(), data: { flagId: uuid(52), severity: 'info' as const } };
    given(...ongoing(), flagRaised(), other, flagCleared())
      .when(clear(uuid(52)))
      .thenEvents(cleared(uuid(52)));
  });

  test('R018 R156 is raised and cleared by the responsible clinician only', () => {
    for (const command of [raise, clear()])
      given(...ongoing(), flagRaised())
        .when(command, { by: staff(colleague) })
        .thenRefused('not-responsible');
  });

  test('R238 D21 D24 is neither raised nor cleared after the end', () => {
    for (const command of [raise, clear()])
      given(...ongoing(), flagRaised(), ended())
        .when(command)
        .thenRefused('program-has-ended');
  });
});

describe('a flag of a missed occasion', () => {
  const history = [...ongoing(), planCreated()];
  const tuesday = { at: '2026-03-03T08:00:00.000Z' };

  test('R160 D21 is cleared by hand, once, from the end of the occasion', () => {
    given(...history)
      .when(clear(missed(firstOccasion)), { at: '2026-03-02T22:59:59.999Z' })
      .thenRefused('unknown-flag');
    given(...history)
      .when(clear(missed(firstOccasion)), { at: '2026-03-02T23:00:00.000Z' })
      .thenEvents(cleared(missed(firstOccasion)));
    given(...history, cleared(missed(firstOccasion)))
      .when(clear(missed(firstOccasion)), tuesday)
      .thenNothing();
  });

  test('R160 D21 is of one occasion: the next has its own', () => {
    const second = missed('2026-03-03T06:00:00.000Z');
    given(...history, cleared(missed(firstOccasion)))
      .when(clear(second), tuesday)
      .thenRefused('unknown-flag');
    given(...history, cleared(missed(firstOccasion)))
      .when(clear(second), { at: '2026-03-04T08:00:00.000Z' })
      .thenEvents(cleared(second));
  });

  test('R220 is none where the resident filled in', () => {
    given(...history, registered())
      .when(clear(missed(firstOccasion)), tuesday)
      .thenRefused('unknown-flag');
  });

  test('R159 is of this plan only', () => {
    given(...history)
      .when(clear(derivedId(uuid(62), missedFlag(firstOccasion))), tuesday)
      .thenRefused('unknown-flag');
  });
});

describe('a flag that has a cause', () => {
  const messageId = message().data.messageId;
  const wasRead = { type: 'conversation-read' as const, data: { conversationId, side: 'staff' as const } };
  const outOfDays = [started(), activated('steg-1', 7)];
  const late = '2026-03-20T08:00:00.000Z';
  const moreDays = { type: 'module-days-changed' as const, data: { moduleId: 'steg-1', days: 30 } };
  const withdrawn = { type: 'handover-withdrawn' as const, data: { handoverId } };
  const cases = {
    'R152 a message': [[...ongoing(), conversation('resident'), message('resident')], messageId, [wasRead]],
    'R152 R182 a comment': [[...ongoing(), commentMade()], commentId, [commentRead()]],
    'R141 I10 a submitted form': [[...ongoing(), formSubmitted()], formsFlag, [formOpened()]],
    'R131 a module out of days, which gets more': [outOfDays, expired('2026-03-02', 7), [moreDays]],
    'R131 a module out of days, which is completed': [outOfDays, expired('2026-03-02', 7), [completed('steg-1')]],
    'R131 a module out of days, which is closed': [outOfDays, expired('2026-03-02', 7), [deactivated('steg-1')]],
    'R192 a pending handover': [[...ongoing(), handoverInitiated()], handoverId, [withdrawn]],
    'R192 a handover that goes through': [
      [...ongoing(), handoverInitiated()],
      handoverId,
      [{ type: 'handover-approved' as const, data: { handoverId, clinician: colleague } }],
    ],
  } as const;

  test.each(Object.entries(cases))('R159 R160 D21 is not cleared by hand, and is gone with it: %s', (_, each) => {
    const [history, id, attended] = each;
    given(...history)
      .when(clear(id), { at: late })
      .thenRefused('flag-closes-with-cause');
    given(...history, ...attended)
      .when(clear(id), { at: late })
      .thenRefused('unknown-flag');
  });

  test('R155 R159 D21 is of a type that the default policy gives a severity', () => {
    const types = [...causedFlags, 'activity-missed'];
    expect(Object.keys(defaultPolicy.severities).toSorted()).toEqual(types.toSorted());
    const info = Object.entries(defaultPolicy.severities).filter(([, severity]) => severity === 'info');
    expect(info.map(([type]) => type).toSorted()).toEqual(['handover', 'time-expired']);
  });

  test('R131 D19 D21 is up from the day after the last of a module', () => {
    given(...outOfDays)
      .when(clear(expired('2026-03-02', 7)), { at: '2026-03-09T22:59:59.999Z' })
      .thenRefused('unknown-flag');
    given(...outOfDays)
      .when(clear(expired('2026-03-02', 7)), { at: '2026-03-09T23:00:00.000Z' })
      .thenRefused('flag-closes-with-cause');
  });

  test('R131 is another when the new days have run out too', () => {
    expect(new Set([expired('2026-03-02', 7), expired('2026-03-02', 14), expired('2026-03-09', 7)]).size).toBe(3);
    given(...outOfDays, moreDays)
      .when(clear(expired('2026-03-02', 30)), { at: '2026-06-01T08:00:00.000Z' })
      .thenRefused('flag-closes-with-cause');
  });

  test('R141 is of one form of one program', () => {
    const other = formFlag(derivedId, programId, formOf('steg-2'));
    const ids = [formsFlag, other, formFlag(derivedId, programId, formOf('steg-1', 'annat'))];
    expect(new Set([...ids, formFlag(derivedId, uuid(2), formOf())]).size).toBe(4);
    given(...ongoing(), formSubmitted())
      .when(clear(other))
      .thenRefused('unknown-flag');
  });

  test('R140 R141 is none of a draft', () => {
    given(...ongoing(), formSaved())
      .when(clear(formsFlag))
      .thenRefused('unknown-flag');
  });

  test('R152 is none of the clinician’s own message', () => {
    given(...ongoing(), conversation(), message())
      .when(clear(messageId))
      .thenRefused('unknown-flag');
  });

  test('R160 R207 goes on with the program to another unit', () => {
    const history = [...ongoing(), commentMade(), handoverInitiated(), handedOver()];
    given(...history)
      .when(clear(commentId), { by: staff(handedOver().data.clinician) })
      .thenRefused('flag-closes-with-cause');
  });
});
