import type { HsaId } from '../../../domain/identifiers.ts';
import { localTimeOf } from '../../../domain/time.ts';
import type { Activity } from '../../auditActivities.ts';
import type { AuditRow } from '../../auditLog.ts';
import { registerOf } from '../../fhir/registers.ts';
import type { ExportedEntry, LoggingSystem } from './entry.ts';

/** The words of the contract for what was done. Signera, Vidimera and Nödöppning have no counterpart in the library. */
const activityTypes = {
  read: 'Läsa',
  write: 'Skriva',
  print: 'Utskrift',
  erase: 'Radera',
} as const satisfies Readonly<Record<Activity, string>>;

/** The words of the contract for why. */
const purposes = {
  care: 'Vård och behandling',
  quality: 'Kvalitetssäkring',
  'other-documentation': 'Annan dokumentation enligt lag',
  statistics: 'Statistik',
  administration: 'Administration',
  'quality-register': 'Kvalitetsregister',
} as const satisfies Readonly<Record<AuditRow['purpose'], string>>;

type CareProvider = { readonly careProviderId: HsaId };
type CareUnit = { readonly careUnitId: HsaId; readonly careUnitName?: string };
type Resource = {
  readonly resourceType: string;
  readonly patient?: { readonly patientId: { readonly root: string; readonly extension: string } };
  readonly careProvider: CareProvider;
  readonly careUnit?: CareUnit;
};

/** One `log` of StoreLog in the national log contract `informationsecurity:auditing:log` 2.0; fields in the order of its schema. */
export type NationalLog = {
  readonly logId: string;
  readonly system: { readonly systemId: HsaId; readonly systemName: string };
  readonly activity: {
    readonly activityType: (typeof activityTypes)[Activity];
    readonly activityLevel: string;
    readonly activityArgs: string;
    readonly startDate: string;
    readonly purpose: (typeof purposes)[AuditRow['purpose']];
  };
  readonly user: {
    readonly userId: HsaId;
    readonly name?: string;
    readonly assignment?: string;
    readonly title?: string;
    readonly careProvider: CareProvider;
    readonly careUnit: CareUnit;
  };
  readonly resources: { readonly resource: readonly Resource[] };
};

/**
 * What the library holds, in the national list of sorts of information (KV Informationstyp): documentation of care (vård- och
 * omsorgsdokumentation). The list has no word for programs; a region says another in its policy.
 */
const usualInformationType = 'voo';

const careUnitOf = (careUnitId: HsaId, { unitName }: ExportedEntry): CareUnit => {
  const name = unitName(careUnitId);
  return { careUnitId, ...(name === undefined ? {} : { careUnitName: name }) };
};

/** What the contract has no field for: which program, and that a command was sent again. */
const argumentsOf = ({ row: { outcome }, programs: [first, ...others] }: ExportedEntry): string => {
  const about = others.length === 0 ? `program=${first?.programId ?? ''}` : `programs=${others.length + 1}`;
  return outcome === 'repeated' ? `${about};repeated` : about;
};

const resourcesOf = (entry: ExportedEntry, resourceType: string): readonly Resource[] =>
  entry.programs.flatMap(({ owner, ownerUnit, personalNumber }) => {
    if (owner === null) return [];
    const patient =
      personalNumber === undefined
        ? {}
        : { patient: { patientId: { root: registerOf(personalNumber), extension: personalNumber } } };
    const careUnit = ownerUnit === null ? {} : { careUnit: careUnitOf(ownerUnit, entry) };
    return [{ resourceType, ...patient, careProvider: { careProviderId: owner }, ...careUnit }];
  });

const userOf = (entry: ExportedEntry, requiredAssignment: string): NationalLog['user'] | undefined => {
  const { row, name, facts } = entry;
  if (row.unitId === null || row.careProviderId === null) return undefined;
  return {
    userId: row.actor,
    ...(name === undefined ? {} : { name }),
    ...(facts?.assignments.includes(requiredAssignment) === true ? { assignment: requiredAssignment } : {}),
    ...(facts === undefined ? {} : { title: facts.profession }),
    careProvider: { careProviderId: row.careProviderId },
    careUnit: careUnitOf(row.unitId, entry),
  };
};

/** An entry as the national log service takes it; none where the contract has no room for it. */
export const nationalLog = (
  entry: ExportedEntry,
  system: LoggingSystem,
  requiredAssignment: string,
): readonly NationalLog[] => {
  const { logId, row } = entry;
  const user = userOf(entry, requiredAssignment);
  if (user === undefined) return [];
  return [
    {
      logId,
      system: { systemId: system.id, systemName: system.name },
      activity: {
        activityType: activityTypes[row.activity],
        activityLevel: row.action,
        activityArgs: argumentsOf(entry),
        startDate: localTimeOf(row.at),
        purpose: purposes[row.purpose],
      },
      user,
      resources: { resource: resourcesOf(entry, system.informationType ?? usualInformationType) },
    },
  ];
};
