import type { Database } from 'better-sqlite3';
import type { HsaId, Slug } from '../domain/identifiers.ts';
import { unitIdOf } from '../eventStore/streams.ts';
import { all, one, type Projection, run } from './projection.ts';

const schema = `
CREATE TABLE enabled_templates (
  template_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  PRIMARY KEY (template_id, unit_id)
) STRICT, WITHOUT ROWID;
`;

/** Which templates are enabled on which units (R057): those whose staff are told of a new version. */
export const enabledTemplates: Projection = {
  name: 'enabled-templates',
  version: 1,
  schema,
  tables: { enabled_templates: { keeps: 'which units use which templates' } },
  on: {
    'template-enabled': (db, { stream, data }) =>
      run(
        db,
        'INSERT OR IGNORE INTO enabled_templates (template_id, unit_id) VALUES (?, ?)',
        ...[data.templateId, unitIdOf(stream)],
      ),
    'template-disabled': (db, { stream, data }) =>
      run(
        db,
        'DELETE FROM enabled_templates WHERE template_id = ? AND unit_id = ?',
        ...[data.templateId, unitIdOf(stream)],
      ),
  },
};

/** The active units where a template is enabled, in the order of their ids. */
export const unitsWith = (db: Database, templateId: Slug): readonly HsaId[] =>
  all<{ readonly unitId: HsaId }>(
    db,
    `SELECT unit_id AS unitId FROM enabled_templates JOIN units USING (unit_id)
     WHERE template_id = ? AND active = 1 ORDER BY unit_id`,
    templateId,
  ).map(({ unitId }) => unitId);

/** Whether a template is enabled on a unit (R051). */
export const isEnabledOn = (db: Database, templateId: Slug, unitId: HsaId): boolean =>
  one(db, 'SELECT 1 FROM enabled_templates WHERE template_id = ? AND unit_id = ?', templateId, unitId) !== undefined;
