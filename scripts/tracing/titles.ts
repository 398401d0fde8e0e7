import ts from 'typescript';
import { idsLeading, type Place } from './ids.ts';

/** A test, with the ids that its title and those around it begin with. */
export type Titled = Place & { readonly ids: readonly string[] };

const modifiers = new Set([
  'each',
  'for',
  'only',
  'concurrent',
  'sequential',
  'fails',
  'skipIf',
  'runIf',
  'skip',
  'todo',
]);

/** The names by which something is called: `test.each(rows)` is `test`, `each`. */
const namesOf = (node: ts.Expression): readonly string[] => {
  if (ts.isIdentifier(node)) return [node.text];
  if (ts.isPropertyAccessExpression(node)) return [...namesOf(node.expression), node.name.text];
  if (ts.isCallExpression(node)) return namesOf(node.expression);
  if (ts.isTaggedTemplateExpression(node)) return namesOf(node.tag);
  return [];
};

type Kind = 'test' | 'describe' | 'skipped';

/** What a call registers; undefined when it is not one of vitest's. */
const kindOf = (call: ts.CallExpression): Kind | undefined => {
  const [name = '', ...others] = namesOf(call.expression);
  if (!['test', 'it', 'describe'].includes(name) || !others.every((other) => modifiers.has(other))) return undefined;
  if (others.includes('skip') || others.includes('todo')) return 'skipped';
  return name === 'describe' ? 'describe' : 'test';
};

/** The text that an expression begins with; undefined when it is none. */
const textOf = (node: ts.Node | undefined): string | undefined => {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  return ts.isTemplateExpression(node) ? node.head.text : undefined;
};

/** The ids of a row in a table that tests are made from: its first cell is their title, or the beginning of it. */
const idsOfRow = (node: ts.Node): readonly string[] =>
  ts.isArrayLiteralExpression(node) && node.elements.length > 1 && ts.isArrayLiteralExpression(node.parent)
    ? idsLeading(textOf(node.elements[0]) ?? '')
    : [];

/** The tests of a file whose titles begin with ids. A title of a `describe` counts for each test in it; what is skipped counts for nothing. */
export const titlesIn = (file: string, text: string): readonly Titled[] => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const titled = (node: ts.Node, ids: readonly string[]): readonly Titled[] =>
    ids.length === 0
      ? []
      : [{ ids: [...new Set(ids)], file, line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1 }];
  const inside = (node: ts.Node, around: readonly string[]): readonly Titled[] => {
    const found: Titled[] = [];
    ts.forEachChild(node, (child) => void found.push(...visit(child, around)));
    return found;
  };
  const visit = (node: ts.Node, around: readonly string[]): readonly Titled[] => {
    const kind = ts.isCallExpression(node) ? kindOf(node) : undefined;
    if (kind === 'skipped') return [];
    const title = ts.isCallExpression(node) ? textOf(node.arguments[0]) : undefined;
    if (kind === undefined || title === undefined) return [...titled(node, idsOfRow(node)), ...inside(node, around)];
    const ids = [...around, ...idsLeading(title)];
    return [...(kind === 'test' ? titled(node, ids) : []), ...inside(node, ids)];
  };
  return visit(source, []);
};
