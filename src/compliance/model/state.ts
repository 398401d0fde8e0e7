import type { Actor } from '../../access/actor.ts';
import type { Command } from '../../commands/catalog.ts';
import type { Role } from '../../domain/actors.ts';
import type { Schedule } from '../../domain/program/schedule.ts';
import type { TemplateContent } from '../../domain/template/content.ts';
import type { StaffFacts } from '../../domain/unit/commands.ts';
import { admits, type Setting } from '../setting.ts';

/**
 * What a deliberately simple mind, that has read the requirements and decisions and not the source, holds to be so: plain mutable
 * objects, no events. It follows the commands that were answered, says beforehand how the next will be, and is where a run finds something
 * sensible to do.
 */
export type Model = {
  /** The policy and the templates under which it all happens. */
  readonly setting: Setting;
  readonly units: Map<string, ModelUnit>;
  readonly templates: Map<string, ModelTemplate>;
  readonly programs: Map<string, ModelProgram>;
  readonly handovers: Map<string, ModelHandover>;
  /** Commands that changed something, by id: what they asked, who sent them, and about which program. */
  readonly done: Map<string, { readonly print: string; readonly programId: string | undefined }>;
  /** The years of the log that were disposed of. */
  readonly disposed: Set<number>;
};

export type ModelStaff = {
  facts: StaffFacts;
  active: boolean;
  readonly roles: Set<Role>;
  limit: readonly string[] | undefined;
  notifications: string | undefined;
};

export type ModelUnit = {
  readonly id: string;
  name: string;
  kind: string;
  active: boolean;
  provider: string;
  environment: 'production' | 'training';
  validTo: string | undefined;
  answerWithinDays: number | undefined;
  readonly welcome: Map<string, string>;
  readonly templates: Set<string>;
  readonly staff: Map<string, ModelStaff>;
};

/** Published versions, oldest first; a content by what its texts and its structure are. */
type ModelTemplate = {
  readonly versions: {
    readonly major: number;
    readonly minor: number;
    readonly content: TemplateContent;
    readonly text: string;
    readonly shape: string;
  }[];
  review: string | undefined;
};

export type ModelModule = {
  state: 'closed' | 'open' | 'completed';
  /** The day of its last activation. */
  on: string;
  days: number | undefined;
  finished: boolean;
  readonly sections: Map<string, 'yellow' | 'green'>;
};

export type ModelProgram = {
  readonly id: string;
  readonly resident: string;
  readonly templateId: string;
  readonly major: number;
  unitId: string;
  clinician: string;
  status: 'ongoing' | 'ended' | 'purged';
  readableUntil: string | undefined;
  readonly modules: Map<string, ModelModule>;
  current: string | undefined;
  welcome: string | undefined;
  /** Who has something unread, by conversation. */
  readonly conversations: Map<string, Set<'staff' | 'resident'>>;
  pending: string | undefined;
  readonly startedOn: string;
  channels: { readonly inbox: boolean; readonly sms: boolean; readonly email: boolean };
  /** By module and form. */
  readonly forms: Map<string, 'draft' | 'unread' | 'opened'>;
  readonly comments: Map<string, 'unread' | 'read'>;
  /** Flags that are put up by hand, and those that were taken down by hand. */
  readonly raised: Set<string>;
  readonly cleared: Set<string>;
  readonly plans: Map<string, ModelPlan>;
  /** What is to be documented in the journal, and what is. */
  readonly duties: Set<string>;
  readonly documented: Set<string>;
};

/** When an activity plan is to be filled in, for a time: from one instant to another. */
type ModelEra = {
  readonly schedule: Schedule;
  readonly graceDays: number;
  readonly since: string | undefined;
  until: string | undefined;
};

export type ModelPlan = {
  readonly elements: number;
  readonly eras: ModelEra[];
  readonly createdAt: string;
  stoppedAt: string | undefined;
  readonly registered: Set<string>;
};

export type ModelHandover = {
  readonly id: string;
  readonly programId: string;
  readonly from: string;
  readonly to: string;
  outcome: 'pending' | 'approved' | 'denied' | 'withdrawn';
  clinician: string | undefined;
};

export const emptyModel = (setting: Setting): Model => ({
  setting,
  units: new Map(),
  templates: new Map(),
  programs: new Map(),
  handovers: new Map(),
  done: new Map(),
  disposed: new Set(),
});

/** Ids that the library made for a command. */
export type Made = Readonly<Record<string, string>>;

/** How a command is expected to be answered, and what is so afterwards; `anything` where the documents do not say. */
export type Verdict =
  | { readonly kind: 'changed'; readonly follow: (made: Made) => void }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'repeated' }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'anything'; readonly follow?: (made: Made) => void };

