import type { z } from 'zod';
import type { DataOf, EventType, eventShapes } from '../eventStore/shapes.ts';

/** The words in which the record of processing is written, each with what it means (GDPR art. 30). */
export const terms = {
  category: {
    identity: 'Who a resident is: name, personal number, or a reference made of it.',
    health: 'What concerns a resident’s health or care (GDPR art. 9): answers, plans, what was done when.',
    communication: 'What resident and staff write to each other. It may be about health.',
    'staff-identity': 'Who a staff member is: name, HSA-id, profession, roles.',
    none: 'About no person: units, content, technical values.',
  },
  subject: {
    resident: 'The person for whom a program was started.',
    staff: 'Those who work on a unit, or for an office of the platform.',
  },
  purpose: {
    care: 'PDL 2 kap. 4 § 1: documentation needed in and for the care.',
    administration: 'PDL 2 kap. 4 § 2: administration that concerns patients.',
    'legal-documentation': 'PDL 2 kap. 4 § 3: documentation that other law asks for.',
    quality: 'PDL 2 kap. 4 § 4: developing and securing the quality of care.',
    operations: 'PDL 2 kap. 4 § 5: administration, planning and follow-up of the services.',
    statistics: 'PDL 2 kap. 4 § 6: statistics, which hold no persons.',
    'access-control': 'PDL 4 kap. 2–3 §§: authorization, and the control of who has used what.',
  },
  legalBasis: {
    care: 'GDPR art. 6(1)(c) or (e), and 9(2)(h) with 9(3); PDL 2 kap. 2 and 7 a §§. No consent.',
    staff: 'GDPR art. 6(1)(c) or (e); PDL 4 kap. 2 §.',
    log: 'GDPR art. 6(1)(c); PDL 4 kap. 3 § and 8 kap. 5 §; HSLF-FS 2016:40 4 kap. 9 §.',
  },
  retention: {
    'care-key':
      'Sealed under the program’s key, beside the log. Deleted, and the key destroyed, by the purge (`purge-program`).',
    'unit-key':
      'Sealed under the unit’s key. Nothing ends it yet: names are kept as long as the log that they explain.',
    'audit-year':
      'Under the key of a calendar year. Deleted, and the key destroyed, by `dispose-log-year`, after five years at least.',
    skeleton:
      'Kept with the log, without a resident’s name or number. Pseudonymous while a row of an audit year tells whose it was. HSA-ids of staff stay.',
    purge: 'Deleted by the purge.',
    kept: 'Kept; it names nobody.',
  },
  recipient: {
    'own-unit': 'Staff of the unit that has the program, by role and relation.',
    'receiving-unit': 'Another unit: before it approves a handover who and what, afterwards all of it.',
    resident: 'The resident.',
    copy: 'Whoever the data administrator gives an export.',
    'regional-team': 'The regional team and the production office.',
    'log-auditor': 'The care provider’s log auditor.',
    'national-log': 'The national log service, where the host sends it exports of the log.',
    host: 'The host’s own delivery of notifications: who is to be told of what, never content.',
  },
} as const;

export type DataCategory = keyof typeof terms.category;
export type DataSubject = keyof typeof terms.subject;
export type ProcessingPurpose = keyof typeof terms.purpose;
export type LegalBasis = keyof typeof terms.legalBasis;
export type Retention = keyof typeof terms.retention;
export type Recipient = keyof typeof terms.recipient;

type SealedIn<Type extends EventType> = (typeof eventShapes)[Type] extends {
  readonly sealed: infer S extends z.ZodType;
}
  ? keyof z.infer<S> & string
  : never;
/** A personal field as `<event>.<field>`. */
export type SealedField = { [Type in EventType]: `${Type}.${SealedIn<Type>}` }[EventType];

/** What each personal field is. One that is new does not compile until it is here. */
export const sealedFields: Readonly<Record<SealedField, Exclude<DataCategory, 'none'>>> = {
  'staff-registered.name': 'staff-identity',
  'staff-changed.name': 'staff-identity',
  'started.personalNumber': 'identity',
  'started.name': 'identity',
  'welcome-text-changed.text': 'communication',
  'conversation-started.subject': 'communication',
  'message-sent.body': 'communication',
  'form-saved.answers': 'health',
  'form-submitted.answers': 'health',
  'comment-made.text': 'communication',
  'flag-raised.text': 'health',
  'activity-plan-created.titles': 'health',
  'activity-registered.answers': 'health',
  'absence-announced.text': 'communication',
};

/** An event without fields has every name to the compiler, and none in truth. */
type NameIn<Data> = string extends keyof Data ? never : keyof Data & string;
/** The name of a field of the skeleton, in whatever event. */
export type SkeletonField = { [Type in EventType]: NameIn<DataOf<Type>> }[EventType];

