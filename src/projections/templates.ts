import type { Database } from 'better-sqlite3';
import type { Slug } from '../domain/identifiers.ts';
import type { TemplateContent } from '../domain/template/content.ts';
import type { Day, Instant } from '../domain/time.ts';
import { templateIdOf } from '../eventStore/streams.ts';
import { all, one, type Projection, type Recorded, run } from './projection.ts';

/** The content comes last, so that what lists need of a version is read without it. */
const schema = `
CREATE TABLE template_versions (
  template_id TEXT NOT NULL,
  major INTEGER NOT NULL,
  minor INTEGER NOT NULL,
  published_at TEXT NOT NULL,
  title TEXT NOT NULL,
  review_every_months INTEGER NOT NULL,
  follow_ups TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (template_id, major, minor)
) STRICT;
CREATE TABLE template_reviews (
  template_id TEXT PRIMARY KEY,
  next_review TEXT NOT NULL
) STRICT;
`;

const insert = `INSERT INTO template_versions
  (template_id, major, minor, published_at, title, review_every_months, follow_ups, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;

const published = (db: Database, { stream, data, at }: Recorded<'template-published'>): void => {
  const { major, minor, content } = data;
  const { title, reviewEveryMonths, followUps } = content;
  const narrow = [title, reviewEveryMonths, JSON.stringify(followUps)] as const;
  run(db, insert, templateIdOf(stream), major, minor, at, ...narrow, JSON.stringify(content));
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
  version: 3,
  schema,
  tables: {
    template_versions: { keeps: 'content of templates, the same for all' },
    template_reviews: { keeps: 'reviews of templates' },
  },
  on: { 'template-published': published, 'template-reviewed': reviewed },
};

/** A template's content in one version. */
export type VersionedContent = { readonly version: string; readonly content: TemplateContent };

type Version = { readonly major: number; readonly minor: number };

/** What was published stays as it is: the contents that were read, parsed once, and frozen, for they are handed to many. */
const known = new WeakMap<Database, Map<string, VersionedContent>>();

const mostKnown = 200;

const frozen = <A>(value: A): A => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
};

const read = (db: Database, templateId: Slug, { major, minor }: Version): VersionedContent => {
  const text = one<{ readonly content: string }>(
    db,
    'SELECT content FROM template_versions WHERE template_id = ? AND major = ? AND minor = ?',
    ...[templateId, major, minor],
  );
  return frozen({ version: `${major}.${minor}`, content: JSON.parse(text?.content ?? '') as TemplateContent });
};

/** To be asked outside of transactions that write: what is remembered was committed. */
const contentIn = (db: Database, templateId: Slug, version: Version | undefined): VersionedContent | undefined => {
  if (version === undefined) return undefined;
  const contents = known.get(db) ?? new Map<string, VersionedContent>();
  known.set(db, contents);
  const key = `${templateId} ${version.major} ${version.minor}`;
  const content = contents.get(key) ?? read(db, templateId, version);
  if (contents.size >= mostKnown) contents.clear();
  contents.set(key, content);
  return content;
};

const ofLine = `WHERE template_id = ? AND major = ? AND minor <= COALESCE(?, minor)
       ORDER BY minor DESC LIMIT 1`;

/** The newest minor version of a major line; none newer than `last` where one is given. */
const contentOf = (
  db: Database,
  templateId: Slug,
  major: number,
  last: number | null = null,
): VersionedContent | undefined => {
  const found = one<Version>(db, `SELECT major, minor FROM template_versions ${ofLine}`, templateId, major, last);
  return contentIn(db, templateId, found);
};

/** The follow-ups of a template's major line: a minor version changes none of them (D22). */
export const followUpsOf = (db: Database, templateId: Slug, major: number): TemplateContent['followUps'] => {
  const found = one<{ readonly followUps: string }>(
    db,
    `SELECT follow_ups AS followUps FROM template_versions ${ofLine}`,
    ...[templateId, major, null],
  );
  return JSON.parse(found?.followUps ?? '[]') as TemplateContent['followUps'];
};

/** What a program is in, as far as its content goes. */
type InVersion = { readonly templateId: Slug; readonly major: number; readonly endedMinor: number | null };

/** The content of a program: the newest minor version of its major line, until it ends (R263, R269, I24). */
export const contentFor = (db: Database, { templateId, major, endedMinor }: InVersion): VersionedContent | undefined =>
  contentOf(db, templateId, major, endedMinor);

const titleOf = (db: Database, { templateId, major, endedMinor }: InVersion): string =>
  one<{ readonly title: string }>(
    db,
    `SELECT title FROM template_versions ${ofLine}`,
    ...[templateId, major, endedMinor],
  )?.title ?? templateId;

/** Looks up what programs of the same version have in common, for a list: each version once. */
const once = <Found>(find: (program: InVersion) => Found): ((program: InVersion) => Found) => {
  const found = new Map<string, Found>();
  return (program) => {
    const key = `${program.templateId} ${program.major} ${program.endedMinor}`;
    const known = found.has(key) ? (found.get(key) as Found) : find(program);
    found.set(key, known);
    return known;
  };
};

/** What programs in a list are called. */
export const titlesIn = (db: Database): ((program: InVersion) => string) => once((program) => titleOf(db, program));

/** The contents of programs in a list. */
export const contentsIn = (db: Database): ((program: InVersion) => VersionedContent | undefined) =>
  once((program) => contentFor(db, program));

/** The newest version of a template. */
export const newestContent = (db: Database, templateId: Slug): VersionedContent | undefined =>
  contentIn(
    db,
    templateId,
    one<Version>(
      db,
      'SELECT major, minor FROM template_versions WHERE template_id = ? ORDER BY major DESC, minor DESC LIMIT 1',
      templateId,
    ),
  );

/** One version as it was published, such as 2.1. */
export const versionOf = (db: Database, templateId: Slug, version: string): VersionedContent | undefined => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return contentIn(
    db,
    templateId,
    one<Version>(
      db,
      'SELECT major, minor FROM template_versions WHERE template_id = ? AND major = ? AND minor = ?',
      ...[templateId, major, minor],
    ),
  );
};

/** A template's newest version in a list, with the day that its last review set for the next, if there was any. */
export type TemplateRow = Version & {
  readonly templateId: Slug;
  readonly title: string;
  readonly reviewEveryMonths: number;
  readonly publishedAt: Instant;
  readonly nextReview: Day | null;
};

/** The templates after an id, in the order of their ids. */
export const templateRows = (db: Database, after: string, limit: number): readonly TemplateRow[] =>
  all<TemplateRow>(
    db,
    `SELECT newest.template_id AS templateId, major, minor, title, review_every_months AS reviewEveryMonths,
       published_at AS publishedAt, next_review AS nextReview
     FROM template_versions AS newest LEFT JOIN template_reviews ON template_reviews.template_id = newest.template_id
     WHERE newest.template_id > ? AND NOT EXISTS (SELECT 1 FROM template_versions AS other
       WHERE other.template_id = newest.template_id AND (other.major, other.minor) > (newest.major, newest.minor))
     ORDER BY newest.template_id LIMIT ?`,
    ...[after, limit],
  );
