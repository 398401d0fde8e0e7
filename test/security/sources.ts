import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '../..');

/** A file of the library, read as the compiler reads it. */
export type Source = { readonly name: string; readonly file: ts.SourceFile };

/** A text read as a file of the library would be. */
export const sourceOf = (name: string, text: string): Source => ({
  name,
  file: ts.createSourceFile(name, text, ts.ScriptTarget.ES2024, true, ts.ScriptKind.TS),
});

/** Every file of src, or of a folder of it. */
export const sources = (folder = 'src'): readonly Source[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted()
    .map((path) => sourceOf(relative(root, path), readFileSync(path, 'utf8')));

/** Every node of a file for which there is something to say. */
export const everyNode = <A>({ file }: Source, look: (node: ts.Node) => readonly A[]): readonly A[] => {
  const found: A[] = [];
  const visit = (node: ts.Node): void => {
    found.push(...look(node));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
};

/** Where a node lies: a file, without its line, which moves. */
export const textOf = (node: ts.Node): string => node.getText().replaceAll(/\s+/g, ' ');

/** The name of the method that a call is of; undefined for a call of anything else. */
export const methodOf = (node: ts.Node): string | undefined =>
  ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : undefined;
