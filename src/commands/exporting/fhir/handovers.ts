import {
  type CodeableConcept,
  type Common,
  concept,
  type Extension,
  extensionUrl,
  type Period,
  type Reference,
} from '../../../projections/fhir/elements.ts';
import type { ProgramDocument } from '../document.ts';
import type { HandoverOutcome, HandoverPart } from '../handovers.ts';
import { given } from '../recorded.ts';
import type { Naming } from './naming.ts';

type HandoverStatus = 'requested' | 'accepted' | 'rejected' | 'cancelled';
type HandoverTask = Common & {
  readonly resourceType: 'Task';
  readonly status: HandoverStatus;
  readonly statusReason?: CodeableConcept;
  readonly intent: 'order';
  readonly code: CodeableConcept;
  readonly focus: Reference;
  readonly for: Reference;
  readonly executionPeriod: Period;
  readonly authoredOn: string;
  readonly requester: Reference;
  readonly owner: Reference;
};
export type HandoverResource = HandoverTask;

const statuses: Readonly<Record<HandoverOutcome, HandoverStatus>> = {
  approved: 'accepted',
  denied: 'rejected',
  withdrawn: 'cancelled',
};

const termsOf = ({ residentInformed, disclosureBasis, fromUnit }: HandoverPart, naming: Naming) => ({
  requester: naming.to('organization', fromUnit),
  extension: [
    { url: extensionUrl('resident-informed'), valueBoolean: residentInformed },
    ...(disclosureBasis === undefined
      ? []
      : [{ url: extensionUrl('disclosure-basis'), valueCode: disclosureBasis } satisfies Extension]),
  ] satisfies readonly Extension[],
});

/** Handovers as tasks that one unit asks of another. Who did it stands in their provenance. */
export const handoverTasksOf = ({ handovers }: ProgramDocument, naming: Naming): readonly HandoverTask[] =>
  handovers.map((handover) => {
    const { handoverId, at, toUnit, outcome, decidedAt, reason } = handover;
    return {
      resourceType: 'Task',
      id: naming.id('handover', handoverId),
      status: outcome === undefined ? 'requested' : statuses[outcome],
      ...given('statusReason', reason === undefined ? undefined : concept('handover-reason', reason)),
      intent: 'order',
      code: concept('task', 'handover'),
      focus: naming.program,
      for: naming.resident,
      executionPeriod: { start: at, ...given('end', decidedAt) },
      authoredOn: at,
      owner: naming.to('organization', toUnit),
      ...termsOf(handover, naming),
    };
  });
