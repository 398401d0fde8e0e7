import { z } from 'zod';
import { publicText, RegistrationCode, Slug } from '../identifiers.ts';

const title = publicText(300);
const Named = z.strictObject({ id: Slug, title });
/** A form: a hidden one counts for nothing (R134), and one for quality is answered for the program's improvement (R147). */
const Form = Named.extend({
  visible: z.boolean(),
  purpose: z.enum(['care', 'quality']),
  questions: z.array(z.strictObject({ id: Slug, text: publicText(2_000) })).max(200),
});
export type Form = z.infer<typeof Form>;

/** Whether a module must be done (R111); an always-open one takes no module command (R106). */
export const Obligation = z.enum(['mandatory', 'individual', 'always-open']);
export type Obligation = z.infer<typeof Obligation>;

/** A module or chapter, with its sections and questions, and a title that can be listed (R105, R108–R110). */
const Module = Named.extend({
  obligation: Obligation,
  opensAtStart: z.boolean(),
  days: z.int().positive().max(3_650).optional(),
  recommendedDuring: Slug.optional(),
  sections: z.array(Named).max(100),
  forms: z.array(Form).max(50),
});
export type Module = z.infer<typeof Module>;

const shape = z.strictObject({
  title,
  kind: z.enum(['support', 'treatment']),
  resident: z.strictObject({ one: publicText(64), many: publicText(64) }),
  unitKinds: z.array(Slug).max(50),
  eligibility: z.strictObject({
    professions: z.array(Slug).max(50),
    employments: z.array(Slug).max(50),
    training: Slug.optional(),
  }),
  welcomeText: publicText(10_000),
  notifyInbox: z.boolean(),
  reviewEveryMonths: z.int().positive().max(120),
  modules: z.array(Module).min(1).max(100),
  followUps: z
    .array(z.strictObject({ id: Slug, afterMonths: z.int().positive().max(120), moduleId: Slug, formId: Slug }))
    .max(50),
  endReasons: z
    .array(z.strictObject({ code: Slug, label: publicText(300) }))
    .min(1)
    .max(100),
  registration: z
    .array(
      z.strictObject({
        unitKind: Slug,
        code: RegistrationCode,
        attribute: publicText(64).optional(),
      }),
    )
    .max(50),
});

const isUnique = (ids: readonly string[]): boolean => new Set(ids).size === ids.length;
const idsOf = (things: readonly { readonly id: string }[]): readonly string[] => things.map(({ id }) => id);

/** The content of a program in one version: what residents read and what clinicians steer (R002, R003, R005, R093). */
export const TemplateContent = shape.superRefine((content, context) => {
  const issue = (message: string, ...path: (string | number)[]) => context.addIssue({ code: 'custom', message, path });
  if (!isUnique(idsOf(content.modules))) issue('duplicate-id', 'modules');
  if (!isUnique(idsOf(content.followUps))) issue('duplicate-id', 'followUps');
  if (!isUnique(content.endReasons.map(({ code }) => code))) issue('duplicate-id', 'endReasons');
  content.modules.forEach((module, index) => {
    if (!isUnique(idsOf(module.sections))) issue('duplicate-id', 'modules', index, 'sections');
    if (!isUnique(idsOf(module.forms))) issue('duplicate-id', 'modules', index, 'forms');
    if (module.obligation === 'always-open' && !module.opensAtStart)
      issue('must-open', 'modules', index, 'opensAtStart');
  });
  content.followUps.forEach(({ moduleId, formId }, index) => {
    const forms = content.modules.find(({ id }) => id === moduleId)?.forms ?? [];
    if (!forms.some(({ id }) => id === formId)) issue('unknown-form', 'followUps', index);
  });
});
export type TemplateContent = z.infer<typeof TemplateContent>;

type Structure = Readonly<Record<string, unknown>>;
const bare = ({ title: _, ...rest }: { readonly title: string; readonly [field: string]: unknown }): Structure => rest;

/** All of a content but its texts: what a minor version may not change (D22). */
export const structureOf = ({ title: _, welcomeText: __, resident: ___, ...content }: TemplateContent): Structure => ({
  ...content,
  modules: content.modules.map((module) => ({
    ...bare(module),
    sections: module.sections.map(bare),
    forms: module.forms.map((form) => ({ ...bare(form), questions: form.questions.map(({ id }) => id) })),
  })),
  endReasons: content.endReasons.map(({ code }) => code),
});
