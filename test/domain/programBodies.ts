import fc from 'fast-check';
import type { ProgramCommand } from '../../src/domain/program/commands.ts';
import { uuid } from './people.ts';
import { firstOccasion, planCreated, programId } from './programs.ts';

type Bodies<Type extends ProgramCommand['type']> = { readonly [Each in Type]: fc.Arbitrary<object> };

/** The fields of a command about the program of the tests. */
export const data = <Rest extends object>(rest: { [Field in keyof Rest]: fc.Arbitrary<Rest[Field]> }) =>
  fc.record({ programId: fc.constant(programId), ...rest });
export const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
export const texts = fc.constantFrom('Hej!', 'Hur går det?', 'Tack, bra.');

const moduleId = fc.constantFrom('kapitel-2', 'steg-1', 'steg-1', 'steg-2', 'steg-5', 'okand');
const formId = fc.constantFrom('fragor', 'fragor', 'fragor', 'okand');
const answers = fc.oneof(
  { weight: 9, arbitrary: texts.map((text) => ({ 'fraga-1': text })) },
  { weight: 1, arbitrary: fc.constantFrom({}, { okand: 'Hej!' }) },
);
const flags = fc.constantFrom(uuid(31), uuid(32), uuid(1_005), uuid(1_015));
const comments = fc.constantFrom(uuid(31), uuid(1_013), uuid(1_023), uuid(1_033));
const planId = fc.constantFrom(uuid(31), uuid(32));
const { schedule } = planCreated().data;
const schedules = fc.constantFrom(schedule, { ...schedule, times: ['07:00', '19:00'] }, { ...schedule, everyWeeks: 2 });
const graceDays = fc.nat(30);
const kinds = fc.constantFrom('text' as const, 'scale' as const);
const occasion = fc.constantFrom(firstOccasion, '2026-03-03T06:00:00.000Z', '2026-03-16T06:00:00.000Z');
const about = fc.constantFrom(
  ...['steg-1', 'steg-2', 'kapitel-2', 'okand'].map((id) => ({ moduleId: id })),
  ...['uppfoljning-3', 'okand'].map((followUpId) => ({ followUpId })),
  ...[uuid(31), uuid(32)].map((id) => ({ planId: id })),
);

/** What the resident answers and comments, and what the clinician makes of it. */
export const answering: Bodies<'save-form' | 'submit-form' | 'open-form' | 'comment' | 'read-comment'> = {
  'save-form': data({ moduleId, formId, answers }),
  'submit-form': data({ moduleId, formId, answers }),
  'open-form': data({ moduleId, formId }),
  comment: data({ moduleId, sectionId: fc.constantFrom('avsnitt-1', 'avsnitt-99'), text: texts }),
  'read-comment': data({ commentId: comments }),
};

/** Activity plans. */
export const planning: Bodies<
  'create-activity-plan' | 'change-activity-plan' | 'stop-activity-plan' | 'register-activity'
> = {
  'create-activity-plan': data({
    ...{ planId: optional(planId), schedule: schedules, graceDays, remind: fc.boolean() },
    elements: fc.array(fc.record({ title: texts, kind: kinds }), { minLength: 1, maxLength: 2 }),
  }),
  'change-activity-plan': data({ planId, schedule: optional(schedules), graceDays: optional(graceDays) }),
  'stop-activity-plan': data({ planId }),
  'register-activity': data({ planId, occasion, answers: fc.array(texts, { minLength: 1, maxLength: 2 }) }),
};

/** What remains: flags, reminders, absence, documentation, export, and where the resident is told. */
export const attending: Bodies<
  | 'raise-flag'
  | 'clear-flag'
  | 'send-reminder'
  | 'announce-absence'
  | 'record-documentation'
  | 'export-program'
  | 'set-resident-notifications'
> = {
  'raise-flag': data({ severity: fc.constantFrom('info', 'action'), text: texts }),
  'clear-flag': data({ flagId: flags }),
  'send-reminder': data({ about, due: optional(occasion) }),
  'announce-absence': data({
    from: fc.constant('2026-03-09'),
    to: fc.constantFrom('2026-03-13', '2026-06-01'),
    text: texts,
  }),
  'record-documentation': data({ dutyId: fc.constantFrom(uuid(31), uuid(32)), code: optional(fc.constant('AMNSOB')) }),
  'export-program': data({ format: fc.constantFrom('json', 'fhir') }),
  'set-resident-notifications': data({ inbox: fc.boolean(), sms: fc.boolean(), email: fc.boolean() }),
};
