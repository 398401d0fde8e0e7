import type { HsaId, Uuid } from '../../../domain/identifiers.ts';
import type { Policy } from '../../../domain/policy.ts';
import type { EntryProgram, ExportRow } from '../../auditExport.ts';

/** What the directory says, when the export is made, of the staff member who acted. */
type Facts = { readonly profession: string; readonly assignments: readonly string[] };

/** An entry of the log with all that a format may say of it. */
export type ExportedEntry = {
  /** The same each time that the entry is exported, in every format: who receives it twice can tell. */
  readonly logId: Uuid;
  readonly row: ExportRow;
  readonly programs: readonly (EntryProgram & { readonly personalNumber?: string })[];
  readonly name?: string;
  readonly facts?: Facts;
  readonly unitName: (unitId: HsaId) => string | undefined;
};

/** What the region's policy says of the system that made the log. */
export type LoggingSystem = NonNullable<Policy['system']>;

/** The residents whom an entry is about, each once; those whose year is erased are not known. */
export const residentsOf = ({ programs }: ExportedEntry): readonly string[] => [
  ...new Set(programs.flatMap(({ personalNumber }) => (personalNumber === undefined ? [] : [personalNumber]))),
];
