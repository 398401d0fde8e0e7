import type { AuditRow } from '../../auditLog.ts';
import {
  type CodeableConcept,
  type Coding,
  type Common,
  coding,
  concept,
  type Identifier,
} from '../../fhir/elements.ts';

/** Somebody or something outside the page: by an identifier of a register, or in words. */
type Named = { readonly type?: string; readonly identifier?: Identifier; readonly display?: string };

/** A FHIR R4 AuditEvent (4.0.1), with no more than the log fills in. */
export type AuditEvent = Common & {
  readonly resourceType: 'AuditEvent';
  readonly type: Coding;
  readonly subtype: readonly Coding[];
  readonly action: 'C' | 'R' | 'U' | 'D' | 'E';
  readonly recorded: string;
  readonly outcome: '0' | '4' | '8';
  readonly outcomeDesc?: string;
  readonly purposeOfEvent: readonly CodeableConcept[];
  readonly agent: readonly {
    readonly extension?: Common['extension'];
    readonly type?: CodeableConcept;
    readonly role?: readonly CodeableConcept[];
    readonly who: Named;
    readonly name?: string;
    readonly requestor: boolean;
  }[];
  readonly source: { readonly site?: string; readonly observer: Named };
  readonly entity?: readonly {
    readonly what?: Named;
    readonly type: Coding;
    readonly role: Coding;
    readonly name?: string;
    readonly detail?: readonly { readonly type: string; readonly valueString: string }[];
  }[];
};

/** Kinds of audit messages in DICOM, which R4 takes its types from. */
const dicom = (code: string): Coding => ({ system: 'http://dicom.nema.org/resources/ontology/DCM', code });
const applicationActivity = dicom('110100');
const exported = dicom('110106');
const patientRecord = dicom('110110');
const authentication = dicom('110114');

const typeOf = ({ action, activity }: AuditRow, isAboutProgram: boolean): Coding => {
  if (action === 'sign-in') return authentication;
  if (activity === 'print') return exported;
  return isAboutProgram ? patientRecord : applicationActivity;
};

/** Commands by which something comes to be that was not there. */
const creating: ReadonlySet<string> = new Set([
  'activate-unit',
  'register-staff',
  'publish-template',
  'start-program',
  'start-conversation',
  'reply',
  'comment',
  'submit-form',
  'raise-flag',
  'create-activity-plan',
  'register-activity',
  'send-reminder',
  'announce-absence',
  'initiate-handover',
]);

const actionOf = ({ action, activity }: AuditRow): AuditEvent['action'] => {
  if (action === 'sign-in') return 'E';
  if (activity === 'erase') return 'D';
  if (activity !== 'write') return 'R';
  return creating.has(action) ? 'C' : 'U';
};

/** What failed beneath is serious; what the rules refused is not. */
const failures: ReadonlySet<string> = new Set(['unavailable', 'damaged', 'unknown', 'conflict']);

const outcomeOf = ({ outcome, code }: AuditRow): AuditEvent['outcome'] => {
  if (outcome !== 'refused') return '0';
  return failures.has(code ?? '') ? '8' : '4';
};

/** The purposes that HL7 has a code for; the others keep the library's own. */
const reasons: Readonly<Record<string, string>> = { care: 'TREAT', quality: 'HQUALIMP' };

const purposeOf = ({ purpose }: AuditRow): CodeableConcept => {
  const code = reasons[purpose];
  if (code === undefined) return concept('purpose', purpose);
  return {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code }, coding('purpose', purpose)],
  };
};

/** What an entry was, in the codes of R4. */
export const codesOf = (row: AuditRow, isAboutProgram: boolean) => ({
  type: typeOf(row, isAboutProgram),
  action: actionOf(row),
  outcome: outcomeOf(row),
  purposeOfEvent: purposeOf(row),
});