const all = <Name extends string, Meaning>(meaning: Meaning, ...names: readonly Name[]): Record<Name, Meaning> =>
  Object.fromEntries(names.map((name) => [name, meaning])) as Record<Name, Meaning>;

/**
 * What each field of the skeleton is, by its name. One that is new does not compile until it is here. What is `health` here tells of
 * care under the program's id alone: codes, days and ids, never a text.
 */
export const skeletonFields: Readonly<Record<SkeletonField, DataCategory>> = {
  ...all('staff-identity', 'hsaId', 'clinician', 'addressee', 'decidedBy', 'reviewedBy', 'profession', 'employment'),
  ...all('staff-identity', 'assignments', 'trainings', 'role', 'templateIds', 'receive', 'channels', 'flagTypes'),
  ...all(
    'health',
    'templateId',
    'moduleId',
    'sectionId',
    'formId',
    'days',
    'finishedByResident',
    'attested',
    'elements',
  ),
  ...all('health', 'schedule', 'graceDays', 'remind', 'occasion', 'about', 'due', 'severity', 'code', 'reason'),
  ...all('health', 'residentAware', 'residentInformed', 'disclosureBasis', 'readableUntil', 'notifications', 'inbox'),
  ...all('health', 'sms', 'email', 'notifyInbox', 'notifyResident', 'from', 'to', 'side', 'programs'),
  ...all('identity', 'person'),
  ...all('none', 'name', 'kind', 'careProviderId', 'county', 'operator', 'environment', 'validTo', 'order', 'unitId'),
  ...all('none', 'fromUnit', 'toUnit', 'answerWithinDays', 'welcomeText', 'warnedOf', 'keyId', 'major', 'minor'),
  ...all('none', 'content', 'outcome', 'nextReview', 'conversationId', 'messageId', 'commentId', 'flagId', 'planId'),
  ...all('none', 'dutyId', 'handoverId', 'format', 'disposalDecision', 'what', 'asOf', 'reading', 'size', 'count'),
  ...all('none', 'entries', 'finding', 'reference', 'year', 'subjects', 'parts', 'stores', 'length', 'root', 'epoch'),
  ...all('none', 'until', 'node'),
};

/** Where a name means something else than elsewhere. */
export const exceptions: Readonly<Record<string, DataCategory>> = {
  'clinician-changed.from': 'staff-identity',
  'clinician-changed.to': 'staff-identity',
  'log-checked.from': 'none',
  'log-checked.to': 'none',
  'template-enabled.templateId': 'none',
  'template-disabled.templateId': 'none',
};

/** Why each event is processed. One that is new does not compile until it is here. */
export const purposes: Readonly<Record<EventType, readonly ProcessingPurpose[]>> = {
  ...all(['operations'] as const, 'unit-activated', 'unit-changed', 'unit-deactivated', 'template-enabled'),
  ...all(['operations'] as const, 'template-disabled', 'template-published', 'template-reviewed', 'notifications-set'),
  ...all(['access-control'] as const, 'staff-registered', 'staff-changed', 'role-granted', 'role-revoked'),
  ...all(['access-control'] as const, 'staff-deactivated', 'staff-reactivated', 'signed-in', 'viewed', 'refused'),
  ...all(['access-control'] as const, 'repeated', 'log-checked', 'log-year-disposed', 'erasure-certified', 'operated'),
  ...all(['care', 'statistics'] as const, 'started', 'ended', 'message-sent', 'handed-over'),
  ...all(['care', 'quality'] as const, 'form-saved', 'form-submitted', 'form-opened'),
  ...all(['care'] as const, 'welcome-text-changed', 'module-activated', 'module-made-current', 'module-completed'),
  ...all(['care'] as const, 'module-days-changed', 'module-deactivated', 'program-opened', 'section-opened'),
  ...all(['care'] as const, 'section-completed', 'module-finished', 'conversation-started', 'conversation-read'),
  ...all(['care'] as const, 'comment-made', 'comment-read', 'flag-raised', 'flag-cleared', 'activity-plan-created'),
  ...all(['care'] as const, 'activity-plan-changed', 'activity-plan-stopped', 'activity-registered', 'reminder-sent'),
  ...all(['care'] as const, 'maintenance-closed', 'clinician-changed', 'absence-announced'),
  ...all(['administration'] as const, 'resident-notifications-set', 'handover-initiated', 'handover-approved'),
  ...all(['administration'] as const, 'handover-denied', 'handover-withdrawn'),
  ...all(['legal-documentation'] as const, 'documentation-recorded', 'exported', 'purged'),
};
