import fc from 'fast-check';
import { TemplateContent } from '../../domain/template/content.ts';
import { anyCode, anySlug, anyText } from './names.ts';

type Module = TemplateContent['modules'][number];
type Form = Module['forms'][number];

/** How large a template may be: from one module on. */
export type TemplateSize = { readonly fewestModules?: number; readonly mostModules?: number };

/** The kinds of units, professions, employments and trainings that random templates and policies choose among. */
export const pools = {
  unitKinds: ['bmm', 'bvc', 'primary-care-center', 'tobacco-clinic'],
  professions: ['midwife', 'specialist-nurse', 'physician', 'medical-secretary'],
  employments: ['maternal-health', 'child-health', 'primary-care'],
  trainings: ['grundkurs', 'amningskurs'],
} as const;

const some = (names: readonly string[]): fc.Arbitrary<string[]> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant<string[]>([]) },
    { weight: 2, arbitrary: fc.subarray([...names], { minLength: 1 }) },
  );

const title = anyText(60);

const uniqueBy = <A extends { readonly id: string }>(one: fc.Arbitrary<A>, least: number, most: number) =>
  fc.uniqueArray(one, { minLength: least, maxLength: most, selector: ({ id }) => id });

const named = fc.record({ id: anySlug, title });

const form: fc.Arbitrary<Form> = fc.record({
  id: anySlug,
  title,
  visible: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  purpose: fc.constantFrom('care', 'quality'),
  questions: uniqueBy(fc.record({ id: anySlug, text: title }), 0, 3),
});

/** A module; one that is always open opens at the start. */
const module: fc.Arbitrary<Module> = fc
  .record(
    {
      id: anySlug,
      title,
      obligation: fc.constantFrom('mandatory', 'individual', 'always-open'),
      opensAtStart: fc.boolean(),
      days: fc.integer({ min: 1, max: 120 }),
      recommendedDuring: anySlug,
      sections: uniqueBy(named, 0, 4),
      forms: uniqueBy(form, 0, 2),
    },
    { requiredKeys: ['id', 'title', 'obligation', 'opensAtStart', 'sections', 'forms'] },
  )
  .map((one) => ({ ...one, opensAtStart: one.opensAtStart || one.obligation === 'always-open' }));

const formsIn = (modules: readonly Module[]) =>
  modules.flatMap(({ id: moduleId, forms }) => forms.map(({ id: formId }) => ({ moduleId, formId })));

/** Follow-ups of forms that the modules have; none where they have no form. */
const followUpsIn = (modules: readonly Module[]): fc.Arbitrary<TemplateContent['followUps']> => {
  const forms = formsIn(modules);
  if (forms.length === 0) return fc.constant([]);
  const place = fc.constantFrom(...forms);
  const one = fc
    .record({ id: anySlug, afterMonths: fc.integer({ min: 1, max: 14 }), place })
    .map(({ id, afterMonths, place: { moduleId, formId } }) => ({ id, afterMonths, moduleId, formId }));
  return uniqueBy(one, 0, 3);
};

const registration = fc.uniqueArray(
  fc.record(
    { unitKind: fc.constantFrom(...pools.unitKinds), code: anyCode, attribute: title },
    { requiredKeys: ['unitKind', 'code'] },
  ),
  { maxLength: 3, selector: ({ unitKind }) => unitKind },
);

const endReasons = fc.uniqueArray(fc.record({ code: anySlug, label: title }), {
  minLength: 1,
  maxLength: 4,
  selector: ({ code }) => code,
});

const eligibility = fc.record(
  {
    professions: some(pools.professions),
    employments: some(pools.employments),
    training: fc.constantFrom(...pools.trainings),
  },
  { requiredKeys: ['professions', 'employments'] },
);

/**
 * Contents of programs, each as `publish-template` takes it: modules of every obligation, with forms or without, days, follow-ups,
 * reasons to end and codes.
 *
 * @example
 * fc.assert(fc.property(anyTemplateContent({ mostModules: 3 }), (content) => content.modules.length <= 3));
 */
export const anyTemplateContent = ({
  fewestModules = 1,
  mostModules = 6,
}: TemplateSize = {}): fc.Arbitrary<TemplateContent> =>
  uniqueBy(module, fewestModules, mostModules)
    .chain((modules) => fc.tuple(fc.constant(modules), followUpsIn(modules)))
    .chain(([modules, followUps]) =>
      fc.record({
        title,
        kind: fc.constantFrom('support' as const, 'treatment' as const),
        resident: fc.record({ one: anyText(20), many: anyText(20) }),
        unitKinds: some(pools.unitKinds),
        eligibility,
        welcomeText: title,
        notifyInbox: fc.boolean(),
        reviewEveryMonths: fc.integer({ min: 1, max: 120 }),
        modules: fc.constant(modules),
        followUps: fc.constant(followUps),
        endReasons,
        registration,
      }),
    )
    .filter((content) => TemplateContent.safeParse(content).success);
