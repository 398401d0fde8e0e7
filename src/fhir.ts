import type { ProgramDocument } from './commands/exporting/document.ts';
import { type Bundle, programBundle as bundleOf } from './commands/exporting/fhir/bundle.ts';
import { readGiven } from './eventStore/setUpError.ts';

export type { ProgramDocument } from './commands/exporting/document.ts';
export type { Bundle } from './commands/exporting/fhir/bundle.ts';
export type { AuditEvent } from './projections/views/logExport/auditCodes.ts';

/**
 * A program's document as a FHIR R4 Bundle (R244): the program as a care plan with all that belongs to it. The same document always gives
 * the same bundle, and every reference in it leads to one of its entries.
 *
 * @throws one sentence for what is no such document
 * @example
 * const bundle = programBundle(receipt.document as ProgramDocument);
 */
export const programBundle = (document: ProgramDocument): Bundle =>
  readGiven('The document of the program', () => bundleOf(document));
