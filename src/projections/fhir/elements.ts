/** The data types of FHIR R4 that the mapping uses, each with no more than it fills in. */

export type Coding = { readonly system: string; readonly code: string };
export type CodeableConcept = { readonly coding?: readonly Coding[]; readonly text?: string };
export type Identifier = { readonly system: string; readonly value: string };
export type Period = { readonly start?: string; readonly end?: string };
export type Annotation = { readonly text: string };

/** A reference to a resource of the bundle, or words where there is none, such as for a process. */
export type Reference = { readonly reference: string } | { readonly type: 'Device'; readonly display: string };

export type Extension = { readonly url: string } & (
  | { readonly valueCode: string }
  | { readonly valueBoolean: boolean }
  | { readonly valueInteger: number }
  | { readonly valueDate: string }
  | { readonly valueDateTime: string }
  | { readonly valuePeriod: Period }
);

export type Meta = { readonly tag: readonly Coding[] };

/** What every resource may have. */
export type Common = { readonly id: string; readonly meta?: Meta; readonly extension?: readonly Extension[] };

/** The name of something that FHIR and Sweden have no name for: a code system, an extension, a template. */
export const ours = (...names: readonly string[]): string => ['urn:folja', ...names].join(':');

/** A code of ours. */
export const coding = (system: string, code: string): Coding => ({ system: ours('code', system), code });

/** A concept that is a code of ours, with a text where there is one. */
export const concept = (system: string, code: string, text?: string): CodeableConcept => ({
  coding: [coding(system, code)],
  ...(text === undefined ? {} : { text }),
});

/** The address of an extension of ours. */
export const extensionUrl = (name: string): string => ours('extension', name);
