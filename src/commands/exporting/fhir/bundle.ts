import type { Meta } from '../../../projections/fhir/elements.ts';
import type { ProgramDocument } from '../document.ts';
import { type ActorResource, actorsOf } from './actors.ts';
import { type CarePlanResource, carePlanOf } from './carePlan.ts';
import { type DialogueResource, dialogueResources } from './dialogue.ts';
import { type HandoverResource, handoverTasksOf } from './handovers.ts';
import { type ContentResource, moduleTasksOf, workOf } from './modules.ts';
import { fullUrl, type Naming, namingOf } from './naming.ts';
import { type PlanResource, planRequestsOf, registrationsOf } from './plans.ts';
import { type ProvenanceResource, provenanceOf } from './provenance.ts';

/** A resource that a program becomes. */
type BundleResource =
  | ActorResource
  | CarePlanResource
  | ContentResource
  | PlanResource
  | DialogueResource
  | HandoverResource
  | ProvenanceResource;

/** A FHIR R4 Bundle (4.0.1) of the kind that collects what belongs together. */
export type Bundle = {
  readonly resourceType: 'Bundle';
  readonly id: string;
  readonly meta?: Meta;
  readonly type: 'collection';
  readonly timestamp: string;
  readonly entry: readonly { readonly fullUrl: string; readonly resource: BundleResource }[];
};

const urlOf = ({ id }: BundleResource): string => fullUrl(id);

const resourcesOf = (document: ProgramDocument, naming: Naming): readonly BundleResource[] => {
  const modules = moduleTasksOf(document, naming);
  const plans = planRequestsOf(document, naming);
  const activities = [...modules, ...plans].map((resource) => ({ reference: urlOf(resource) }));
  return [
    ...actorsOf(document, naming),
    ...carePlanOf(document, activities, naming),
    ...modules,
    ...workOf(document, naming),
    ...plans,
    ...registrationsOf(document, naming),
    ...dialogueResources(document, naming),
    ...handoverTasksOf(document, naming),
  ];
};

/** The standard's own mark of what is no real care. */
const trainingTag: Meta = {
  tag: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HTEST' }],
};

/**
 * A program's document as a FHIR R4 Bundle (R244): the program as a care plan with all that belongs to it. The same document always gives
 * the same bundle, and every reference in it leads to one of its entries.
 *
 * @example
 * const bundle = programBundle(receipt.document as ProgramDocument);
 */
export const programBundle = (document: ProgramDocument): Bundle => {
  const naming = namingOf(document.program.programId);
  const resources = resourcesOf(document, naming);
  const everything = [...resources, ...provenanceOf(document, new Set(resources.map(urlOf)), naming)];
  return {
    resourceType: 'Bundle',
    id: naming.id('bundle'),
    ...(document.program.environment === 'training' ? { meta: trainingTag } : {}),
    type: 'collection',
    timestamp: document.exportedAt,
    entry: everything.map((resource) => ({ fullUrl: urlOf(resource), resource })),
  };
};
