import type { TemplateContent } from '../../src/domain/template/content.ts';
import { template } from '../../src/domain/template/template.ts';
import { tobakshjalpen } from '../../src/templates/tobakshjalpen.ts';
import { decisionsOf } from './decision.ts';
import { usual } from './people.ts';

export const templateId = 'tobakshjalpen';
export const officer = 'SE165565594230-1010';
export const expert = 'SE165565594230-1020';
const by = { kind: 'platform' as const, hsaId: officer, office: 'production-office' as const };

export const { fold, given } = decisionsOf(template, { ...usual, by }, undefined);

/** Tobakshjälpen with another welcome text: what a minor version may change. */
export const reworded = (welcomeText = 'Välkommen!'): TemplateContent => ({ ...tobakshjalpen, welcomeText });
/** Tobakshjälpen without its last module: what only a major version may change. */
export const restructured = (): TemplateContent => ({ ...tobakshjalpen, modules: tobakshjalpen.modules.slice(0, -1) });

export const published = (major: number, minor: number, content: TemplateContent = tobakshjalpen) => ({
  type: 'template-published' as const,
  data: { major, minor, content },
});
