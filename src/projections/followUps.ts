import type { Database } from 'better-sqlite3';
import type { Slug, Uuid } from '../domain/identifiers.ts';
import { followUpDay } from '../domain/program/forms.ts';
import { type Day, dayOf, type Instant } from '../domain/time.ts';
import { programIdOf } from '../eventStore/streams.ts';
import { all, type Projection, type Recorded, run } from './projection.ts';
import { followUpsOf } from './templates.ts';

const schema = `
CREATE TABLE follow_ups (
  program_id TEXT NOT NULL,
  follow_up_id TEXT NOT NULL,
  module_id TEXT NOT NULL,
  form_id TEXT NOT NULL,
  due_on TEXT NOT NULL,
  done_at TEXT,
  waiting INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (program_id, follow_up_id)
) STRICT, WITHOUT ROWID;
`;

const indexes = [
  'CREATE INDEX IF NOT EXISTS follow_ups_due ON follow_ups (due_on, program_id, follow_up_id) WHERE waiting = 1',
];

/** A follow-up of a program: from which day on its form is to be filled in, and when it was. */
export type FollowUpRow = {
  readonly followUpId: Slug;
  readonly moduleId: Slug;
  readonly formId: Slug;
  readonly dueOn: Day;
  readonly doneAt: Instant | null;
};

const insert = `INSERT INTO follow_ups (program_id, follow_up_id, module_id, form_id, due_on) VALUES (?, ?, ?, ?, ?)`;

/** All of them are known at the start: a minor version changes no structure (D22). */
const started = (db: Database, { stream, data: { templateId, major }, at }: Recorded<'started'>): void => {
  for (const followUp of followUpsOf(db, templateId, major)) {
    const { id, moduleId, formId } = followUp;
    run(db, insert, programIdOf(stream), id, moduleId, formId, followUpDay(dayOf(at), followUp));
  }
};

const reminded = (db: Database, { stream, data: { about } }: Recorded<'reminder-sent'>): void => {
  if (!('followUpId' in about)) return;
  const ofOne = 'UPDATE follow_ups SET waiting = 0 WHERE program_id = ? AND follow_up_id = ?';
  run(db, ofOne, programIdOf(stream), about.followUpId);
};

/** The follow-ups of each program (R221–R224). One waits until it is done, was reminded of, or the program has ended. */
export const followUps: Projection = {
  name: 'follow-ups',
  version: 1,
  schema,
  indexes,
  tables: { follow_ups: { program: 'program_id' } },
  on: {
    started,
    'form-submitted': (db, { stream, data: { moduleId, formId }, at }) =>
      run(
        db,
        'UPDATE follow_ups SET done_at = ?, waiting = 0 WHERE program_id = ? AND module_id = ? AND form_id = ?',
        ...[at, programIdOf(stream), moduleId, formId],
      ),
    'reminder-sent': reminded,
    ended: (db, { stream }) =>
      run(db, 'UPDATE follow_ups SET waiting = 0 WHERE program_id = ? AND waiting = 1', programIdOf(stream)),
    purged: (db, { stream }) => run(db, 'DELETE FROM follow_ups WHERE program_id = ?', programIdOf(stream)),
  },
};

/** The follow-ups of a program, the first due first. */
export const followUpRows = (db: Database, programId: Uuid): readonly FollowUpRow[] =>
  all<FollowUpRow>(
    db,
    `SELECT follow_up_id AS followUpId, module_id AS moduleId, form_id AS formId, due_on AS dueOn, done_at AS doneAt
     FROM follow_ups WHERE program_id = ? ORDER BY follow_up_id`,
    programId,
  ).toSorted((one, other) => Number(one.dueOn > other.dueOn) - Number(one.dueOn < other.dueOn));

/** A follow-up that the resident is to be reminded of. */
export type DueFollowUp = { readonly programId: Uuid; readonly followUpId: Slug; readonly dueOn: Day };

/** Where a list of due follow-ups begins. */
const beforeAnyFollowUp: DueFollowUp = { programId: '', followUpId: '', dueOn: '' };

/** Follow-ups of ongoing programs that are due on a day, neither done nor reminded of, after one of them. */
export const dueFollowUps = (
  db: Database,
  today: Day,
  limit: number,
  after: DueFollowUp = beforeAnyFollowUp,
): readonly DueFollowUp[] =>
  all<DueFollowUp>(
    db,
    `SELECT program_id AS programId, follow_up_id AS followUpId, due_on AS dueOn FROM follow_ups
     WHERE waiting = 1 AND due_on <= ? AND (due_on, program_id, follow_up_id) > (?, ?, ?)
     ORDER BY due_on, program_id, follow_up_id LIMIT ?`,
    ...[today, after.dueOn, after.programId, after.followUpId, limit],
  );
