import type { Database } from 'better-sqlite3';
import type { Slug, Uuid } from '../domain/identifiers.ts';
import type { FormState } from '../domain/program/state.ts';
import type { Instant } from '../domain/time.ts';
import { programIdOf } from '../eventStore/streams.ts';
import { all, one, type Projection, run } from './projection.ts';

const schema = `
CREATE TABLE forms (
  program_id TEXT NOT NULL,
  module_id TEXT NOT NULL,
  form_id TEXT NOT NULL,
  state TEXT NOT NULL,
  draft_position INTEGER,
  submitted_position INTEGER,
  submitted_at TEXT,
  opened_at TEXT,
  PRIMARY KEY (program_id, module_id, form_id)
) STRICT, WITHOUT ROWID;
`;

/** A form that the resident has begun; its answers lie sealed at one of the positions. */
export type FormRow = {
  readonly moduleId: Slug;
  readonly formId: Slug;
  readonly state: FormState;
  readonly draftPosition: number | null;
  readonly submittedPosition: number | null;
  readonly submittedAt: Instant | null;
};

/** What has been submitted never becomes a draft again. */
const save = `INSERT INTO forms (program_id, module_id, form_id, state, draft_position) VALUES (?, ?, ?, 'draft', ?)
  ON CONFLICT (program_id, module_id, form_id) DO UPDATE
  SET draft_position = excluded.draft_position WHERE forms.state = 'draft'`;

/** What was submitted takes the place of the draft. */
const submit = `INSERT INTO forms (program_id, module_id, form_id, state, submitted_position, submitted_at)
  VALUES (?, ?, ?, 'unread', ?, ?) ON CONFLICT (program_id, module_id, form_id) DO UPDATE
  SET state = 'unread', draft_position = NULL, submitted_position = excluded.submitted_position,
  submitted_at = excluded.submitted_at`;

const open = `UPDATE forms SET state = 'opened', opened_at = ? WHERE program_id = ? AND module_id = ? AND form_id = ?`;

/** The forms of each program: drafts, submitted and unread, or opened (R140–R145, I10). */
export const forms: Projection = {
  name: 'forms',
  version: 1,
  schema,
  tables: { forms: { program: 'program_id' } },
  on: {
    'form-saved': (db, { stream, data: { moduleId, formId }, position }) =>
      run(db, save, programIdOf(stream), moduleId, formId, position),
    'form-submitted': (db, { stream, data: { moduleId, formId }, position, at }) =>
      run(db, submit, programIdOf(stream), moduleId, formId, position, at),
    'form-opened': (db, { stream, data: { moduleId, formId }, at }) =>
      run(db, open, at, programIdOf(stream), moduleId, formId),
    purged: (db, { stream }) => run(db, 'DELETE FROM forms WHERE program_id = ?', programIdOf(stream)),
  },
};

const columns = `module_id AS moduleId, form_id AS formId, state, draft_position AS draftPosition,
  submitted_position AS submittedPosition, submitted_at AS submittedAt`;

/** The forms of a program that the resident has begun. */
export const formRows = (db: Database, programId: Uuid): readonly FormRow[] =>
  all<FormRow>(db, `SELECT ${columns} FROM forms WHERE program_id = ? ORDER BY module_id, form_id`, programId);

/** One form of a program; undefined when the resident has not begun it. */
export const formRow = (
  db: Database,
  programId: Uuid,
  { moduleId, formId }: { readonly moduleId: Slug; readonly formId: Slug },
): FormRow | undefined =>
  one<FormRow>(
    db,
    `SELECT ${columns} FROM forms WHERE program_id = ? AND module_id = ? AND form_id = ?`,
    ...[programId, moduleId, formId],
  );
