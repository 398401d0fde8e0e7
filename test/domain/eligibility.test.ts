import { describe, expect, test } from 'vitest';
import type { Role } from '../../src/domain/actors.ts';
import type { RefusalCode } from '../../src/domain/decider.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { type DirectoryFacts, holders, isReady, type KnownUnit, unfitClinician } from '../../src/domain/unit/state.ts';
import { larDigOmAmning } from '../../src/templates/larDigOmAmning.ts';
import { tobakshjalpen } from '../../src/templates/tobakshjalpen.ts';
import { midwife, nurse, secretary } from './people.ts';
import { active, fold, granted, type History, revoked, roles, staffDeactivated, withMidwife } from './units.ts';

const unitAfter = (...history: History): KnownUnit => {
  const unit = fold(...history);
  if (unit.status === 'absent') throw new Error('the history activates the unit');
  return unit;
};
const amning = { templateId: 'lar-dig-om-amning', eligibility: larDigOmAmning.eligibility };
const tobak = { templateId: 'tobakshjalpen', eligibility: tobakshjalpen.eligibility };
const clinician = (differing: Partial<DirectoryFacts> = {}, templateIds?: string[]): History => [
  ...withMidwife(differing),
  granted(midwife, 'clinician', templateIds),
];
const unfit = (history: History, template: Parameters<typeof unfitClinician>[2] = amning, policy = defaultPolicy) =>
  unfitClinician(unitAfter(...history), midwife, template, policy);

describe('a clinician', () => {
  test.each([
    ['midwife', 'maternal-health'],
    ['specialist-nurse', 'child-health'],
  ])('R034 R042 R045 R046 R047 I03 may be responsible as %s in %s', (profession, employment) => {
    expect(unfit(clinician({ profession, employment }))).toBeUndefined();
  });

  test.each<[string, RefusalCode, Partial<DirectoryFacts>]>([
    ['R052', 'assignment-missing', { assignments: [] }],
    ['R046', 'profession-not-eligible', { profession: 'medical-secretary' }],
    ['R047', 'employment-not-eligible', { employment: 'dental-care' }],
    ['R042', 'training-missing', { trainings: ['platform', 'tobakshjalpen'] }],
  ])('%s may not be responsible: %s', (_, code, differing) => {
    expect(unfit(clinician(differing))).toBe(code);
  });

  test('R045 may be responsible for the templates that the role was granted for only', () => {
    expect(unfit(clinician({}, ['lar-dig-om-amning']))).toBeUndefined();
    expect(unfit(clinician({}, ['tobakshjalpen']))).toBe('role-missing');
    expect(unfit(clinician({}, []))).toBe('role-missing');
  });

  test('R032 may not be responsible in a profession that the region leaves out of the role', () => {
    const policy = { ...defaultPolicy, professionsByRole: { clinician: ['specialist-nurse'] } };
    expect(unfit(clinician(), amning, policy)).toBe('profession-not-eligible');
  });

  test('R042 R109 is asked for nothing but training where the template asks for nothing else', () => {
    const anyone = { profession: 'physician', employment: 'primary-care' };
    expect(unfit(clinician({ ...anyone, trainings: ['tobakshjalpen'] }), tobak)).toBeUndefined();
    expect(unfit(clinician(anyone), tobak)).toBe('training-missing');
    const untrained = { ...tobak, eligibility: { professions: [], employments: [] } };
    expect(unfit(clinician({ ...anyone, trainings: [] }), untrained)).toBeUndefined();
  });

  test('R015 may not be responsible once deactivated', () => {
    expect(unfit([...clinician(), staffDeactivated(midwife)])).toBe('staff-not-active');
  });

  test('R009 R045 may not be responsible once the role is revoked', () => {
    expect(unfit([...clinician(), revoked(midwife, 'clinician')])).toBe('role-missing');
  });
});

describe('somebody else', () => {
  test.each<Role>(['authorization-administrator', 'resident-administrator', 'data-administrator'])(
    'R009 R045 may not be responsible as %s alone',
    (role) => {
      expect(unfit([...withMidwife(), granted(midwife, role)])).toBe('role-missing');
    },
  );

  test('R200 R210 may not be responsible when unknown on the unit', () => {
    expect(unfitClinician(unitAfter(...clinician()), nurse, amning, defaultPolicy)).toBe('unknown-staff');
  });
});

describe('an active unit', () => {
  const allRoles = (): History => [...withMidwife(), ...roles.slice(1).map((role) => granted(midwife, role))];

  test('R039 is ready when each of the four roles has a holder', () => {
    expect(isReady(unitAfter(...allRoles()))).toBe(true);
  });

  test.each(roles.slice(1))('R039 is not ready without %s', (role) => {
    expect(isReady(unitAfter(...allRoles(), revoked(midwife, role)))).toBe(false);
  });

  test('R015 R039 is not ready when the only holder of a role is deactivated', () => {
    expect(isReady(unitAfter(...allRoles(), staffDeactivated(midwife)))).toBe(false);
  });

  test('R012 R039 is not ready right after its activation', () => {
    expect(isReady(unitAfter(...active()))).toBe(false);
  });

  test('R015 counts no deactivated holder of a role', () => {
    const unit = unitAfter(...clinician());
    expect(holders(unit, 'clinician').map(({ hsaId }) => hsaId)).toEqual([midwife]);
    expect(holders(unitAfter(...clinician(), staffDeactivated(midwife)), 'clinician')).toEqual([]);
    expect(holders(unit, 'authorization-administrator').map(({ hsaId }) => hsaId)).toEqual([secretary]);
  });
});
