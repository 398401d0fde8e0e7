import { describe, expect, test } from 'vitest';
import { Role } from '../../src/domain/actors.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { colleague, midwife, nurse, secretary } from './people.ts';
import {
  active,
  directoryFacts,
  fold,
  given,
  granted,
  registered,
  revoked,
  roles,
  staffDeactivated,
  unitId,
  withMidwife,
} from './units.ts';

const grant = (role: Role, extra: { templateIds?: string[]; decidedBy?: string } = {}) => ({
  type: 'grant-role' as const,
  data: { unitId, hsaId: midwife, role, ...extra },
});
const revoke = (hsaId: string, role: Role) => ({ type: 'revoke-role' as const, data: { unitId, hsaId, role } });
const onStaff = (type: 'deactivate-staff' | 'reactivate-staff', hsaId: string) => ({ type, data: { unitId, hsaId } });
const secondAdministrator = [registered(directoryFacts(colleague)), granted(colleague, 'authorization-administrator')];

describe('the roles', () => {
  test('R010 are four', () => {
    expect(Role.options).toEqual(roles);
  });
});

describe('a staff member', () => {
  test.each(roles)('R014 I02 is granted the role %s', (role) => {
    given(...withMidwife())
      .when(grant(role))
      .thenEvents(granted(midwife, role));
  });

  test('R011 R053 is granted a role with who decided it', () => {
    given(...withMidwife())
      .when(grant('clinician', { decidedBy: nurse }))
      .thenEvents({ type: 'role-granted', data: { hsaId: midwife, role: 'clinician', decidedBy: nurse } });
  });

  test('R035 R038 holds several roles at a time', () => {
    const all = roles.map((role) => granted(midwife, role));
    expect(fold(...withMidwife(), ...all)).toMatchObject({
      staff: new Map([
        [secretary, expect.anything()],
        [midwife, expect.objectContaining({ roles })],
      ]),
    });
  });

  test.each(roles)('R014 has the role %s already', (role) => {
    given(...withMidwife(), granted(midwife, role))
      .when(grant(role))
      .thenNothing();
  });

  test('R045 is granted the clinician role for some templates, for others, and for all', () => {
    const some = granted(midwife, 'clinician', ['tobakshjalpen']);
    given(...withMidwife())
      .when(grant('clinician', { templateIds: ['tobakshjalpen'] }))
      .thenEvents(some);
    given(...withMidwife(), some)
      .when(grant('clinician', { templateIds: ['tobakshjalpen'] }))
      .thenNothing();
    given(...withMidwife(), some)
      .when(grant('clinician', { templateIds: ['lar-dig-om-amning'] }))
      .thenEvents(granted(midwife, 'clinician', ['lar-dig-om-amning']));
    given(...withMidwife(), some)
      .when(grant('clinician'))
      .thenEvents(granted(midwife, 'clinician'));
  });

  test('R045 keeps the limit of the clinician role when another role is granted', () => {
    const history = [...withMidwife(), granted(midwife, 'clinician', ['tobakshjalpen'])];
    expect(fold(...history, granted(midwife, 'resident-administrator'))).toMatchObject({
      staff: new Map([
        [secretary, expect.anything()],
        [midwife, expect.objectContaining({ templateIds: ['tobakshjalpen'] })],
      ]),
    });
  });

  test.each(roles)('R052 I02 is refused the role %s without the assignment', (role) => {
    given(...withMidwife({ assignments: ['VoB'] }))
      .when(grant(role))
      .thenRefused('assignment-missing');
  });

  test('R052 is asked for the assignment that the policy names', () => {
    given(...withMidwife({ assignments: ['Vård och behandling'] }))
      .when(grant('clinician'), { policy: { ...defaultPolicy, requiredAssignment: 'Vård och behandling' } })
      .thenEvents(granted(midwife, 'clinician'));
  });

  test('R044 is refused the role of permission administrator without training', () => {
    given(...withMidwife({ trainings: [] }))
      .when(grant('authorization-administrator'))
      .thenRefused('training-missing');
  });

  test.each(roles.slice(1))('R044 needs no training for the role %s', (role) => {
    given(...withMidwife({ trainings: [] }))
      .when(grant(role))
      .thenEvents(granted(midwife, role));
  });

  test.each([
    ['R033', 'authorization-administrator'],
    ['R034', 'clinician'],
    ['R035 R036', 'resident-administrator'],
    ['R037', 'data-administrator'],
  ] as const)('%s R032 is granted the role %s by profession, where the region says which', (_, role) => {
    const policy = { ...defaultPolicy, professionsByRole: { [role]: ['midwife', 'medical-secretary'] } };
    given(...withMidwife())
      .when(grant(role), { policy })
      .thenEvents(granted(midwife, role));
    given(...withMidwife({ profession: 'head-of-unit' }))
      .when(grant(role), { policy })
      .thenRefused('profession-not-eligible');
  });

  test('R015 has a role revoked', () => {
    given(...withMidwife(), granted(midwife, 'clinician'))
      .when(revoke(midwife, 'clinician'))
      .thenEvents(revoked(midwife, 'clinician'));
  });

  test('R015 has that role revoked already', () => {
    given(...withMidwife(), granted(midwife, 'clinician'), revoked(midwife, 'clinician'))
      .when(revoke(midwife, 'clinician'))
      .thenNothing();
    given(...withMidwife())
      .when(revoke(midwife, 'clinician'))
      .thenNothing();
  });
});

describe('the last permission administrator', () => {
  test('R050 I01 is not revoked', () => {
    given(...active())
      .when(revoke(secretary, 'authorization-administrator'))
      .thenRefused('last-administrator');
  });

  test('R050 I01 is not deactivated', () => {
    given(...active())
      .when(onStaff('deactivate-staff', secretary))
      .thenRefused('last-administrator');
  });

  test('R050 I01 is the last although a deactivated one holds the role too', () => {
    const history = [...active(), ...secondAdministrator, staffDeactivated(colleague)];
    given(...history)
      .when(revoke(secretary, 'authorization-administrator'))
      .thenRefused('last-administrator');
    given(...history)
      .when(revoke(colleague, 'authorization-administrator'))
      .thenEvents(revoked(colleague, 'authorization-administrator'));
  });

  test('R050 loses another role', () => {
    given(...active(), granted(secretary, 'data-administrator'))
      .when(revoke(secretary, 'data-administrator'))
      .thenEvents(revoked(secretary, 'data-administrator'));
  });
});

describe('one of two permission administrators', () => {
  const history = [...active(), ...secondAdministrator];

  test('R015 R050 is revoked or deactivated', () => {
    given(...history)
      .when(revoke(secretary, 'authorization-administrator'))
      .thenEvents(revoked(secretary, 'authorization-administrator'));
    given(...history)
      .when(onStaff('deactivate-staff', secretary))
      .thenEvents(staffDeactivated(secretary));
  });

  test('R050 I01 is the last when the other is gone', () => {
    given(...history, staffDeactivated(colleague))
      .when(onStaff('deactivate-staff', secretary))
      .thenRefused('last-administrator');
  });
});
