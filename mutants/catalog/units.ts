import type { Mutant } from '../mutant.ts';

const unit = 'domain/unit/unit.ts';
const state = 'domain/unit/state.ts';

/** Mistakes in units, staff and roles, and in who may start a program. */
export const mutantsOfUnits: readonly Mutant[] = [
  {
    id: 'last-administrator-leaves',
    what: 'the last administrator of a unit can be put away',
    file: unit,
    from: 'holders(unit, administratorRole).every((staff) => staff.hsaId === hsaId);',
    to: 'holders(unit, administratorRole).every((staff) => staff.hsaId === hsaId) && hsaId === undefined;',
  },
  {
    id: 'unit-without-administrator',
    what: 'a unit comes into use without the role of its first administrator',
    file: unit,
    from: "    { type: 'role-granted', data: { hsaId, role: administratorRole } },\n  );",
    to: "    { type: 'role-granted', data: { hsaId, role: 'clinician' } },\n  );",
  },
  {
    id: 'role-without-assignment',
    what: 'a role is given to somebody without the assignment',
    file: state,
    from: "if (!facts.assignments.includes(policy.requiredAssignment)) return 'assignment-missing';",
    to: '',
  },
  {
    id: 'role-by-anybody',
    what: 'any staff member gives roles',
    file: 'domain/permissions.ts',
    from: "'grant-role': { staff: [BA] },",
    to: "'grant-role': { staff: [] },",
  },
  {
    id: 'inactive-staff-starts',
    what: 'somebody who was put away is still eligible',
    file: state,
    from: "if (!staff.active) return 'staff-not-active';",
    to: '',
  },
  {
    id: 'limit-forgotten',
    what: 'a clinician of one template is taken for a clinician of all',
    file: state,
    from: 'staff.templateIds === undefined || staff.templateIds.includes(template.templateId);',
    to: 'staff.templateIds === undefined || staff.templateIds.length > 0;',
  },
  {
    id: 'start-without-consent',
    what: 'a program starts though the resident has not accepted',
    file: 'domain/program/starting.ts',
    from: "if (Object.values(data.attested).some((fact) => !fact)) return 'not-attested';",
    to: '',
  },
  {
    id: 'start-where-not-enabled',
    what: 'a program starts on a unit that does not have it',
    file: 'domain/program/starting.ts',
    from: "if (!unit.templateEnabled) return 'template-not-enabled';",
    to: '',
  },
  {
    id: 'start-on-unready-unit',
    what: 'a program starts on a unit where a role is held by nobody',
    file: 'domain/program/starting.ts',
    from: "if (!unit.ready) return 'unit-not-ready';",
    to: '',
  },
  {
    id: 'training-unit-holds-anybody',
    what: 'a training unit starts programs for real residents',
    file: 'domain/program/starting.ts',
    from: "if (unit.environment === 'training' && !start.isTestResident) return 'training-data-only'; // D26",
    to: '',
  },
  {
    id: 'clinician-not-looked-at',
    what: 'anybody is made the responsible clinician',
    file: 'domain/program/clinician.ts',
    from: 'return facts.clinicianUnfit === undefined',
    to: "return facts.clinicianUnfit !== 'unknown-staff'",
  },
];
