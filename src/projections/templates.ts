import type { Database } from 'better-sqlite3';
import type { Slug } from '../domain/identifiers.ts';
import type { TemplateContent } from '../domain/template/content.ts';
import { templateIdOf } from '../eventStore/streams.ts';
import { one, type Projection, run } from './projection.ts';

const schema = `
CREATE TABLE template_versions (
  template_id TEXT NOT NULL,
  major INTEGER NOT NULL,
  minor INTEGER NOT NULL,
  published_at TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (template_id, major, minor)
) STRICT;
`;

/** The published versions of the templates: a running program shows the newest minor of its major (R263, R269). */
export const templates: Projection = {
  name: 'templates',
  version: 1,
  schema,
  tables: ['template_versions'],
  on: {
    'template-published': (db, { stream, data: { major, minor, content }, at }) =>
      run(
        db,
        'INSERT INTO template_versions (template_id, major, minor, published_at, content) VALUES (?, ?, ?, ?, ?)',
        ...[templateIdOf(stream), major, minor, at, JSON.stringify(content)],
      ),
  },
};

/** A template's content in one version. */
export type VersionedContent = { readonly version: string; readonly content: TemplateContent };

type Row = { readonly major: number; readonly minor: number; readonly content: string };

/** The newest minor version of a major line. */
export const contentOf = (db: Database, templateId: Slug, major: number): VersionedContent | undefined => {
  const row = one<Row>(
    db,
    `SELECT major, minor, content FROM template_versions WHERE template_id = ? AND major = ?
     ORDER BY minor DESC LIMIT 1`,
    ...[templateId, major],
  );
  return row === undefined
    ? undefined
    : { version: `${row.major}.${row.minor}`, content: JSON.parse(row.content) as TemplateContent };
};

/** The title of a template's newest version. */
export const newestContent = (db: Database, templateId: Slug): VersionedContent | undefined => {
  const row = one<{ readonly major: number }>(
    db,
    'SELECT major FROM template_versions WHERE template_id = ? ORDER BY major DESC LIMIT 1',
    templateId,
  );
  return row === undefined ? undefined : contentOf(db, templateId, row.major);
};
