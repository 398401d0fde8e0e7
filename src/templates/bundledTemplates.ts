import type { Slug } from '../domain/identifiers.ts';
import type { TemplateContent } from '../domain/template/content.ts';
import { larDigOmAmning } from './larDigOmAmning.ts';
import { tobakshjalpen } from './tobakshjalpen.ts';

/** The two programs of the manuals, ready for `publish-template`; a host publishes them like any other content. */
export const bundledTemplates: readonly { readonly templateId: Slug; readonly content: TemplateContent }[] = [
  { templateId: 'lar-dig-om-amning', content: larDigOmAmning },
  { templateId: 'tobakshjalpen', content: tobakshjalpen },
];
