import {
  type CodeableConcept,
  type Common,
  concept,
  extensionUrl,
  type Period,
  type Reference,
} from '../../../projections/fhir/elements.ts';
import type { ActivityPart, SchedulePart } from '../content.ts';
import type { ProgramDocument } from '../document.ts';
import { given } from '../recorded.ts';
import type { Answered } from './answers.ts';
import type { Naming } from './naming.ts';

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

type Timing = {
  readonly repeat: {
    readonly boundsPeriod: Period;
    readonly frequency: number;
    readonly period: number;
    readonly periodUnit: 'wk';
    readonly dayOfWeek: readonly (typeof weekdays)[number][];
    readonly timeOfDay: readonly string[];
  };
};
type ServiceRequest = Common & {
  readonly resourceType: 'ServiceRequest';
  readonly basedOn: readonly Reference[];
  readonly replaces?: readonly Reference[];
  readonly status: 'active' | 'completed' | 'revoked';
  readonly intent: 'plan';
  readonly code: CodeableConcept;
  readonly orderDetail: readonly CodeableConcept[];
  readonly subject: Reference;
  readonly occurrenceTiming: Timing;
  readonly authoredOn: string;
  readonly requester?: Reference;
  readonly performer: readonly Reference[];
};
export type PlanResource = ServiceRequest | Answered;

/** Clock times are those of Sweden, as in the schedule itself; FHIR gives a time of day no zone. */
const timingOf = ({ from, to, everyWeeks, weekdays: days, times }: SchedulePart): Timing => ({
  repeat: {
    boundsPeriod: { start: from, ...given('end', to) },
    frequency: days.length * times.length,
    period: everyWeeks,
    periodUnit: 'wk',
    dayOfWeek: days.toSorted().map((day) => weekdays[day - 1] as (typeof weekdays)[number]),
    timeOfDay: times.toSorted().map((time) => `${time}:00`),
  },
});

/** The first schedule of a plan has the plan's id; each change is a request of its own, which replaces the one before. */
const nameOf = ({ planId }: ActivityPart, index: number): readonly string[] =>
  index === 0 ? [planId] : [planId, String(index)];

const statusOf = (
  { schedules, stoppedAt }: ActivityPart,
  index: number,
  isEnded: boolean,
): ServiceRequest['status'] => {
  if (index < schedules.length - 1) return 'completed';
  if (stoppedAt !== undefined) return 'revoked';
  return isEnded ? 'completed' : 'active';
};

const requestsOf = (
  plan: ActivityPart,
  isEnded: boolean,
  { id, to, program, resident, staff }: Naming,
): readonly ServiceRequest[] =>
  plan.schedules.map((schedule, index) => ({
    resourceType: 'ServiceRequest',
    id: id('plan', ...nameOf(plan, index)),
    extension: [
      { url: extensionUrl('grace-days'), valueInteger: schedule.graceDays },
      { url: extensionUrl('remind'), valueBoolean: plan.remind },
      ...(plan.stoppedAt === undefined ? [] : [{ url: extensionUrl('stopped-at'), valueDateTime: plan.stoppedAt }]),
    ],
    basedOn: [program],
    ...given('replaces', index === 0 ? undefined : [to('plan', ...nameOf(plan, index - 1))]),
    status: statusOf(plan, index, isEnded),
    intent: 'plan',
    code: concept('request', 'activity-plan'),
    orderDetail: plan.elements.map(({ title, kind }) => concept('activity', kind, title)),
    subject: resident,
    occurrenceTiming: timingOf(schedule),
    authoredOn: schedule.since,
    ...given('requester', staff(plan.hsaId)),
    performer: [resident],
  }));

type Registration = ActivityPart['registrations'][number];

/** The schedule that an occasion comes from: the last one that was in force by then. */
const scheduleAt = ({ schedules }: ActivityPart, { occasion }: Registration): number =>
  Math.max(
    0,
    schedules.findLastIndex(({ since }) => since <= occasion),
  );

const registered = (plan: ActivityPart, registration: Registration, { id, to, resident }: Naming): Answered => {
  const { occasion, at, answers } = registration;
  const item = plan.elements.map(({ title }, index) => {
    const answer = answers[index] ?? '';
    return {
      linkId: String(index + 1),
      text: title,
      ...given('answer', answer === '' ? undefined : [{ valueString: answer }]),
    };
  });
  return {
    resourceType: 'QuestionnaireResponse',
    id: id('registration', plan.planId, occasion),
    extension: [{ url: extensionUrl('occasion'), valueDateTime: occasion }],
    basedOn: [to('plan', ...nameOf(plan, scheduleAt(plan, registration)))],
    status: 'completed',
    subject: resident,
    authored: at,
    author: resident,
    source: resident,
    item,
  };
};

/** The activity plans as requests, one for each schedule that was in force. */
export const planRequestsOf = ({ plans, program }: ProgramDocument, naming: Naming): readonly ServiceRequest[] =>
  plans.flatMap((plan) => requestsOf(plan, program.ended !== undefined, naming));

/** What the resident registered on their occasions. */
export const registrationsOf = ({ plans }: ProgramDocument, naming: Naming): readonly Answered[] =>
  plans.flatMap((plan) => plan.registrations.map((registration) => registered(plan, registration, naming)));
