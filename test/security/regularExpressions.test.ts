import { checkSync } from 'recheck';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { everyNode, methodOf, type Source, sourceOf, sources } from './sources.ts';

type Pattern = { readonly where: string; readonly source: string; readonly flags: string };

const parts = (literal: string): readonly [source: string, flags: string] => {
  const end = literal.lastIndexOf('/');
  return [literal.slice(1, end), literal.slice(end + 1)];
};

/** Every regular expression that is written out, those handed to zod among them. */
const patternsIn = (source: Source): readonly Pattern[] =>
  everyNode(source, (node) => {
    if (!ts.isRegularExpressionLiteral(node)) return [];
    const [pattern, flags] = parts(node.text);
    return [{ where: source.name, source: pattern, flags }];
  });

/** Every regular expression that is made of a text: none can be looked at before it runs. */
const madeIn = (source: Source): readonly string[] =>
  everyNode(source, (node) => {
    const isMade =
      (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === 'RegExp';
    const isTextual =
      ['match', 'matchAll', 'search', 'regex'].includes(methodOf(node) ?? '') &&
      ts.isCallExpression(node) &&
      node.arguments.some((given) => ts.isStringLiteralLike(given) || ts.isTemplateExpression(given));
    return isMade || isTextual ? [`${source.name}: ${node.getText()}`] : [];
  });

const verdict = ({ source, flags }: Pattern): string => checkSync(source, flags, { timeout: 100_000 }).status;

/** They read what the properties of the compliance kit have generated themselves, to tell it: nothing comes from outside. */
const telling = 'src/compliance/telling/persons.ts';

const all = sources();
const patterns = [
  ...new Map(all.flatMap(patternsIn).map((pattern) => [`/${pattern.source}/${pattern.flags}`, pattern])).entries(),
];

describe('the regular expressions of the library', () => {
  test('1.3.12 take a time that grows no faster than the text, each of them', { timeout: 400_000 }, () => {
    expect(patterns.length).toBeGreaterThan(40);
    const wanting = patterns.filter(([, pattern]) => pattern.where !== telling && verdict(pattern) !== 'safe');
    expect(wanting.map(([text, { where }]) => `${where}: ${text}`)).toEqual([]);
  });

  test('1.3.12 are written out, each of them: none is made of a text', () => {
    expect(all.filter(({ name }) => name !== telling).flatMap(madeIn)).toEqual([]);
  });

  test('would be found if they were slow, or made (control)', () => {
    const slow = sourceOf(
      'slow.ts',
      'const a = /^(a+)+$/; const b = z.string().regex(/^(\\w+\\s?)*$/i); const c = /^a{1,4}$/u;',
    );
    expect(patternsIn(slow).map(verdict)).toEqual(['vulnerable', 'vulnerable', 'safe']);
    expect(madeIn(slow)).toEqual([]);
    const made = sourceOf('made.ts', "new RegExp(a); RegExp('a', 'u'); 'a'.match('b'); 'a'.match(/b/);");
    expect(madeIn(made)).toHaveLength(3);
  });
});
