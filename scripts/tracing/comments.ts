import ts from 'typescript';
import { idsIn, type Place } from './ids.ts';

/** An id that a comment of the source names. */
export type Mention = Place & { readonly id: string };

const tokensOf = (node: ts.Node, source: ts.SourceFile): readonly ts.Node[] => {
  const children = node.getChildren(source).filter(({ kind }) => kind !== ts.SyntaxKind.JSDoc);
  return children.length === 0 ? [node] : children.flatMap((child) => tokensOf(child, source));
};

/** The comments of a file: what stands before and after its tokens, so that no string is taken for one. */
const commentsOf = (source: ts.SourceFile): readonly ts.TextRange[] => {
  const ranges = tokensOf(source, source).flatMap((token) => [
    ...(ts.getLeadingCommentRanges(source.text, token.getFullStart()) ?? []),
    ...(ts.getTrailingCommentRanges(source.text, token.getEnd()) ?? []),
  ]);
  return [...new Map(ranges.map((range) => [range.pos, range])).values()];
};

/** The ids that the comments of a source file name. */
export const mentionsIn = (file: string, text: string): readonly Mention[] => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  return commentsOf(source).flatMap(({ pos, end }) =>
    idsIn(text.slice(pos, end)).map(({ id, offset }) => ({
      id,
      file,
      line: source.getLineAndCharacterOfPosition(pos + offset).line + 1,
    })),
  );
};
