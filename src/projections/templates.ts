import type { Database } from 'better-sqlite3';
import type { Slug } from '../domain/identifiers.ts';
import type { TemplateContent } from '../domain/template/content.ts';
import type { Day, Instant } from '../domain/time.ts';
import { templateIdOf } from '../eventStore/streams.ts';
import { all, one, type Projection, type Recorded, run } from './projection.ts';

const schema = `
CREATE TABLE template_versions (
  template_id TEXT NOT NULL,
  major INTEGER NOT NULL,
  minor INTEGER NOT NULL,
  published_at TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (template_id, major, minor)
) STRICT;
CREATE TABLE template_reviews (
  template_id TEXT PRIMARY KEY,
  next_review TEXT NOT NULL
) STRICT;
`;

const published = (db: Database, { stream, data, at }: Recorded<'template-published'>): void => {
  const { major, minor, content } = data;
  run(
    db,
    'INSERT INTO template_versions (template_id, major, minor, published_at, content) VALUES (?, ?, ?, ?, ?)',
    ...[templateIdOf(stream), major, minor, at, JSON.stringify(content)],
  );
};

const reviewed = (db: Database, { stream, data }: Recorded<'template-reviewed'>): void =>
  run(
    db,
    'INSERT OR REPLACE INTO template_reviews (template_id, next_review) VALUES (?, ?)',
    ...[templateIdOf(stream), data.nextReview],
  );

/**
 * The published versions of the templates, and the last review of each: a running program shows the newest minor of its major (R263, R267,
 * R269).
 */
export const templates: Projection = {
  name: 'templates',
  version: 2,
  schema,
  tables: {
    template_versions: { keeps: 'content of templates, the same for all' },
    template_reviews: { keeps: 'reviews of templates' },
  },
  on: { 'template-published': published, 'template-reviewed': reviewed },
};

/** A template's content in one version. */
export type VersionedContent = { readonly version: string; readonly content: TemplateContent };

type Row = { readonly major: number; readonly minor: number; readonly content: string };

const versioned = ({ major, minor, content }: Row): VersionedContent => ({
  version: `${major}.${minor}`,
  content: JSON.parse(content) as TemplateContent,
});
const ifFound = (row: Row | undefined): VersionedContent | undefined =>
  row === undefined ? undefined : versioned(row);

/** The newest minor version of a major line; none newer than `last` where one is given. */
export const contentOf = (
  db: Database,
  templateId: Slug,
  major: number,
  last: number | null = null,
): VersionedContent | undefined =>
  ifFound(
    one<Row>(
      db,
      `SELECT major, minor, content FROM template_versions WHERE template_id = ? AND major = ? AND minor <= COALESCE(?, minor)
       ORDER BY minor DESC LIMIT 1`,
      ...[templateId, major, last],
    ),
  );

/** What a program is in, as far as its content goes. */
type InVersion = { readonly templateId: Slug; readonly major: number; readonly endedMinor: number | null };

/** The content of a program: the newest minor version of its major line, until it ends (R263, R269, I24). */
export const contentFor = (db: Database, { templateId, major, endedMinor }: InVersion): VersionedContent | undefined =>
  contentOf(db, templateId, major, endedMinor);

/** What a program is called in the lists. */
export const titleFor = (db: Database, program: InVersion): string =>
  contentFor(db, program)?.content.title ?? program.templateId;

/** The newest version of a template. */
export const newestContent = (db: Database, templateId: Slug): VersionedContent | undefined =>
  ifFound(
    one<Row>(
      db,
      `SELECT major, minor, content FROM template_versions WHERE template_id = ?
       ORDER BY major DESC, minor DESC LIMIT 1`,
      templateId,
    ),
  );

/** One version as it was published, such as 2.1. */
export const versionOf = (db: Database, templateId: Slug, version: string): VersionedContent | undefined => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return ifFound(
    one<Row>(
      db,
      'SELECT major, minor, content FROM template_versions WHERE template_id = ? AND major = ? AND minor = ?',
      ...[templateId, major, minor],
    ),
  );
};

/** A template in its newest version, with the day that its last review set for the next, if there was any. */
export type TemplateRow = VersionedContent & {
  readonly templateId: Slug;
  readonly publishedAt: Instant;
  readonly nextReview: Day | null;
};

type ListedRow = Row & Omit<TemplateRow, keyof VersionedContent>;

/** The templates after an id, in the order of their ids. */
export const templateRows = (db: Database, after: string, limit: number): readonly TemplateRow[] =>
  all<ListedRow>(
    db,
    `SELECT newest.template_id AS templateId, major, minor, content, published_at AS publishedAt,
       next_review AS nextReview
     FROM template_versions AS newest LEFT JOIN template_reviews ON template_reviews.template_id = newest.template_id
     WHERE newest.template_id > ? AND NOT EXISTS (SELECT 1 FROM template_versions AS other
       WHERE other.template_id = newest.template_id AND (other.major, other.minor) > (newest.major, newest.minor))
     ORDER BY newest.template_id LIMIT ?`,
    ...[after, limit],
  ).map(({ templateId, publishedAt, nextReview, ...row }) => ({
    ...versioned(row),
    ...{ templateId, publishedAt, nextReview },
  }));
