import { defaultPolicy, type Policy } from '../domain/policy.ts';
import type { TemplateContent } from '../domain/template/content.ts';
import { bundledTemplates } from '../templates/bundledTemplates.ts';

/** A program's template, as a host publishes it. */
export type Template = { readonly templateId: string; readonly content: TemplateContent };

/** Under which policy, and of which templates, runs are lived: the host's own. */
export type Setting = { readonly policy: Policy; readonly templates: readonly Template[] };

/** What a host that says nothing has. */
export const standardSetting: Setting = { policy: defaultPolicy, templates: bundledTemplates };

/** The ids of the templates, in the order in which the host has them. */
export const templateIdsOf = ({ templates }: Setting): readonly string[] =>
  templates.map(({ templateId }) => templateId);

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Whether a host publishes a bundled program as it is bundled: then the manuals' own numbers hold of it. */
export const isBundled = ({ templates }: Setting, templateId: string): boolean => {
  const named = (one: Template): boolean => one.templateId === templateId;
  const [own, bundled] = [templates.find(named), bundledTemplates.find(named)];
  return own !== undefined && isSame(own.content, bundled?.content);
};

/** A list of names without those that come again. */
export const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];

/** The kinds of units that some template names; one of its own making where none does. */
export const kindsOf = ({ templates }: Setting): readonly string[] => {
  const named = unique(templates.flatMap(({ content }) => content.unitKinds));
  return named.length === 0 ? ['clinic'] : named;
};

/** A kind of unit that no template names. */
export const unnamedKind = (setting: Setting): string =>
  ['tobacco-clinic', 'other-clinic', 'no-clinic'].find((kind) => !kindsOf(setting).includes(kind)) ?? 'unnamed';

/** The professions that templates and policy name, and some that are common. */
export const professionsOf = ({ policy, templates }: Setting): readonly string[] =>
  unique([
    ...templates.flatMap(({ content }) => content.eligibility.professions),
    ...Object.values(policy.professionsByRole).flat(),
    ...['medical-secretary', 'head-of-unit'],
  ]);

/** The employments that templates name, and a common one. */
export const employmentsOf = ({ templates }: Setting): readonly string[] =>
  unique([...templates.flatMap(({ content }) => content.eligibility.employments), 'primary-care']);

/** The trainings that templates ask for. */
export const trainingsOf = ({ templates }: Setting): readonly string[] =>
  unique(templates.flatMap(({ content }) => content.eligibility.training ?? []));

/** Whether a list admits something: an empty one admits anything. */
export const admits = (list: readonly string[] | undefined, value = ''): boolean =>
  list === undefined || list.length === 0 || list.includes(value);