export const invalid: Verdict = { kind: 'invalid' };
export const no: Verdict = { kind: 'refused' };
export const nothing: Verdict = { kind: 'unchanged' };
export const repeated: Verdict = { kind: 'repeated' };
export const changed = (follow: (made: Made) => void): Verdict => ({ kind: 'changed', follow });

const swedish = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Stockholm', dateStyle: 'short' });

/** The calendar day in Sweden. */
export const swedishDay = (at: Date | string): string => swedish.format(new Date(at));

/** The day a number of days later. */
export const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** The day a number of months later; the last of the month where it has no such day. */
export const plusMonths = (day: string, months: number): string => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
};

/** What everything is judged by: who, and when. */
export type Moment = { readonly actor: Actor; readonly today: string; readonly at: string };

/** A command of a type, or of one of some. */
export type Of<Type extends Command['type']> = Extract<Command, { type: Type }>;
/** Says beforehand how a command of a type will be answered. */
export type Judge<Type extends Command['type']> = (model: Model, command: Of<Type>, moment: Moment) => Verdict;

export const isCeased = (unit: ModelUnit, today: string): boolean => unit.validTo !== undefined && unit.validTo < today;

/** Whether somebody is as surely authenticated as the region asks (R061, R073). */
const isSure = ({ setting: { policy } }: Model, actor: Actor): boolean =>
  actor.kind !== 'system' && actor.authentication.assurance >= policy.minimumAssurance;

/** Whether the directory gives somebody the assignment that every role asks for (R052). */
export const isAssigned = ({ setting }: Model, { assignments }: StaffFacts): boolean =>
  assignments.includes(setting.policy.requiredAssignment);

/** Whether staff who is active on an active unit acts, well enough authenticated, in one of some roles (none: any staff). */
export const mayAct = (model: Model, { actor, today }: Omit<Moment, 'at'>, roles: readonly Role[]): boolean => {
  if (actor.kind !== 'staff' || !isSure(model, actor)) return false;
  const unit = model.units.get(actor.unitId);
  const staff = unit?.staff.get(actor.hsaId);
  const isMethod = model.setting.policy.staffMethods.includes(actor.authentication.method); // R061
  if (!isMethod || unit === undefined || staff === undefined) return false;
  if (!unit.active || !staff.active || isCeased(unit, today)) return false; // R015, R048
  return roles.length === 0 || (roles.some((role) => staff.roles.has(role)) && isAssigned(model, staff.facts));
};

/** Whether a platform office acts. */
export const isOffice = (model: Model, { actor }: Pick<Moment, 'actor'>, office: string): boolean =>
  actor.kind === 'platform' && actor.office === office && isSure(model, actor);

/** Whether a resident acts, well enough authenticated. */
export const isResident = (model: Model, { actor }: Moment): boolean =>
  actor.kind === 'resident' && isSure(model, actor);

export const holdersOf = (unit: ModelUnit, role: Role): readonly ModelStaff[] =>
  [...unit.staff.values()].filter((staff) => staff.active && staff.roles.has(role));

/** What a template says: in one of its major lines, or in its newest. */
export const contentOf = (model: Model, templateId: string, major?: number): TemplateContent | undefined => {
  const versions = model.templates.get(templateId)?.versions ?? [];
  const line = major ?? Math.max(0, ...versions.map((version) => version.major));
  return versions.findLast((version) => version.major === line)?.content;
};

/** Whether a template may run on a unit of this kind (R005). */
export const isKindAllowed = (model: Model, templateId: string, kind: string): boolean =>
  admits(contentOf(model, templateId)?.unitKinds, kind);

/** Whether the region lets somebody of a profession hold a role (R032). */
export const isProfessionFor = ({ setting }: Model, role: Role, profession: string): boolean =>
  setting.policy.professionsByRole[role]?.includes(profession) ?? true;

/** Whether somebody may be responsible on a unit for programs of a template, in one of its lines (I03, I04). */
export const isEligible = (
  model: Model,
  unit: ModelUnit | undefined,
  hsaId: string,
  { templateId, major }: { readonly templateId: string; readonly major?: number },
): boolean => {
  const staff = unit?.staff.get(hsaId);
  const content = contentOf(model, templateId, major);
  if (staff === undefined || content === undefined) return false;
  const { profession, employment, trainings } = staff.facts;
  const { professions, employments, training } = content.eligibility;
  const isClinician = staff.active && staff.roles.has('clinician') && (staff.limit?.includes(templateId) ?? true);
  const isFit = admits(professions, profession) && admits(employments, employment); // R046, R047
  const isTrained = training === undefined || trainings.includes(training); // R042
  const isOfRegion = isAssigned(model, staff.facts) && isProfessionFor(model, 'clinician', profession);
  return isClinician && isFit && isTrained && isOfRegion;
};
