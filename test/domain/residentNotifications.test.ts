import { describe, expect, test } from 'vitest';
import { resident } from './people.ts';
import { ended, fold, given, ongoing, programId } from './programs.ts';

type Channels = { inbox: boolean; sms: boolean; email: boolean };
const off: Channels = { inbox: false, sms: false, email: false };
const set = (channels: Partial<Channels>) => ({
  type: 'set-resident-notifications' as const,
  data: { programId, ...off, ...channels },
});
const wasSet = (channels: Partial<Channels>) => ({
  type: 'resident-notifications-set' as const,
  data: { ...off, ...channels },
});
const process = (name: 'directory' | 'delivery') => ({ by: { kind: 'system', process: name } }) as const;

describe('the channels through which a resident is told', () => {
  test.each(['inbox', 'sms', 'email'] as const)('R078 R168 are turned on and off one by one: %s', (channel) => {
    given(...ongoing())
      .when(set({ [channel]: true }), { by: resident })
      .thenEvents(wasSet({ [channel]: true }));
    given(...ongoing(), wasSet({ [channel]: true }))
      .when(set({}), { by: resident })
      .thenEvents(wasSet({}));
  });

  test('R078 are set once to what they are already, as at the start or later', () => {
    given(...ongoing())
      .when(set({}), { by: resident })
      .thenNothing();
    given(...ongoing(), wasSet({ sms: true }))
      .when(set({ sms: true }), { by: resident })
      .thenNothing();
  });

  test('R078 R168 are what was set last', () => {
    const history = [...ongoing(), wasSet({ inbox: true, email: true }), wasSet({ sms: true })];
    expect(fold(...history)).toMatchObject({ notifications: { ...off, sms: true } });
    expect(fold(...ongoing())).toMatchObject({ notifications: off });
  });

  test.each(['directory', 'delivery'] as const)('R078 are told by the %s too, for 1177 has them', (name) => {
    given(...ongoing())
      .when(set({ sms: true }), process(name))
      .thenEvents(wasSet({ sms: true }));
  });

  test('R231 D12 are not set after the end', () => {
    given(...ongoing(), ended({ readableUntil: '2026-05-31' }))
      .when(set({ sms: true }), { by: resident })
      .thenRefused('read-only');
    given(...ongoing(), ended())
      .when(set({ sms: true }), process('directory'))
      .thenRefused('program-has-ended');
  });
});
