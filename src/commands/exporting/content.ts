import type { HsaId, Uuid } from '../../domain/identifiers.ts';
import type { Schedule } from '../../domain/program/schedule.ts';
import type { Form, Module, TemplateContent } from '../../domain/template/content.ts';
import type { Instant } from '../../domain/time.ts';
import { given, type Opened, ofType } from './recorded.ts';

/** A section as the resident has come to it. */
export type SectionPart = {
  readonly sectionId: string;
  readonly title: string;
  readonly openedAt?: Instant;
  readonly completedAt?: Instant;
};
/** A form that was submitted, with the questions that were answered. */
export type FormPart = {
  readonly formId: string;
  readonly title: string;
  readonly purpose: 'care' | 'quality';
  readonly submittedAt: Instant;
  readonly openedAt?: Instant;
  readonly answers: readonly { readonly questionId: string; readonly question: string; readonly answer: string }[];
};
/** A module that was opened for the resident. `deactivatedAt` is that of one which is closed again. */
export type ModulePart = {
  readonly moduleId: string;
  readonly title: string;
  readonly current: boolean;
  readonly activatedAt?: Instant;
  readonly days?: number;
  readonly finishedAt?: Instant;
  readonly completedAt?: Instant;
  readonly deactivatedAt?: Instant;
  readonly sections: readonly SectionPart[];
  readonly forms: readonly FormPart[];
};

/** The modules that the resident has had to do with, and what she answered in them. */
export type ContentPart = readonly ModulePart[];

/** A schedule of an activity plan, in force since an instant. */
export type SchedulePart = Schedule & { readonly since: Instant; readonly graceDays: number };

/** An activity plan with what the resident registered. */
export type ActivityPart = {
  readonly planId: Uuid;
  readonly hsaId?: HsaId;
  readonly elements: readonly { readonly title: string; readonly kind: string }[];
  /** The first one and its changes, in order. */
  readonly schedules: readonly SchedulePart[];
  readonly remind: boolean;
  readonly stoppedAt?: Instant;
  readonly registrations: readonly {
    readonly occasion: Instant;
    readonly at: Instant;
    readonly answers: readonly string[];
  }[];
};

/** Moments of a module that the last of counts: it may be closed and opened again. */
type InModule = { readonly at: Instant; readonly data: { readonly moduleId: string } };
const latestIn = <Event extends InModule>(events: readonly Event[], moduleId: string): Event | undefined =>
  events.filter(({ data }) => data.moduleId === moduleId).at(-1);

const sectionPart = (
  events: readonly Opened[],
  moduleId: string,
  { id, title }: Module['sections'][number],
): SectionPart => {
  const when = (type: 'section-opened' | 'section-completed'): Instant | undefined =>
    ofType(events, type).find(({ data }) => data.moduleId === moduleId && data.sectionId === id)?.at;
  return {
    sectionId: id,
    title,
    ...given('openedAt', when('section-opened')),
    ...given('completedAt', when('section-completed')),
  };
};

const formPart = (
  events: readonly Opened[],
  moduleId: string,
  { id, title, purpose, questions }: Form,
): readonly FormPart[] => {
  const isThis = ({ data }: { readonly data: { moduleId: string; formId: string } }): boolean =>
    data.moduleId === moduleId && data.formId === id;
  const submitted = ofType(events, 'form-submitted').find(isThis);
  if (submitted === undefined) return [];
  const answers = submitted.sealed.answers ?? {};
  return [
    {
      ...{ formId: id, title, purpose, submittedAt: submitted.at },
      ...given('openedAt', ofType(events, 'form-opened').find(isThis)?.at),
      answers: questions
        .filter((question) => Object.hasOwn(answers, question.id))
        .map((question) => ({ questionId: question.id, question: question.text, answer: answers[question.id] ?? '' })),
    },
  ];
};

/** The module that is current: completing or deactivating it leaves none. */
const currentAmong = (events: readonly Opened[]): string | undefined => {
  const last = ofType(events, 'module-made-current').at(-1);
  if (last === undefined) return undefined;
  const { moduleId } = last.data;
  const left = latestIn(ofType(events, 'module-completed', 'module-deactivated'), moduleId);
  return left !== undefined && left.revision > last.revision ? undefined : moduleId;
};

const modulePart = (events: readonly Opened[], { id, title, sections, forms }: Module): readonly ModulePart[] => {
  const activated = latestIn(ofType(events, 'module-activated'), id);
  const submitted = forms.flatMap((form) => formPart(events, id, form));
  if (activated === undefined && submitted.length === 0) return [];
  const changed = latestIn(ofType(events, 'module-activated', 'module-days-changed'), id);
  const moved = latestIn(ofType(events, 'module-activated', 'module-deactivated'), id);
  return [
    {
      ...{ moduleId: id, title, current: currentAmong(events) === id },
      ...given('activatedAt', activated?.at),
      ...given('days', changed?.data.days),
      ...given('finishedAt', latestIn(ofType(events, 'module-finished'), id)?.at),
      ...given('completedAt', latestIn(ofType(events, 'module-completed'), id)?.at),
      ...given('deactivatedAt', moved?.type === 'module-deactivated' ? moved.at : undefined),
      sections: sections.map((section) => sectionPart(events, id, section)),
      forms: submitted,
    },
  ];
};

/** What the resident did in the content, in the content's order. */
export const contentOf = (events: readonly Opened[], { modules }: TemplateContent): ContentPart =>
  modules.flatMap((module) => modulePart(events, module));

const schedulesOf = (events: readonly Opened[], planId: Uuid): readonly SchedulePart[] =>
  ofType(events, 'activity-plan-created', 'activity-plan-changed')
    .filter(({ data }) => data.planId === planId)
    .map(({ at, data: { schedule, graceDays } }) => ({ since: at, ...schedule, graceDays }));

const registrationsOf = (events: readonly Opened[], planId: Uuid): ActivityPart['registrations'] =>
  ofType(events, 'activity-registered')
    .filter(({ data }) => data.planId === planId)
    .map(({ at, data: { occasion }, sealed }) => ({ occasion, at, answers: sealed.answers ?? [] }));

/** The activity plans, in the order in which they were made. */
export const plansOf = (events: readonly Opened[]): readonly ActivityPart[] =>
  ofType(events, 'activity-plan-created').map(({ by, data: { planId, elements, remind }, sealed }) => ({
    planId,
    ...given('hsaId', by.hsaId),
    elements: elements.map((kind, index) => ({ title: sealed.titles?.[index] ?? '', kind })),
    schedules: schedulesOf(events, planId),
    remind,
    ...given('stoppedAt', ofType(events, 'activity-plan-stopped').find(({ data }) => data.planId === planId)?.at),
    registrations: registrationsOf(events, planId),
  }));
