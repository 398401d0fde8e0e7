import type { By } from '../../../domain/actors.ts';
import {
  type Annotation,
  type CodeableConcept,
  type Common,
  concept,
  type Extension,
  extensionUrl,
  ours,
  type Period,
  type Reference,
} from '../../../projections/fhir/elements.ts';
import type { ProgramDocument, ProgramPart } from '../document.ts';
import { given } from '../recorded.ts';
import type { Naming } from './naming.ts';

type CarePlan = Common & {
  readonly resourceType: 'CarePlan';
  readonly instantiatesCanonical: readonly string[];
  readonly status: 'active' | 'completed';
  readonly intent: 'plan';
  readonly title: string;
  readonly subject: Reference;
  readonly period: Period;
  readonly author: Reference;
  readonly contributor: readonly Reference[];
  readonly activity: readonly { readonly reference: Reference }[];
  readonly note?: readonly Annotation[];
};
type Observation = Common & {
  readonly resourceType: 'Observation';
  readonly status: 'final';
  readonly code: CodeableConcept;
  readonly subject: Reference;
  readonly effectiveDateTime: string;
  readonly performer?: readonly Reference[];
  readonly component: readonly { readonly code: CodeableConcept; readonly valueBoolean: boolean }[];
};
export type CarePlanResource = CarePlan | Observation;

/** FHIR R4 has no element for why a care plan ended, nor for how long it can be read after. */
const endingOf = ({ ended }: ProgramPart): readonly Extension[] => {
  if (ended === undefined) return [];
  const { reason, residentAware, readableUntil } = ended;
  return [
    { url: extensionUrl('end-reason'), valueCode: reason },
    { url: extensionUrl('resident-aware'), valueBoolean: residentAware },
    ...(readableUntil === undefined ? [] : [{ url: extensionUrl('readable-until'), valueDate: readableUntil }]),
  ];
};

/** What staff attested before the start (R067–R072): no consent, since care does not rest on one. */
const attestedOf = (program: ProgramPart, by: By | undefined, { id, resident, staff }: Naming): Observation => {
  const performer = staff(by?.hsaId);
  return {
    resourceType: 'Observation',
    id: id('attested'),
    status: 'final',
    code: concept('observation', 'attested-at-start'),
    subject: resident,
    effectiveDateTime: program.startedAt,
    ...given('performer', performer === undefined ? undefined : [performer]),
    component: Object.entries(program.attested).map(([name, value]) => ({
      code: concept('attested', name),
      valueBoolean: value,
    })),
  };
};

/** The program as a care plan, with what is done in it, and what was attested before it started. */
export const carePlanOf = (
  { program, history }: ProgramDocument,
  activities: readonly Reference[],
  naming: Naming,
): readonly CarePlanResource[] => {
  const { programId, templateId, version, title, startedAt, ended, welcomeText, unitId } = program;
  const { id, to, resident } = naming;
  const extension = endingOf(program);
  const plan: CarePlan = {
    resourceType: 'CarePlan',
    id: id('program', programId),
    ...given('extension', extension.length === 0 ? undefined : extension),
    instantiatesCanonical: [`${ours('template', templateId)}|${version}`],
    status: ended === undefined ? 'active' : 'completed',
    intent: 'plan',
    title,
    subject: resident,
    period: { start: startedAt, ...given('end', ended?.at) },
    author: to('responsible'),
    contributor: [to('organization', unitId)],
    activity: activities.map((reference) => ({ reference })),
    ...given('note', welcomeText === undefined ? undefined : [{ text: welcomeText }]),
  };
  return [plan, attestedOf(program, history[0]?.by, naming)];
};
