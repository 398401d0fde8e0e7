import type { HsaId } from '../../../domain/identifiers.ts';
import { type CodeableConcept, type Coding, coding, concept, type Identifier } from '../../fhir/elements.ts';
import { registerOf, registers, systemOf } from '../../fhir/registers.ts';
import { type AuditEvent, codesOf } from './auditCodes.ts';
import { type ExportedEntry, type LoggingSystem, residentsOf } from './entry.ts';

type Agent = AuditEvent['agent'][number];
type Entity = NonNullable<AuditEvent['entity']>[number];

const byHsaId = (hsaId: HsaId): Identifier => ({ system: systemOf(registers.hsaId), value: hsaId });
const byNumber = (personalNumber: string): Identifier => ({
  system: systemOf(registerOf(personalNumber)),
  value: personalNumber,
});

/** Whoever acted. A resident is named where the entry is about the resident's own program, and that year is not erased. */
const whoOf = (entry: ExportedEntry): Agent['who'] => {
  const { kind, actor } = entry.row;
  if (kind === 'staff' || kind === 'platform') return { type: 'Practitioner', identifier: byHsaId(actor) };
  if (kind === 'system') return { type: 'Device', display: actor };
  const [own] = kind === 'resident' ? residentsOf(entry) : [];
  if (own !== undefined) return { type: 'Patient', identifier: byNumber(own) };
  return kind === 'resident' ? { type: 'Patient', display: actor } : { display: actor };
};

const roleOf = ({ row: { role, office, kind } }: ExportedEntry): readonly CodeableConcept[] => [
  concept('role', role ?? office ?? kind),
];

const organization = (kind: string, hsaId: HsaId | null): readonly Agent[] =>
  hsaId === null
    ? []
    : [
        {
          type: concept('agent', kind),
          who: { type: 'Organization', identifier: byHsaId(hsaId) },
          requestor: false,
        },
      ];

const agentsOf = (entry: ExportedEntry): AuditEvent['agent'] => {
  const { row, name } = entry;
  const extension =
    row.method === null || row.assurance === null
      ? {}
      : {
          extension: [
            { url: 'urn:folja:extension:authentication-method', valueCode: row.method },
            { url: 'urn:folja:extension:assurance-level', valueInteger: row.assurance },
          ],
        };
  return [
    {
      ...extension,
      role: roleOf(entry),
      who: whoOf(entry),
      ...(name === undefined ? {} : { name }),
      requestor: true,
    },
    ...organization('care-unit', row.unitId),
    ...organization('care-provider', row.careProviderId),
  ];
};

const entityType = (code: string): Coding => ({
  system: 'http://terminology.hl7.org/CodeSystem/audit-entity-type',
  code,
});
const objectRole = (code: string): Coding => ({ system: 'http://terminology.hl7.org/CodeSystem/object-role', code });
const [person, systemObject] = ['1', '2'];
const [patient, masterFile, job, query] = ['1', '7', '20', '24'];

/** One for each resident, as IHE's basic audit log patterns ask of an entry about a patient. */
const patientEntities = (entry: ExportedEntry): readonly Entity[] =>
  residentsOf(entry).map((personalNumber) => ({
    what: { type: 'Patient', identifier: byNumber(personalNumber) },
    type: entityType(person),
    role: objectRole(patient),
  }));

const programEntities = ({ programs }: ExportedEntry): readonly Entity[] =>
  programs.map(({ programId }) => ({
    what: { type: 'CarePlan', identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${programId}` } },
    type: entityType(systemObject),
    role: objectRole(masterFile),
  }));

/** The view or command itself; what was asked for in a view is not kept. */
const actEntity = ({ row: { activity, action, count } }: ExportedEntry): Entity => ({
  type: entityType(systemObject),
  role: objectRole(activity === 'read' ? query : job),
  name: action,
  ...(count === null ? {} : { detail: [{ type: 'count', valueString: String(count) }] }),
});

const sourceOf = (system: LoggingSystem | undefined): AuditEvent['source'] =>
  system === undefined
    ? { observer: { type: 'Device', display: 'folja' } }
    : { site: system.name, observer: { type: 'Device', identifier: byHsaId(system.id), display: system.name } };

/** An entry as FHIR R4 has it; about several residents, with an entity for each. */
export const auditEventOf = (entry: ExportedEntry, system: LoggingSystem | undefined): AuditEvent => {
  const { logId, row } = entry;
  const { type, action, outcome, purposeOfEvent } = codesOf(row, entry.programs.length > 0);
  return {
    resourceType: 'AuditEvent',
    id: logId,
    type,
    subtype: [coding('action', row.action)],
    action,
    recorded: row.at,
    outcome,
    ...(row.code === null && row.outcome === 'allowed' ? {} : { outcomeDesc: row.code ?? row.outcome }),
    purposeOfEvent: [purposeOfEvent],
    agent: agentsOf(entry),
    source: sourceOf(system),
    entity: [...patientEntities(entry), ...programEntities(entry), actEntity(entry)],
  };
};
