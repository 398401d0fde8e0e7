import { describe, expect, test } from 'vitest';
import type { Role } from '../../src/domain/actors.ts';
import { midwife, secretary, staff } from './people.ts';
import {
  active,
  changed,
  commands,
  directoryFacts,
  fold,
  given,
  granted,
  named,
  registered,
  revoked,
  sealing,
  staffDeactivated,
  staffReactivated,
  unitId,
  withMidwife,
} from './units.ts';

const grant = (role: Role, extra: { templateIds?: string[]; decidedBy?: string } = {}) => ({
  type: 'grant-role' as const,
  data: { unitId, hsaId: midwife, role, ...extra },
});
const revoke = (hsaId: string, role: Role) => ({ type: 'revoke-role' as const, data: { unitId, hsaId, role } });
const register = (differing: Parameters<typeof directoryFacts>[1] = {}) => ({
  type: 'register-staff' as const,
  data: { unitId, staff: named(directoryFacts(midwife, differing)) },
});
const onStaff = (type: 'deactivate-staff' | 'reactivate-staff', hsaId: string) => ({ type, data: { unitId, hsaId } });
const notificationsSet = {
  type: 'notifications-set' as const,
  data: { hsaId: secretary, receive: true, channels: ['email' as const], flagTypes: ['message'] },
};

describe('somebody whom the directory names for the first time', () => {
  test('R043 R054 R055 is registered with the facts, and the name apart', () => {
    given(...active())
      .when(register())
      .thenEvents(sealing(registered(directoryFacts(midwife))));
  });

  test.each([
    ['R011', grant('clinician')],
    ['R015', revoke(midwife, 'clinician')],
    ['R015', onStaff('deactivate-staff', midwife)],
    ['R015', onStaff('reactivate-staff', midwife)],
  ])('%s is unknown before: %j', (_, command) => {
    given(...active())
      .when(command)
      .thenRefused('unknown-staff');
  });

  test('R165 has no notifications to set before', () => {
    given(...active())
      .when(commands['set-notifications'], { by: staff(midwife) })
      .thenRefused('unknown-staff');
  });
});

describe('a staff member', () => {
  test.each([
    { profession: 'specialist-nurse' },
    { employment: 'child-health' },
    { assignments: [] },
    { trainings: ['platform', 'tobakshjalpen'] },
  ])('R043 R054 D23 is changed as the directory says: %j', (differing) => {
    given(...withMidwife())
      .when(register(differing))
      .thenEvents(sealing(changed(directoryFacts(midwife, differing))));
  });

  test('R055 is changed when only the name is another', () => {
    given(...withMidwife())
      .when(register(), {}, { sameName: false })
      .thenEvents(sealing(changed(directoryFacts(midwife))));
  });

  test('R054 is so already', () => {
    given(...withMidwife())
      .when(register())
      .thenNothing();
  });

  test('D23 keeps roles when the directory takes away what they rest on', () => {
    const history = [
      ...withMidwife(),
      granted(midwife, 'clinician'),
      changed(directoryFacts(midwife, { assignments: [] })),
    ];
    expect(fold(...history)).toMatchObject({
      staff: new Map([
        [secretary, expect.anything()],
        [midwife, expect.objectContaining({ roles: ['clinician'], assignments: [] })],
      ]),
    });
  });

  test('R015 D23 is deactivated', () => {
    given(...withMidwife())
      .when(onStaff('deactivate-staff', midwife))
      .thenEvents(staffDeactivated(midwife));
  });

  test('R015 is active already', () => {
    given(...withMidwife())
      .when(onStaff('reactivate-staff', midwife))
      .thenNothing();
  });

  test('R158 R161 R163 R164 R165 sets own notifications', () => {
    given(...active())
      .when(commands['set-notifications'])
      .thenEvents(notificationsSet);
  });

  test('R161 has set them so already', () => {
    given(...active(), notificationsSet)
      .when(commands['set-notifications'])
      .thenNothing();
  });

  test('R162 has none on at first', () => {
    expect(fold(...active())).toMatchObject({
      staff: new Map([[secretary, expect.objectContaining({ notifications: undefined })]]),
    });
  });
});

describe('a deactivated staff member', () => {
  const history = [...withMidwife(), granted(midwife, 'clinician'), staffDeactivated(midwife)];

  test('R015 is deactivated already', () => {
    given(...history)
      .when(onStaff('deactivate-staff', midwife))
      .thenNothing();
  });

  test('R015 is refused another role', () => {
    given(...history)
      .when(grant('data-administrator'))
      .thenRefused('staff-not-active');
  });

  test('R015 is reactivated with the roles as they were', () => {
    given(...history)
      .when(onStaff('reactivate-staff', midwife))
      .thenEvents(staffReactivated(midwife));
    given(...history, staffReactivated(midwife))
      .when(grant('clinician'))
      .thenNothing();
    given(...history, staffReactivated(midwife))
      .when(grant('data-administrator'))
      .thenEvents(granted(midwife, 'data-administrator'));
  });

  test('R015 still has a role revoked', () => {
    given(...history)
      .when(revoke(midwife, 'clinician'))
      .thenEvents(revoked(midwife, 'clinician'));
  });

  test('R015 is not activated by a change in the directory', () => {
    given(...history, changed(directoryFacts(midwife, { employment: 'child-health' })))
      .when(grant('data-administrator'))
      .thenRefused('staff-not-active');
  });
});
