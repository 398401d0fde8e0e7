import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { Slug, Uuid } from '../../domain/identifiers.ts';
import type { TemplateContent } from '../../domain/template/content.ts';
import { Day } from '../../domain/time.ts';
import { checkpoint } from '../checkpoints.ts';
import { formRows } from '../forms.ts';
import { firstSlice, type ProgramRow } from '../programs.ts';
import { contentFor } from '../templates.ts';
import { type TimelineRow, timelineRows } from '../timeline.ts';
import { cut, limitOf, pageOf, paging, readCursor, snapshot, type View } from '../view.ts';
import { relatedProgram } from './shared.ts';

const Query = z.strictObject({
  view: z.literal('timeline'),
  programId: Uuid,
  types: z.array(Slug).min(1).max(50).optional(),
  from: Day.optional(),
  to: Day.optional(),
  ...paging,
});
type Query = z.infer<typeof Query>;

type Summary = Readonly<Record<string, string>>;
type Titled = { readonly id: string; readonly title: string };

const titleOf = (things: readonly Titled[] | undefined, id: string | undefined, name: string): Summary => {
  const thing = things?.find((one) => one.id === id);
  return thing === undefined ? {} : { [name]: thing.title };
};

/** What the parts that an event is about are called in the program's version of the template. */
const titles = (summary: Summary, modules: TemplateContent['modules']): Summary => {
  const module = modules.find(({ id }) => id === summary.moduleId);
  return {
    ...titleOf(modules, summary.moduleId, 'moduleTitle'),
    ...titleOf(module?.sections, summary.sectionId, 'sectionTitle'),
    ...titleOf(module?.forms, summary.formId, 'formTitle'),
  };
};

const present = ({ position, at, type, by, summary }: TimelineRow, modules: TemplateContent['modules']) => ({
  ...{ position: String(position), at, type, by },
  summary: { ...summary, ...titles(summary, modules) },
});

const find = (db: Database, program: ProgramRow) => ({
  programId: program.programId,
  forms: formRows(db, program.programId),
  modules: contentFor(db, program)?.content.modules ?? [],
  asOf: checkpoint(db, 'inline'),
});

/** Where a page ends is told by the revision of its last event. */
const name = 'timeline-revision';

/** The tab Tidslinje: the whole course of a program, newest first, by type and days (R143, R148–R151). Residents never see it. */
export const timelineView: View<Query> = {
  query: Query,
  answer: async (asking, query) => {
    const { programId } = query;
    const before = readCursor(name, query, firstSlice(0).before);
    if (E.isLeft(before)) return before;
    const related = await relatedProgram(asking, programId);
    if (E.isLeft(related)) return related;
    const read = snapshot(asking, (db) => E.map((row: ProgramRow) => find(db, row))(related.right(db)));
    if (E.isLeft(read)) return read;
    const { modules, asOf } = read.right;
    const slice = { before: before.right, limit: limitOf(query) + 1 };
    const rows = await timelineRows(asking.core.events, read.right, query, slice);
    if (E.isLeft(rows)) return rows;
    const page = cut(name, rows.right, query, ({ revision }) => revision);
    const shown = page.rows.map((row) => present(row, modules));
    return E.right({ answer: pageOf(shown, page.next, asOf), programs: [programId], asOf });
  },
};
