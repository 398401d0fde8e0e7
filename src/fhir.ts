export type { ProgramDocument } from './commands/exporting/document.ts';
export type { Bundle } from './commands/exporting/fhir/bundle.ts';
export { programBundle } from './commands/exporting/fhir/bundle.ts';
export type { AuditEvent } from './projections/views/logExport/auditCodes.ts';
