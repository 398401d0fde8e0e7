import type { Common, Reference } from '../../../projections/fhir/elements.ts';

type Item = {
  readonly linkId: string;
  readonly text: string;
  readonly answer?: readonly { readonly valueString: string }[];
};

/** What the resident answered: a form, or an occasion of an activity plan. A question without an answer has none. */
export type Answered = Common & {
  readonly resourceType: 'QuestionnaireResponse';
  readonly basedOn: readonly Reference[];
  readonly questionnaire?: string;
  readonly status: 'completed';
  readonly subject: Reference;
  readonly authored: string;
  readonly author: Reference;
  readonly source: Reference;
  readonly item?: readonly Item[];
};
