import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { templateCommands } from '../../src/domain/template/commands.ts';
import type { Module, TemplateContent } from '../../src/domain/template/content.ts';
import { latestVersion } from '../../src/domain/template/template.ts';
import { tobakshjalpen } from '../../src/templates/tobakshjalpen.ts';
import { expert, fold, given, published, restructured, reworded, templateId } from './templates.ts';

const publish = (
  change: 'major' | 'minor',
  content: TemplateContent = tobakshjalpen,
  extra: { major?: number; reviewedBy?: string } = {},
) => ({ type: 'publish-template' as const, data: { templateId, change, content, ...extra } });

const review = (version: string, outcome: 'approved' | 'changes-needed' = 'approved', nextReview = '2027-03-01') => ({
  type: 'review-template' as const,
  data: { templateId, version, outcome, nextReview },
});
const reviewed = (major: number, minor: number, outcome: 'approved' | 'changes-needed' = 'approved') => ({
  type: 'template-reviewed' as const,
  data: { major, minor, outcome, nextReview: '2027-03-01' },
});

const firstModule = (change: (module: Module) => Module): TemplateContent => ({
  ...tobakshjalpen,
  modules: tobakshjalpen.modules.map((module, index) =>
    module.id === 'steg-1' || index === 0 ? change(module) : module,
  ),
});
const { training: _, ...untrained } = tobakshjalpen.eligibility;

describe('a template that is not published', () => {
  test('R262 R265 is published as 1.0', () => {
    given().when(publish('major')).thenEvents(published(1, 0));
  });

  test('R263 is refused a minor version', () => {
    given().when(publish('minor')).thenRefused('unknown-template');
  });

  test('R267 is refused a review', () => {
    given().when(review('1.0')).thenRefused('unknown-template');
  });

  test('R266 is published with who reviewed it', () => {
    given()
      .when(publish('major', tobakshjalpen, { reviewedBy: expert }))
      .thenEvents({
        type: 'template-published',
        data: { major: 1, minor: 0, content: tobakshjalpen, reviewedBy: expert },
      });
  });
});

describe('a template for which the policy asks a review', () => {
  const policy = { ...defaultPolicy, reviewBeforeMajor: true };

  test('R266 is refused a major version without it', () => {
    given().when(publish('major'), { policy }).thenRefused('review-missing');
    given(published(1, 0)).when(publish('major', reworded()), { policy }).thenRefused('review-missing');
  });

  test('R266 is published with it', () => {
    given(published(1, 0))
      .when(publish('major', reworded(), { reviewedBy: expert }), { policy })
      .thenEvents({
        type: 'template-published',
        data: { major: 2, minor: 0, content: reworded(), reviewedBy: expert },
      });
  });

  test('R266 is corrected in its texts without it', () => {
    given(published(1, 0))
      .when(publish('minor', reworded()), { policy })
      .thenEvents(published(1, 1, reworded()));
  });
});

