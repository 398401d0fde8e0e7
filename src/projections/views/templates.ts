import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { type HsaId, Slug } from '../../domain/identifiers.ts';
import { Version } from '../../domain/template/commands.ts';
import { addMonths, type Day, dayOf } from '../../domain/time.ts';
import { programIdOf } from '../../eventStore/streams.ts';
import { checkpoint } from '../checkpoints.ts';
import { isEnabledOn } from '../enabledTemplates.ts';
import { type ProgramRow, programRows } from '../programs.ts';
import {
  contentFor,
  newestContent,
  type TemplateRow,
  templateRows,
  type VersionedContent,
  versionOf,
} from '../templates.ts';
import { type Asking, cut, limitOf, pageOf, paging, readCursor, refuseView, snapshot, type View } from '../view.ts';
import { mayRead, ownStreams, rowsOfToday } from './shared.ts';

const Query = z.strictObject({ view: z.literal('templates'), ...paging });
type Query = z.infer<typeof Query>;
const OneQuery = z.strictObject({ view: z.literal('template'), templateId: Slug, version: Version.optional() });
type OneQuery = z.infer<typeof OneQuery>;

/** The expert's next review: on the day that the last one set, else so long after the publication as the template says (R267). */
const reviewDue = ({ nextReview, publishedAt, reviewEveryMonths }: TemplateRow): Day =>
  nextReview ?? addMonths(dayOf(publishedAt), reviewEveryMonths);

const present = (db: Database, row: TemplateRow, unitId: HsaId | undefined) => ({
  templateId: row.templateId,
  title: row.title,
  version: `${row.major}.${row.minor}`,
  publishedAt: row.publishedAt,
  enabled: unitId !== undefined && isEnabledOn(db, row.templateId, unitId),
  reviewDue: reviewDue(row),
});

/** The newest version of every template, whether the asker's unit may start it, and when it is to be reviewed (R262, R267, R268). */
export const templatesView: View<Query> = {
  query: Query,
  answer: async (asking, query) => {
    const after = readCursor('templates', query, '');
    if (E.isLeft(after)) return after;
    const { found, asOf } = snapshot(asking, (db) => ({
      found: templateRows(db, after.right, limitOf(query) + 1).map((row) => present(db, row, asking.by.unitId)),
      asOf: checkpoint(db, 'inline'),
    }));
    const page = cut('templates', found, query, ({ templateId }) => templateId);
    return E.right({ answer: pageOf(page.rows, page.next, asOf), programs: [], asOf });
  },
};

/** The resident's latest program of a template that may still be read: its line is what the resident has (R269, R270). */
const ownProgram = (
  asking: Asking,
  db: Database,
  streams: readonly string[],
  { templateId }: OneQuery,
): ProgramRow | undefined => {
  const rows = programRows(db, streams.map(programIdOf));
  const today = rowsOfToday(asking, rows);
  return [...rows.values()]
    .filter((row) => row.templateId === templateId && mayRead(asking, today.get(row.programId)))
    .toSorted((one, other) => other.startedPosition - one.startedPosition)[0];
};

const findForResident = async (asking: Asking, query: OneQuery) => {
  const own = await ownStreams(asking);
  if (E.isLeft(own)) return own;
  return E.right((db: Database): VersionedContent | undefined => {
    const program = ownProgram(asking, db, own.right, query);
    if (program === undefined) return undefined;
    return query.version === undefined ? contentFor(db, program) : versionOf(db, query.templateId, query.version);
  });
};

const findForStaff = ({ templateId, version }: OneQuery) =>
  E.right((db: Database): VersionedContent | undefined =>
    version === undefined ? newestContent(db, templateId) : versionOf(db, templateId, version),
  );

/**
 * The content of a template in one version, the newest unless another is named (R262). A resident gets those of the own programs only, and
 * unless another is named that which the program follows (R263–R265).
 */
export const templateView: View<OneQuery> = {
  query: OneQuery,
  answer: async (asking, query) => {
    const find = asking.by.kind === 'resident' ? await findForResident(asking, query) : findForStaff(query);
    if (E.isLeft(find)) return find;
    const { found, asOf } = snapshot(asking, (db) => ({ found: find.right(db), asOf: checkpoint(db, 'inline') }));
    if (found === undefined) return refuseView('unknown-template');
    return E.right({ answer: { ...structuredClone(found.content), version: found.version }, programs: [], asOf });
  },
};
