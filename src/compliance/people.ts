import { type Role, Role as RoleSchema } from '../domain/actors.ts';
import type { StaffFacts } from '../domain/unit/commands.ts';
import { admits, employmentsOf, professionsOf, type Setting, trainingsOf } from './setting.ts';

/** A staff member as a run begins with it. */
export type StaffPlan = {
  readonly profession: string;
  readonly employment: string;
  readonly assigned: boolean;
  readonly trainings: readonly string[];
  readonly roles: readonly Role[];
  readonly limit?: string | undefined;
};

/** The four roles. */
export const roles: readonly Role[] = RoleSchema.options;

/** The one of some names that is worth most; the first of those that are worth as much. */
const best = (names: readonly string[], worth: (name: string) => number): string =>
  names.reduce((most, name) => (worth(name) > worth(most) ? name : most), names[0] ?? '');

/** Somebody who may do as much as anybody can: of the profession and employment that most templates and roles admit. */
export const fitFor = (setting: Setting): StaffPlan => {
  const { policy, templates } = setting;
  const holding = (profession: string): number =>
    roles.filter((role) => policy.professionsByRole[role]?.includes(profession) ?? true).length;
  const starting = (profession: string): number =>
    templates.filter(({ content }) => admits(content.eligibility.professions, profession)).length;
  const working = (employment: string): number =>
    templates.filter(({ content }) => admits(content.eligibility.employments, employment)).length;
  return {
    // A role that cannot be held is worse than a template that cannot be started.
    profession: best(professionsOf(setting), (name) => holding(name) * (templates.length + 1) + starting(name)),
    employment: best(employmentsOf(setting), working),
    assigned: true,
    trainings: [...trainingsOf(setting), 'platform'],
    roles: ['clinician', 'resident-administrator', 'data-administrator'],
  };
};

/** What lies in the directory about a staff member. */
export const factsOf = (setting: Setting, hsaId: string, name: string, plan: StaffPlan): StaffFacts => ({
  hsaId,
  name,
  profession: plan.profession,
  employment: plan.employment,
  assignments: plan.assigned ? [setting.policy.requiredAssignment] : [],
  trainings: [...plan.trainings],
});
