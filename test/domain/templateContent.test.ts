import { describe, expect, test } from 'vitest';
import { TemplateContent } from '../../src/domain/template/content.ts';
import { larDigOmAmning } from '../../src/templates/larDigOmAmning.ts';
import { tobakshjalpen } from '../../src/templates/tobakshjalpen.ts';
import { personalNumber } from './people.ts';

const issuesOf = (content: unknown): readonly string[] =>
  (TemplateContent.safeParse(content).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);

const firstModule = (change: object) => ({
  ...tobakshjalpen,
  modules: tobakshjalpen.modules.map((module, index) => (index === 0 ? { ...module, ...change } : module)),
});
const twice = <Item>(items: readonly Item[]): readonly Item[] => [...items, ...items.slice(0, 1)];
const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
};

describe('the content of a template', () => {
  test.each([larDigOmAmning, tobakshjalpen])('R002 R109 is taken as it is: $title', (content) => {
    expect(TemplateContent.parse(content)).toEqual(content);
  });

  test('D22 is in one order of keys once read, so that two equal contents are told to be equal', () => {
    expect(JSON.stringify(TemplateContent.parse(reversed(tobakshjalpen)))).toBe(JSON.stringify(tobakshjalpen));
  });

  test('R093 has a default welcome text', () => {
    expect(issuesOf({ ...tobakshjalpen, welcomeText: '  ' })).toHaveLength(1);
  });

  test('R111 R113 has modules of three obligations', () => {
    for (const obligation of ['mandatory', 'individual', 'always-open']) {
      expect(issuesOf(firstModule({ obligation }))).toEqual([]);
    }
    expect(issuesOf(firstModule({ obligation: 'optional' }))).toHaveLength(1);
  });

  test('R106 I08 has no always-open module that is closed at start', () => {
    expect(issuesOf(firstModule({ obligation: 'always-open', opensAtStart: false }))).toEqual([
      'modules.0.opensAtStart: must-open',
    ]);
  });

  test('R109 has at least one module', () => {
    expect(issuesOf({ ...tobakshjalpen, modules: [], followUps: [] })).toHaveLength(1);
  });

  test('R227 has at least one end reason', () => {
    expect(issuesOf({ ...tobakshjalpen, endReasons: [] })).toHaveLength(1);
  });

  test('R109 R110 R222 R226 has no two things of one name', () => {
    expect(issuesOf({ ...tobakshjalpen, modules: twice(tobakshjalpen.modules) })).toEqual(['modules: duplicate-id']);
    expect(issuesOf({ ...tobakshjalpen, followUps: twice(tobakshjalpen.followUps) })).toEqual([
      'followUps: duplicate-id',
    ]);
    expect(issuesOf({ ...tobakshjalpen, endReasons: twice(tobakshjalpen.endReasons) })).toEqual([
      'endReasons: duplicate-id',
    ]);
    const sections = twice(tobakshjalpen.modules[0]?.sections ?? []);
    expect(issuesOf(firstModule({ sections }))).toEqual(['modules.0.sections: duplicate-id']);
    const forms = twice(tobakshjalpen.modules.flatMap((module) => module.forms).slice(0, 1));
    expect(issuesOf(firstModule({ forms }))).toEqual(['modules.0.forms: duplicate-id']);
  });

  test.each([
    { id: 'uppfoljning-3', afterMonths: 3, moduleId: 'steg-8', formId: 'fragor' },
    { id: 'uppfoljning-3', afterMonths: 3, moduleId: 'steg-4', formId: 'okand' },
    { id: 'uppfoljning-3', afterMonths: 3, moduleId: 'inledning', formId: 'fragor' },
  ])('R221 R222 has no follow-up on a form that is not there: %j', (followUp) => {
    expect(issuesOf({ ...tobakshjalpen, followUps: [followUp] })).toEqual(['followUps.0: unknown-form']);
  });

  test('R134 says of each form whether it is visible', () => {
    const [form] = tobakshjalpen.modules.flatMap(({ forms }) => forms);
    const { visible: _, ...hidden } = form ?? { visible: true };
    expect(issuesOf(firstModule({ forms: [hidden] }))).toHaveLength(1);
  });

  test('R242 holds no personal number', () => {
    expect(issuesOf({ ...tobakshjalpen, title: `Program för ${personalNumber}` })).toEqual(['title: personal-number']);
    expect(issuesOf(firstModule({ id: personalNumber }))).toEqual(['modules.0.id: personal-number']);
  });

  test('holds nothing that the schema does not name', () => {
    expect(issuesOf({ ...tobakshjalpen, price: 100 })).toHaveLength(1);
    expect(issuesOf(firstModule({ price: 100 }))).toHaveLength(1);
  });
});
