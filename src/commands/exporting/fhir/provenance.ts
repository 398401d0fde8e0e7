import type { By } from '../../../domain/actors.ts';
import { type CodeableConcept, type Common, concept, type Reference } from '../../../projections/fhir/elements.ts';
import type { Happening, ProgramDocument } from '../document.ts';
import { given } from '../recorded.ts';
import type { Naming } from './naming.ts';

type Agent = {
  readonly role?: readonly CodeableConcept[];
  readonly who: Reference;
  readonly onBehalfOf?: Reference;
};
type Provenance = Common & {
  readonly resourceType: 'Provenance';
  readonly target: readonly Reference[];
  readonly recorded: string;
  readonly reason?: readonly CodeableConcept[];
  readonly activity: CodeableConcept;
  readonly agent: readonly Agent[];
};
export type ProvenanceResource = Provenance;

/** Events of which the resource that came of them says who and when. */
const saidByResource: ReadonlySet<string> = new Set([
  'section-opened',
  'section-completed',
  'conversation-started',
  'message-sent',
  'comment-made',
  'form-submitted',
  'flag-raised',
  'activity-registered',
  'reminder-sent',
  'absence-announced',
]);

const whoOf = ({ kind, hsaId, process }: By, naming: Naming): Reference => {
  if (kind === 'resident') return naming.resident;
  return naming.staff(hsaId) ?? { type: 'Device', display: process ?? kind };
};

const agentOf = (by: By, naming: Naming): Agent => {
  const role = by.role ?? by.office;
  return {
    ...given('role', role === undefined ? undefined : [concept('role', role)]),
    who: whoOf(by, naming),
    ...given('onBehalfOf', by.unitId === undefined ? undefined : naming.to('organization', by.unitId)),
  };
};

type Ids = Readonly<Partial<Record<string, unknown>>>;

/** The fields of an event that name what it is about, the nearest first. */
const subjects: readonly (readonly [kind: string, ...fields: readonly string[]])[] = [
  ['form', 'moduleId', 'formId'],
  ['module', 'moduleId'],
  ['conversation', 'conversationId'],
  ['comment', 'commentId'],
  ['flag', 'flagId'],
  ['plan', 'planId'],
  ['handover', 'handoverId'],
];

/** The resource of the bundle that an event is about; the care plan where it is about none. */
const targetOf = (data: Ids, inBundle: ReadonlySet<string>, naming: Naming): Reference => {
  const found = subjects
    .filter(([, ...fields]) => fields.every((field) => typeof data[field] === 'string'))
    .map(([kind, ...fields]) => naming.to(kind, ...fields.map((field) => String(data[field]))))
    .find(({ reference }) => inBundle.has(reference));
  return found ?? naming.program;
};

const reasonsOf = ({ reason, code }: Ids): readonly CodeableConcept[] => [
  ...(typeof reason === 'string' ? [concept('reason', reason)] : []),
  ...(typeof code === 'string' ? [concept('registration', code)] : []),
];

const provenance = (
  { position, at, type, by, data }: Happening,
  inBundle: ReadonlySet<string>,
  naming: Naming,
): Provenance => {
  const reason = reasonsOf(data as Ids);
  return {
    resourceType: 'Provenance',
    id: naming.id('provenance', position),
    target: [targetOf(data as Ids, inBundle, naming)],
    recorded: at,
    ...given('reason', reason.length === 0 ? undefined : reason),
    activity: concept('event', type),
    agent: [agentOf(by, naming)],
  };
};

/** Who did what when, for every event that no resource tells of itself. */
export const provenanceOf = (
  { history }: ProgramDocument,
  inBundle: ReadonlySet<string>,
  naming: Naming,
): readonly Provenance[] =>
  history.filter(({ type }) => !saidByResource.has(type)).map((event) => provenance(event, inBundle, naming));
