import type { Duty, Policy } from '../policy.ts';
import type { TemplateContent } from '../template/content.ts';

/** A duty to document in the journal, with what is to be registered there (R252–R261). */
export type Registration = { readonly code?: string; readonly attribute?: string };

const isFor = (duty: Pick<Duty, 'unitKind'>, unitKind: string): boolean =>
  duty.unitKind === undefined || duty.unitKind === unitKind;

/**
 * What to register for an event on a unit of a kind: what the policy says, else what the template says for that kind (R254, R256). Undefined
 * when the policy names the event for other kinds of units only.
 */
export const registrationFor = (
  cause: string,
  unitKind: string,
  { duties }: Policy,
  template: Pick<TemplateContent, 'registration'> | undefined,
): Registration | undefined => {
  const duty = duties.find((one) => one.event === cause && isFor(one, unitKind));
  if (duty === undefined) return undefined;
  if (duty.registers === false) return {};
  const standard = template?.registration.find((one) => one.unitKind === unitKind);
  const code = duty.code ?? standard?.code;
  const attribute = duty.attribute ?? standard?.attribute;
  return { ...(code === undefined ? {} : { code }), ...(attribute === undefined ? {} : { attribute }) };
};