describe('a published template', () => {
  test('R263 D22 is corrected in its texts as a minor version of its newest line', () => {
    given(published(1, 0), published(2, 0, restructured()))
      .when(publish('minor', { ...restructured(), title: 'Tobakshjälpen, ny' }))
      .thenEvents(published(2, 1, { ...restructured(), title: 'Tobakshjälpen, ny' }));
  });

  test('R269 is corrected in an older line, whose number goes on from there', () => {
    given(published(1, 0), published(2, 0, restructured()), published(1, 1, reworded()))
      .when(publish('minor', reworded('Hej!'), { major: 1 }))
      .thenEvents(published(1, 2, reworded('Hej!')));
  });

  test('R269 is refused a correction in a line that it has not got', () => {
    given(published(1, 0))
      .when(publish('minor', reworded(), { major: 2 }))
      .thenRefused('unknown-template');
  });

  test('R264 R265 is published anew as the next major version', () => {
    given(published(1, 0), published(1, 1, reworded()))
      .when(publish('major', restructured()))
      .thenEvents(published(2, 0, restructured()));
  });

  test('R264 is published anew with content that an older version had', () => {
    given(published(1, 0), published(2, 0, restructured()))
      .when(publish('major', tobakshjalpen))
      .thenEvents(published(3, 0));
  });

  test.each(['major', 'minor'] as const)(
    'R265 has that content already, whatever the change is called: %s',
    (change) => {
      given(published(1, 0)).when(publish(change)).thenNothing();
      given(published(1, 0), published(1, 1, reworded()))
        .when(publish(change, reworded()))
        .thenNothing();
    },
  );

  test('R269 has that content in the older line already', () => {
    given(published(1, 0), published(2, 0, restructured()))
      .when(publish('minor', tobakshjalpen, { major: 1 }))
      .thenNothing();
  });

  test.each<[string, TemplateContent]>([
    ['title', { ...tobakshjalpen, title: 'Ny' }],
    ['welcome text', reworded()],
    ['name of its residents', { ...tobakshjalpen, resident: { one: 'invånare', many: 'invånare' } }],
    ['title of a module', firstModule((module) => ({ ...module, title: 'Ny' }))],
    ['title of a section', firstModule((module) => ({ ...module, sections: [{ id: 'avsnitt-1', title: 'Ny' }] }))],
    [
      'title of a form, and a question',
      firstModule((module) => ({
        ...module,
        forms: module.forms.map((form) => ({ ...form, title: 'Ny', questions: [{ id: 'fraga-1', text: 'Ny?' }] })),
      })),
    ],
    [
      'label of an end reason',
      { ...tobakshjalpen, endReasons: tobakshjalpen.endReasons.map((reason) => ({ ...reason, label: 'Ny' })) },
    ],
  ])('R263 D22 may change the %s in a minor version', (_, content) => {
    given(published(1, 0))
      .when(publish('minor', content))
      .thenEvents(published(1, 1, content));
  });

  test.each<[string, TemplateContent]>([
    ['number of modules', restructured()],
    ['order of modules', { ...tobakshjalpen, modules: tobakshjalpen.modules.toReversed() }],
    ['obligation of a module', firstModule((module) => ({ ...module, obligation: 'always-open' }))],
    ['modules that open at start', firstModule((module) => ({ ...module, opensAtStart: false }))],
    ['days of a module', firstModule((module) => ({ ...module, days: 14 }))],
    ['recommendation of a module', firstModule((module) => ({ ...module, recommendedDuring: 'pregnancy' }))],
    ['sections of a module', firstModule((module) => ({ ...module, sections: [] }))],
    ['forms of a module', firstModule((module) => ({ ...module, forms: [] }))],
    [
      'visibility of a form',
      firstModule((module) => ({ ...module, forms: module.forms.map((form) => ({ ...form, visible: false })) })),
    ],
    [
      'questions of a form',
      firstModule((module) => ({ ...module, forms: module.forms.map((form) => ({ ...form, questions: [] })) })),
    ],
    ['kind', { ...tobakshjalpen, kind: 'support' }],
    ['kinds of unit', { ...tobakshjalpen, unitKinds: ['bmm'] }],
    ['eligibility', { ...tobakshjalpen, eligibility: untrained }],
    ['notice to the inbox', { ...tobakshjalpen, notifyInbox: true }],
    ['months between reviews', { ...tobakshjalpen, reviewEveryMonths: 6 }],
    ['follow-ups', { ...tobakshjalpen, followUps: [] }],
    ['end reasons', { ...tobakshjalpen, endReasons: tobakshjalpen.endReasons.slice(1) }],
    ['registration', { ...tobakshjalpen, registration: [{ unitKind: 'bmm', code: 'AMNSOB' }] }],
  ])('R263 R269 D22 may not change the %s in a minor version', (_, content) => {
    given(published(1, 0)).when(publish('minor', content)).thenRefused('structure-changed');
    given(published(1, 0))
      .when(publish('major', content))
      .thenEvents(published(2, 0, content));
  });

  test('R263 R265 R269 R270 I24 is newest by line and number, not by order of publication', () => {
    const template = fold(
      published(1, 0),
      published(2, 0, restructured()),
      published(2, 1, restructured()),
      published(1, 1, reworded()),
      published(1, 2, reworded('Hej!')),
    );
    expect(latestVersion(template)).toMatchObject({ major: 2, minor: 1 });
    expect(latestVersion(template, 1)).toMatchObject({ major: 1, minor: 2 });
    expect(latestVersion(template, 3)).toBeUndefined();
  });

  test.each(['approved', 'changes-needed'] as const)(
    'R267 is reviewed as %s, with the day of the next review',
    (outcome) => {
      given(published(1, 0))
        .when(review('1.0', outcome))
        .thenEvents(reviewed(1, 0, outcome));
    },
  );

  test('R267 is reviewed in an older version', () => {
    given(published(1, 0), published(1, 1, reworded()))
      .when(review('1.0'))
      .thenEvents(reviewed(1, 0));
  });

  test('R267 is so reviewed already', () => {
    given(published(1, 0), reviewed(1, 0)).when(review('1.0')).thenNothing();
  });

  test('R267 is reviewed again with another outcome or another day', () => {
    given(published(1, 0), reviewed(1, 0))
      .when(review('1.0', 'changes-needed'))
      .thenEvents(reviewed(1, 0, 'changes-needed'));
    given(published(1, 0), reviewed(1, 0))
      .when(review('1.0', 'approved', '2028-03-01'))
      .thenEvents({ type: 'template-reviewed', data: { ...reviewed(1, 0).data, nextReview: '2028-03-01' } });
  });

  test.each(['1.1', '2.0'])('R267 is refused the review of a version that it has not got: %s', (version) => {
    given(published(1, 0)).when(review(version)).thenRefused('unknown-template');
  });
});

describe('the commands of a template', () => {
  const schema = templateCommands['publish-template'];

  test('take each command as it is', () => {
    expect(schema.parse(publish('major').data)).toEqual(publish('major').data);
    expect(schema.parse(publish('minor', reworded(), { major: 1 }).data).major).toBe(1);
    expect(templateCommands['review-template'].parse(review('1.0').data)).toEqual(review('1.0').data);
  });

  test('R269 name an older line for a minor version only', () => {
    expect(schema.safeParse(publish('major', reworded(), { major: 1 }).data).success).toBe(false);
  });

  test.each(['0.1', '1', '1.01', '01.0', '1.0.0', 'v1.0', ''])('take no version written as "%s"', (version) => {
    expect(templateCommands['review-template'].safeParse(review(version).data).success).toBe(false);
  });
});
