import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { Uuid } from '../../domain/identifiers.ts';
import { checkpoint } from '../checkpoints.ts';
import { commentRows } from '../comments.ts';
import { firstSlice, type ProgramRow } from '../programs.ts';
import { cut, limitOf, openTexts, pageOf, paging, readCursor, snapshot, type View } from '../view.ts';
import { relatedProgram } from './shared.ts';

const Query = z.strictObject({ view: z.literal('comments'), programId: Uuid, ...paging });
type Query = z.infer<typeof Query>;

/** What the resident has written beside the sections of a program, the newest first (R182). */
export const comments: View<Query> = {
  query: Query,
  answer: async (asking, query) => {
    const { programId } = query;
    const before = readCursor('comments', query, firstSlice(0).before);
    if (E.isLeft(before)) return before;
    const related = await relatedProgram(asking, programId);
    if (E.isLeft(related)) return related;
    const slice = { before: before.right, limit: limitOf(query) + 1 };
    const read = snapshot(asking, (db) =>
      E.map((_: ProgramRow) => ({ rows: commentRows(db, programId, slice), asOf: checkpoint(db, 'inline') }))(
        related.right(db),
      ),
    );
    if (E.isLeft(read)) return read;
    const { rows, asOf } = read.right;
    const page = cut('comments', rows, query, ({ position }) => position);
    const text = await openTexts(
      asking,
      page.rows.map(({ position }) => position),
    );
    if (E.isLeft(text)) return text;
    const shown = page.rows.map(({ position, commentId, moduleId, sectionId, at, readAt }) => ({
      ...{ commentId, moduleId, sectionId, at },
      text: text.right(position, 'text') ?? '',
      ...(readAt === null ? {} : { readAt }),
    }));
    return E.right({ answer: pageOf(shown, page.next, asOf), programs: [programId], asOf });
  },
};
