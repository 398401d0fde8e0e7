import { addDays, dayOf } from '../../../domain/time.ts';
import {
  type CodeableConcept,
  type Common,
  coding,
  concept,
  ours,
  type Period,
  type Reference,
} from '../../../projections/fhir/elements.ts';
import type { FormPart, ModulePart, SectionPart } from '../content.ts';
import type { ProgramDocument } from '../document.ts';
import { given } from '../recorded.ts';
import type { Answered } from './answers.ts';
import type { Naming } from './naming.ts';

type Output = { readonly type: CodeableConcept; readonly valueReference: Reference };
type ContentTask = Common & {
  readonly resourceType: 'Task';
  readonly basedOn?: readonly Reference[];
  readonly partOf?: readonly Reference[];
  readonly status: 'in-progress' | 'completed' | 'cancelled';
  readonly businessStatus?: CodeableConcept;
  readonly intent: 'plan';
  readonly code: CodeableConcept;
  readonly description: string;
  readonly for: Reference;
  readonly executionPeriod?: Period;
  readonly owner: Reference;
  readonly restriction?: { readonly period: Period };
  readonly output?: readonly Output[];
};
export type ContentResource = ContentTask | Answered;

type About = { readonly document: ProgramDocument; readonly naming: Naming };

const periodOf = (start: string | undefined, end: string | undefined): Period | undefined =>
  start === undefined && end === undefined ? undefined : { ...given('start', start), ...given('end', end) };

const sectionTask = (
  { naming: { id, to, resident } }: About,
  { moduleId }: ModulePart,
  { sectionId, title, openedAt, completedAt }: SectionPart,
): readonly ContentTask[] => {
  const period = periodOf(openedAt ?? completedAt, completedAt);
  if (period === undefined) return [];
  return [
    {
      resourceType: 'Task',
      id: id('section', moduleId, sectionId),
      partOf: [to('module', moduleId)],
      status: completedAt === undefined ? 'in-progress' : 'completed',
      intent: 'plan',
      code: concept('task', 'section', sectionId),
      description: title,
      for: resident,
      executionPeriod: period,
      owner: resident,
    },
  ];
};

const statusOf = ({ completedAt, deactivatedAt }: ModulePart, isEnded: boolean): ContentTask['status'] => {
  if (completedAt !== undefined) return 'completed';
  return deactivatedAt !== undefined || isEnded ? 'cancelled' : 'in-progress';
};

const businessStatusOf = ({ current, finishedAt, deactivatedAt }: ModulePart): CodeableConcept | undefined => {
  if (deactivatedAt !== undefined) return concept('module', 'deactivated');
  if (finishedAt !== undefined) return concept('module', 'finished-by-resident');
  return current ? concept('module', 'current') : undefined;
};

/** The days of a module: its last day is the day of activation and its days. */
const restrictionOf = ({ activatedAt, days }: ModulePart): ContentTask['restriction'] => {
  if (activatedAt === undefined || days === undefined) return undefined;
  const start = dayOf(activatedAt);
  return { period: { start, end: addDays(start, days) } };
};

const moduleTask = ({ document, naming }: About, module: ModulePart): ContentTask => {
  const { id, to, program, resident } = naming;
  const { moduleId, title, activatedAt, completedAt, deactivatedAt, forms } = module;
  const ended = document.program.ended?.at;
  const output = forms.map(({ formId }) => ({
    type: concept('task-output', 'form', formId),
    valueReference: to('form', moduleId, formId),
  }));
  return {
    resourceType: 'Task',
    id: id('module', moduleId),
    basedOn: [program],
    status: statusOf(module, ended !== undefined),
    ...given('businessStatus', businessStatusOf(module)),
    intent: 'plan',
    code: concept('task', 'module', moduleId),
    description: title,
    for: resident,
    ...given('executionPeriod', periodOf(activatedAt, completedAt ?? deactivatedAt ?? ended)),
    owner: resident,
    ...given('restriction', restrictionOf(module)),
    ...given('output', output.length === 0 ? undefined : output),
  };
};

const formResponse = (
  { document, naming: { id, program, resident } }: About,
  { moduleId }: ModulePart,
  { formId, purpose, submittedAt, answers }: FormPart,
): Answered => {
  const { templateId, version } = document.program;
  const item = answers.map(({ questionId, question, answer }) => ({
    linkId: questionId,
    text: question,
    ...given('answer', answer === '' ? undefined : [{ valueString: answer }]),
  }));
  return {
    resourceType: 'QuestionnaireResponse',
    id: id('form', moduleId, formId),
    meta: { tag: [coding('form-purpose', purpose)] },
    basedOn: [program],
    questionnaire: `${ours('template', templateId, moduleId, formId)}|${version}`,
    status: 'completed',
    subject: resident,
    authored: submittedAt,
    author: resident,
    source: resident,
    ...given('item', item.length === 0 ? undefined : item),
  };
};

/** The tasks of the modules that the resident has had to do with. */
export const moduleTasksOf = (document: ProgramDocument, naming: Naming): readonly ContentTask[] =>
  document.content.map((module) => moduleTask({ document, naming }, module));

/** The sections within them, and the forms that the resident submitted. */
export const workOf = (document: ProgramDocument, naming: Naming): readonly ContentResource[] => {
  const about = { document, naming };
  return document.content.flatMap((module) => [
    ...module.sections.flatMap((section) => sectionTask(about, module, section)),
    ...module.forms.map((form) => formResponse(about, module, form)),
  ]);
};
