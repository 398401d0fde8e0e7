import type { HsaId, Uuid } from '../../domain/identifiers.ts';
import type { Instant } from '../../domain/time.ts';
import { given, type Opened, ofType } from './recorded.ts';

/** What became of a handover. */
export type HandoverOutcome = 'approved' | 'denied' | 'withdrawn';

/** A handover that was asked for, and what became of it; without an outcome it is still pending. */
export type HandoverPart = {
  readonly handoverId: Uuid;
  readonly at: Instant;
  readonly hsaId?: HsaId;
  readonly fromUnit: HsaId;
  readonly toUnit: HsaId;
  readonly residentInformed: boolean;
  readonly disclosureBasis?: string;
  readonly outcome?: HandoverOutcome;
  readonly decidedAt?: Instant;
  readonly decidedBy?: HsaId;
  readonly reason?: string;
  readonly clinician?: HsaId;
};

const outcomes = {
  'handover-approved': 'approved',
  'handover-denied': 'denied',
  'handover-withdrawn': 'withdrawn',
} as const;

type Decision = Pick<HandoverPart, 'outcome' | 'decidedAt' | 'decidedBy' | 'reason' | 'clinician'>;

const decisionOn = (events: readonly Opened[], handoverId: Uuid): Decision => {
  const decisions = ofType(events, 'handover-approved', 'handover-denied', 'handover-withdrawn');
  const decision = decisions.find(({ data }) => data.handoverId === handoverId);
  if (decision === undefined) return {};
  const { type, at, by, data } = decision;
  return {
    outcome: outcomes[type],
    decidedAt: at,
    ...given('decidedBy', by.hsaId),
    ...given('reason', 'reason' in data ? data.reason : undefined),
    ...given('clinician', 'clinician' in data ? data.clinician : undefined),
  };
};

/** The handovers of a program, in the order in which they were asked for. */
export const handoversOf = (events: readonly Opened[]): readonly HandoverPart[] =>
  ofType(events, 'handover-initiated').map(({ at, by, data: { disclosureBasis, ...data } }) => ({
    ...data,
    at,
    ...given('disclosureBasis', disclosureBasis),
    ...given('hsaId', by.hsaId),
    ...decisionOn(events, data.handoverId),
  }));
