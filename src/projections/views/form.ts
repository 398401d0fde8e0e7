import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { type Refusal, type RefusalCode, refused } from '../../domain/decider.ts';
import { Slug, Uuid } from '../../domain/identifiers.ts';
import { formOf } from '../../domain/program/forms.ts';
import { checkpoint } from '../checkpoints.ts';
import { type FormRow, formRow } from '../forms.ts';
import type { ProgramRow } from '../programs.ts';
import { contentFor } from '../templates.ts';
import { type Asking, openFlesh, snapshot, type View } from '../view.ts';
import { relatedProgram } from './shared.ts';

const Query = z.strictObject({ view: z.literal('form'), programId: Uuid, moduleId: Slug, formId: Slug });
type Query = z.infer<typeof Query>;

const find = (db: Database, program: ProgramRow, query: Query): E.Either<Refusal, FormRow | undefined> => {
  const template = contentFor(db, program);
  if (template === undefined) return E.left(refused('unknown-template'));
  const form = formOf(template.content, query);
  return E.isLeft(form)
    ? E.mapLeft((code: RefusalCode): Refusal => refused(code))(form)
    : E.right(formRow(db, program.programId, query));
};

/** Where the answers lie that the asker may see: staff's are those that were submitted and opened (R142), the resident's all. */
const answersAt = (row: FormRow | undefined, { by }: Asking): number | null | undefined => {
  if (by.kind === 'resident') return row?.submittedPosition ?? row?.draftPosition;
  return row?.state === 'opened' ? row.submittedPosition : undefined;
};

/** One form of a program with its answers: to the resident as they stand, to staff once the form is opened (R140–R145). */
export const form: View<Query> = {
  query: Query,
  answer: async (asking, query) => {
    const { programId } = query;
    const related = await relatedProgram(asking, programId);
    if (E.isLeft(related)) return related;
    const read = snapshot(asking, (db) => ({
      found: E.flatMap((program: ProgramRow) => find(db, program, query))(related.right(db)),
      asOf: checkpoint(db, 'inline'),
    }));
    if (E.isLeft(read.found)) return read.found;
    const row = read.found.right;
    const position = answersAt(row, asking);
    const opened = await openFlesh(asking, [position]);
    if (E.isLeft(opened)) return opened;
    const submittedAt = row?.submittedAt ?? undefined;
    const answer = {
      state: row?.state ?? 'none',
      answers: opened.right.entries(position, 'answers') ?? {},
      ...(submittedAt === undefined ? {} : { submittedAt }),
    };
    return E.right({ answer, programs: [programId], asOf: read.asOf });
  },
};
