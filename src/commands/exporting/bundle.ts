import type { ProgramDocument } from './document.ts';

/** A program's document as a FHIR R4 Bundle. */
export const programBundle = (document: ProgramDocument): object => ({ resourceType: 'Bundle', document });
